/** What SEARCH, SORT, THREAD and ESEARCH need: the keys that look beyond the mailbox, and the sources of a search. */

import type { Right } from '../../config/policy-document.ts'
import type { EsearchCommand } from '../../imap/commands/esearch.ts'
import type { SearchCommand } from '../../imap/commands/search.ts'
import type { SortCommand } from '../../imap/commands/sort.ts'
import type { ThreadCommand } from '../../imap/commands/thread.ts'
import type { MailboxFilter } from '../../imap/mailbox-filter.ts'
import type { ReturnOption } from '../../imap/return-option.ts'
import type { SearchKey } from '../../imap/search-key.ts'
import type { SortCriterion } from '../../imap/sort-key.ts'
import type { NeedsDraft } from './draft.ts'

export function noteSearch(draft: NeedsDraft, command: SearchCommand | SortCommand | ThreadCommand): void {
  draft.does('read').inSelected('read')
  noteKeys(draft, command.keys)
  if ('returns' in command) noteReturns(draft, command.returns)
  if ('criteria' in command) noteCriteria(draft, command.criteria)
}

export function noteEsearch(draft: NeedsDraft, { keys, returns, sources }: EsearchCommand): void {
  draft.does('read')
  noteKeys(draft, keys)
  noteReturns(draft, returns)
  if (!sources) return void draft.inSelected('read')
  for (const filter of sources.filters) noteFilter(draft, filter, ['read'])
  if (sources.scope) draft.does('unknown')
}

/** For ESEARCH and NOTIFY. */
export function noteFilter(draft: NeedsDraft, filter: MailboxFilter, rights: readonly Right[]): void {
  switch (filter.name) {
    case 'SELECTED':
    case 'SELECTED-DELAYED':
      return void draft.inSelected(...rights)
    case 'INBOXES':
    case 'PERSONAL':
    case 'SUBSCRIBED':
      return void draft.reaches('all-mailboxes')
    case 'MAILBOXES':
      for (const mailbox of filter.mailboxes) draft.names('source', mailbox, rights)
      return
    case 'SUBTREE':
    case 'SUBTREE-ONE':
      for (const mailbox of filter.mailboxes) draft.names('source', mailbox, rights)
      return void draft.reaches('children')
    case 'unknown':
      return void draft.does('unknown').reaches('all-mailboxes')
  }
  return filter satisfies never
}

function noteReturns(draft: NeedsDraft, returns: readonly ReturnOption[] | undefined): void {
  if (returns?.some(({ name }) => name === 'unknown')) draft.does('unknown')
}

/** What a key of SORT or SEARCH looks at: the messages, or more than the mailbox that is searched. */
type Look = 'messages' | 'labels' | 'all-mailboxes' | 'unknown'

function noteCriteria(draft: NeedsDraft, criteria: readonly SortCriterion[]): void {
  for (const { key } of criteria) noteLook(draft, sortLooks[key])
}

function noteKeys(draft: NeedsDraft, keys: readonly SearchKey[]): void {
  for (const key of keys) {
    noteLook(draft, searchLooks[key.key])
    if ('operand' in key) noteKeys(draft, [key.operand])
    else if ('left' in key) noteKeys(draft, [key.left, key.right])
    else if ('keys' in key) noteKeys(draft, key.keys)
  }
}

function noteLook(draft: NeedsDraft, look: Look): void {
  if (look === 'unknown') draft.does('unknown')
  else if (look !== 'messages') draft.reaches(look)
}

/** Conversations of Cyrus go through all mailboxes of a user. */
const sortLooks: Readonly<Record<SortCriterion['key'], Look>> = {
  ARRIVAL: 'messages',
  CC: 'messages',
  DATE: 'messages',
  FROM: 'messages',
  SIZE: 'messages',
  SUBJECT: 'messages',
  TO: 'messages',
  DISPLAYFROM: 'messages',
  DISPLAYTO: 'messages',
  RELEVANCY: 'messages',
  CONVEXISTS: 'all-mailboxes',
  CONVMODSEQ: 'all-mailboxes',
  CONVSIZE: 'all-mailboxes',
  FOLDER: 'labels',
  MODSEQ: 'messages',
  SPAMSCORE: 'messages',
  UID: 'messages',
  HASFLAG: 'messages',
  HASCONVFLAG: 'all-mailboxes',
  ANNOTATION: 'messages',
  unknown: 'unknown',
}

const searchLooks: Readonly<Record<SearchKey['key'], Look>> = {
  ALL: 'messages',
  ANSWERED: 'messages',
  DELETED: 'messages',
  DRAFT: 'messages',
  FLAGGED: 'messages',
  NEW: 'messages',
  OLD: 'messages',
  RECENT: 'messages',
  SEEN: 'messages',
  UNANSWERED: 'messages',
  UNDELETED: 'messages',
  UNDRAFT: 'messages',
  UNFLAGGED: 'messages',
  UNSEEN: 'messages',
  BCC: 'messages',
  BODY: 'messages',
  CC: 'messages',
  FROM: 'messages',
  SUBJECT: 'messages',
  TEXT: 'messages',
  TO: 'messages',
  KEYWORD: 'messages',
  UNKEYWORD: 'messages',
  BEFORE: 'messages',
  ON: 'messages',
  SINCE: 'messages',
  SENTBEFORE: 'messages',
  SENTON: 'messages',
  SENTSINCE: 'messages',
  LARGER: 'messages',
  SMALLER: 'messages',
  HEADER: 'messages',
  UID: 'messages',
  OLDER: 'messages',
  YOUNGER: 'messages',
  MODSEQ: 'messages',
  EMAILID: 'messages',
  THREADID: 'messages',
  SAVEDBEFORE: 'messages',
  SAVEDON: 'messages',
  SAVEDSINCE: 'messages',
  SAVEDATESUPPORTED: 'messages',
  // Its keys lie with the server, and may be about labels.
  FILTER: 'labels',
  ANNOTATION: 'messages',
  CONVREAD: 'all-mailboxes',
  CONVUNREAD: 'all-mailboxes',
  CONVSEEN: 'all-mailboxes',
  CONVUNSEEN: 'all-mailboxes',
  THREADROOT: 'messages',
  THREADLEAF: 'messages',
  CID: 'messages',
  DELIVEREDTO: 'messages',
  FOLDER: 'labels',
  MESSAGEID: 'messages',
  SPAMABOVE: 'messages',
  SPAMBELOW: 'messages',
  // Gmail's own language has `label:` and `in:`.
  'X-GM-RAW': 'labels',
  'X-GUID': 'messages',
  XATTACHMENTBODY: 'messages',
  XATTACHMENTNAME: 'messages',
  XCONTENTTYPE: 'messages',
  XLISTID: 'messages',
  CONVFLAG: 'all-mailboxes',
  'X-GM-LABELS': 'labels',
  CONVMODSEQ: 'all-mailboxes',
  'X-GM-MSGID': 'messages',
  'X-GM-THRID': 'messages',
  'X-SAVEDBEFORE': 'messages',
  'X-SAVEDON': 'messages',
  'X-SAVEDSINCE': 'messages',
  'X-MAILBOX': 'labels',
  'X-REAL-UID': 'labels',
  messages: 'messages',
  NOT: 'messages',
  FUZZY: 'messages',
  OR: 'messages',
  INTHREAD: 'messages',
  MIMEPART: 'messages',
  'X-MIMEPART': 'messages',
  and: 'messages',
  unknown: 'unknown',
}
