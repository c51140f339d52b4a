/** What APPEND, REPLACE and the URL commands need: where messages go, and what they are made of; knows no octets. */

import type { AppendMessage } from '../../imap/append-message.ts'
import type { AppendCommand, ReplaceCommand } from '../../imap/commands/append.ts'
import type { GenUrlAuthCommand, ResetKeyCommand, UrlFetchCommand } from '../../imap/commands/urlauth.ts'
import type { NeedsDraft } from './draft.ts'
import { noteUrl } from './url.ts'

export function noteAppend(draft: NeedsDraft, { mailbox, messages }: AppendCommand): void {
  draft.does('insert').names('destination', mailbox, ['insert'])
  for (const message of messages) noteMessage(draft, message)
}

/** The message that it takes the place of is gone for good (RFC 8508 section 3.4). */
export function noteReplace(draft: NeedsDraft, { mailbox, message }: ReplaceCommand): void {
  draft.does('insert', 'expunge').inSelected('delete').names('destination', mailbox, ['insert'])
  noteMessage(draft, message)
}

function noteMessage(draft: NeedsDraft, { data, options }: AppendMessage): void {
  for (const option of options ?? []) draft.does(option.name === 'unknown' ? 'unknown' : 'flag')
  if (data.kind === 'extension') draft.does('unknown')
  if (data.kind !== 'catenate') return
  for (const part of data.parts) {
    if (part.kind === 'url') noteUrl(draft.does('read'), part.url)
    else if (part.kind === 'unknown') draft.does('unknown')
  }
}

/** Whoever has such a URL may read the message until the key is another. */
export function noteGenUrlAuth(draft: NeedsDraft, { requests }: GenUrlAuthCommand): void {
  draft.does('identity')
  for (const { url } of requests) noteUrl(draft, url.reveal())
}

/** The message is read with the rights of who made the URL. */
export function noteUrlFetch(draft: NeedsDraft, { requests }: UrlFetchCommand): void {
  draft.does('read', 'identity')
  for (const { url } of requests) noteUrl(draft, url.reveal())
}

export function noteResetKey(draft: NeedsDraft, { mailbox }: ResetKeyCommand): void {
  draft.does('identity')
  if (mailbox === undefined) draft.reaches('all-mailboxes')
  else draft.names('source', mailbox, ['read'])
}
