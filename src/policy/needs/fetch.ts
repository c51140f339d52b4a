/** What FETCH and its kin need: which items set \Seen, and which tell of other mailboxes; knows no mailbox. */

import type { FetchAttribute } from '../../imap/fetch-attribute.ts'
import type { FetchCommand } from '../../imap/commands/fetch.ts'
import type { PartialCommand } from '../../imap/commands/obsolete.ts'
import type { NeedsDraft } from './draft.ts'

export function noteFetch(draft: NeedsDraft, { items, modifiers }: FetchCommand): void {
  draft.inSelected('read')
  noteItems(draft, items)
  if (modifiers?.some(({ name }) => name === 'unknown')) draft.does('unknown')
}

/** For all that asks for messages in the words of FETCH. */
export function noteItems(draft: NeedsDraft, items: readonly FetchAttribute[]): void {
  draft.does('read')
  for (const item of items) noteItem(draft, item)
}

function noteItem(draft: NeedsDraft, item: FetchAttribute): void {
  switch (item.name) {
    case 'BODY[]':
    case 'BINARY[]':
      if (!item.isPeek) draft.does('mark-seen')
      return
    case 'RFC822':
    case 'RFC822.TEXT':
      return void draft.does('mark-seen')
    case 'X-GM-LABELS':
    case 'X-MAILBOX':
    case 'X-REAL-UID':
    case 'FOLDER':
      return void draft.reaches('labels')
    case 'unknown':
      return void draft.does('mark-seen', 'unknown')
    case 'ALL':
    case 'FULL':
    case 'FAST':
    case 'ENVELOPE':
    case 'FLAGS':
    case 'INTERNALDATE':
    case 'UID':
    case 'BODY':
    case 'BODYSTRUCTURE':
    case 'RFC822.HEADER':
    case 'RFC822.HEADER.LINES':
    case 'RFC822.HEADER.LINES.NOT':
    case 'RFC822.SIZE':
    case 'RFC822.PEEK':
    case 'RFC822.TEXT.PEEK':
    case 'MODSEQ':
    case 'EMAILID':
    case 'THREADID':
    case 'OBJECTID':
    case 'SAVEDATE':
    case 'X-GM-MSGID':
    case 'X-GM-THRID':
    case 'X-GUID':
    case 'X-SAVEDATE':
    case 'DIGEST.SHA1':
    case 'CID':
    case 'BASECID':
    case 'CREATEDMODSEQ':
    case 'UIDVALIDITY':
    case 'RFC822.FILESIZE':
    case 'RFC822.SHA1':
    case 'LASTUPDATED':
    case 'BINARY.SIZE[]':
    case 'BODYPARTSTRUCTURE[]':
    case 'AVAILABLECONVERSIONS[]':
    case 'PREVIEW':
    case 'SNIPPET':
    case 'ANNOTATION':
      return
  }
  return item satisfies never
}

/** The item stands there as it was written. */
const peeking = /PEEK|^RFC822\.HEADER$|^RFC822\.SIZE$/iu

export function notePartial(draft: NeedsDraft, { item }: PartialCommand): void {
  draft.inSelected('read').does('read')
  if (!peeking.test(item)) draft.does('mark-seen')
}
