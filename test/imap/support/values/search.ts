/** Messages that look for messages: SEARCH and its family. */

import * as fc from 'fast-check'
import type { Command } from '../../../../src/imap/commands/index.ts'
import type { EsearchItem } from '../../../../src/imap/esearch-item.ts'
import type { MailboxFilter } from '../../../../src/imap/mailbox-filter.ts'
import type { UntaggedData } from '../../../../src/imap/responses/index.ts'
import type { Thread } from '../../../../src/imap/responses/thread.ts'
import type { ReturnOption } from '../../../../src/imap/return-option.ts'
import type { SearchKey } from '../../../../src/imap/search-key.ts'
import type { SortCriterion } from '../../../../src/imap/sort-key.ts'
import {
  atom,
  letters,
  modseq,
  named,
  nstring,
  largeNumber,
  number,
  sequenceSet,
  strangeName,
  anySyntax as syntax,
  syntaxes,
  tag,
  text,
  uid,
} from './base.ts'

const positiveModseq = modseq.map((value) => value || 1n)
const message = fc.integer({ min: 1, max: 0xffffffff })
const set = sequenceSet
const uids = set.map((written) => written.replace(/[*$]/gu, '7'))
const openSet = set.filter((written) => written !== '$')
const partialRange = fc
  .tuple(named('', '-'), message, message)
  .map(([sign, first, last]) => `${sign}${first}:${sign}${last}`)
const unknownItem = fc.record({
  name: named('unknown'),
  word: strangeName,
  value: syntaxes.map((items) => ({ kind: 'list' as const, items })),
})

const returnOption: fc.Arbitrary<ReturnOption> = fc.oneof(
  fc.record({ name: named('MIN', 'MAX', 'ALL', 'COUNT', 'SAVE', 'RELEVANCY', 'UPDATE', 'CONTEXT') }),
  fc.record({ name: named('PARTIAL'), range: partialRange }),
  unknownItem,
  fc.record({ name: named('unknown'), word: strangeName }),
)
const returns = fc.array(returnOption, { maxLength: 3 })

const date = fc
  .tuple(fc.integer({ min: 1, max: 31 }), named('Jan', 'feb', 'DEC'), fc.integer({ min: 1000, max: 9999 }))
  .map((parts) => parts.join('-'))
const objectId = letters('abcXYZ019_-', 1, 9)
const label = fc.oneof(text, named('\\Inbox', '\\Starred', '\\'))
const attribute = named('value', 'value.priv', 'value.shared')

const baseKey: fc.Arbitrary<SearchKey> = fc.oneof(
  fc.record({ key: named('ALL', 'ANSWERED', 'DELETED', 'DRAFT', 'FLAGGED', 'NEW', 'OLD', 'RECENT', 'SEEN') }),
  fc.record({ key: named('UNANSWERED', 'UNDELETED', 'UNDRAFT', 'UNFLAGGED', 'UNSEEN') }),
  fc.record({ key: named('BCC', 'BODY', 'CC', 'FROM', 'SUBJECT', 'TEXT', 'TO'), value: text }),
  fc.record({ key: named('KEYWORD', 'UNKEYWORD'), flag: fc.oneof(atom, named('NIL')) }),
  fc.record({ key: named('BEFORE', 'ON', 'SINCE', 'SENTBEFORE', 'SENTON', 'SENTSINCE'), date }),
  fc.record({ key: named('LARGER', 'SMALLER'), size: largeNumber }),
  fc.record({ key: named('HEADER'), field: text, value: text }),
  fc.record({ key: named('UID', 'messages'), set }),
)
const extendedKey: fc.Arbitrary<SearchKey> = fc.oneof(
  fc.record({ key: named('OLDER', 'YOUNGER'), seconds: message }),
  fc.record(
    {
      key: named('MODSEQ'),
      entry: fc.record({
        name: named('/flags/\\Seen', '/flags/a "b"'),
        type: named('priv', 'shared', 'all'),
      }),
      modseq,
    },
    { requiredKeys: ['key', 'modseq'] },
  ),
  fc.record({ key: named('EMAILID', 'THREADID'), id: fc.oneof(objectId, named('NIL')) }),
  fc.record({ key: named('SAVEDBEFORE', 'SAVEDON', 'SAVEDSINCE'), date }),
  fc.record({ key: named('SAVEDATESUPPORTED') }),
  fc.record({ key: named('FILTER'), filter: named('on-the-road', 'NIL', 'a.b') }),
  fc.record({
    key: named('ANNOTATION'),
    entry: fc.oneof(text, named('/comment', '/vendor/*')),
    attribute,
    value: nstring,
  }),
)
const vendorKey: fc.Arbitrary<SearchKey> = fc.oneof(
  fc.record({ key: named('CONVREAD', 'CONVUNREAD', 'CONVSEEN', 'CONVUNSEEN', 'THREADROOT', 'THREADLEAF') }),
  fc.record({ key: named('CID', 'DELIVEREDTO', 'FOLDER', 'MESSAGEID', 'X-GM-RAW', 'X-GUID'), value: text }),
  fc.record({
    key: named('SPAMABOVE', 'SPAMBELOW', 'XATTACHMENTBODY', 'XATTACHMENTNAME', 'XCONTENTTYPE', 'XLISTID'),
    value: text,
  }),
  fc.record({ key: named('CONVFLAG', 'X-GM-LABELS'), flag: label }),
  fc.record({ key: named('CONVMODSEQ', 'X-GM-MSGID', 'X-GM-THRID'), number: modseq }),
  fc.record({ key: named('X-SAVEDBEFORE', 'X-SAVEDON', 'X-SAVEDSINCE'), date }),
  fc.record({ key: named('X-MAILBOX'), mailbox: fc.oneof(text, named('Lists/*', '%')) }),
  fc.record({ key: named('X-REAL-UID'), set }),
)

const { key: searchKey } = fc.letrec<{ key: SearchKey }>((tie) => ({
  key: fc.oneof(
    { depthSize: 'small' },
    baseKey,
    extendedKey,
    vendorKey,
    fc.record({ key: named('NOT', 'FUZZY'), operand: tie('key') }),
    fc.record({ key: named('OR'), left: tie('key'), right: tie('key') }),
    fc.record({ key: named('INTHREAD'), algorithm: named('REFS', 'REFERENCES'), operand: tie('key') }),
    fc.record({
      key: named('MIMEPART', 'X-MIMEPART'),
      arguments: syntaxes.map((items) => [{ kind: 'list' as const, items }]),
    }),
    fc.record({ key: named('and'), keys: fc.array(tie('key'), { minLength: 1, maxLength: 3 }) }),
  ),
}))
/** It takes all values up to the next known key, and so it stands at the end. */
const unknownKey: fc.Arbitrary<SearchKey> = fc.record({
  key: named('unknown'),
  word: strangeName,
  arguments: syntaxes.map((values) => values.filter(({ kind }) => kind !== 'atom')),
})
const keys = fc
  .tuple(fc.array(searchKey, { minLength: 1, maxLength: 3 }), fc.array(unknownKey, { maxLength: 1 }))
  .map((halves) => halves.flat())
const charset = named('UTF-8', 'X y')

const sortCriterion: fc.Arbitrary<SortCriterion> = fc.oneof(
  fc.record({
    isReverse: fc.boolean(),
    key: named(
      'ARRIVAL',
      'CC',
      'DATE',
      'FROM',
      'SIZE',
      'SUBJECT',
      'TO',
      'DISPLAYFROM',
      'DISPLAYTO',
      'RELEVANCY',
    ),
  }),
  fc.record({
    isReverse: fc.boolean(),
    key: named('CONVEXISTS', 'CONVMODSEQ', 'CONVSIZE', 'FOLDER', 'MODSEQ', 'SPAMSCORE', 'UID'),
  }),
  fc.record({ isReverse: fc.boolean(), key: named('HASFLAG', 'HASCONVFLAG'), flag: text }),
  fc.record({ isReverse: fc.boolean(), key: named('ANNOTATION'), entry: text, attribute }),
  fc.record({ isReverse: fc.boolean(), key: named('unknown'), word: strangeName }),
)

const mailboxFilter: fc.Arbitrary<MailboxFilter> = fc.oneof(
  fc.record({ name: named('SELECTED', 'SELECTED-DELAYED', 'INBOXES', 'PERSONAL', 'SUBSCRIBED') }),
  fc.record({
    name: named('SUBTREE', 'SUBTREE-ONE', 'MAILBOXES'),
    mailboxes: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({ name: named('unknown'), word: strangeName }),
)

const esearchItem: fc.Arbitrary<EsearchItem> = fc.oneof(
  fc.record({ name: named('MIN', 'MAX'), value: message }),
  fc.record({ name: named('COUNT'), value: number }),
  fc.record({ name: named('ALL'), messages: openSet }),
  fc.record({ name: named('MODSEQ'), modseq: positiveModseq }),
  fc.record({ name: named('RELEVANCY'), scores: fc.array(fc.integer({ min: 1, max: 100 })) }),
  fc.record({
    name: named('PARTIAL'),
    range: partialRange,
    messages: fc.option(openSet, { nil: null }),
  }),
  fc.record({
    name: named('ADDTO', 'REMOVEFROM'),
    changes: fc.array(fc.record({ position: number, messages: openSet }), { minLength: 1, maxLength: 3 }),
  }),
  unknownItem,
)
const correlator = {
  tag: text,
  mailbox: text,
  uidValidity: message,
  others: fc.array(fc.record({ word: strangeName, value: syntax }), { minLength: 1, maxLength: 2 }),
}

const { thread } = fc.letrec<{ thread: Thread }>((tie) => ({
  thread: fc.oneof(
    { depthSize: 'small' },
    fc.record({
      messages: fc.array(message, { minLength: 1, maxLength: 3 }),
      branches: fc.constant<Thread[]>([]),
    }),
    fc.record({
      messages: fc.array(message, { maxLength: 2 }),
      branches: fc.array(tie('thread'), { minLength: 2, maxLength: 3 }),
    }),
  ),
}))

/** By family; each is written and read back. */
export const commands: Record<string, fc.Arbitrary<Command>> = {
  search: fc.record(
    { tag, name: named('SEARCH'), uid, returns, charset, keys },
    { requiredKeys: ['tag', 'name', 'uid', 'keys'] },
  ),
  sort: fc.record(
    {
      tag,
      name: named('SORT'),
      uid,
      returns,
      criteria: fc.array(sortCriterion, { minLength: 1, maxLength: 3 }),
      charset,
      keys,
    },
    { requiredKeys: ['tag', 'name', 'uid', 'criteria', 'charset', 'keys'] },
  ),
  thread: fc.record({
    tag,
    name: named('THREAD'),
    uid,
    algorithm: named('REFERENCES', 'ORDEREDSUBJECT', 'REFS', 'X-NEW'),
    charset,
    keys,
  }),
  'esearch in mailboxes': fc.record(
    {
      tag,
      name: named('ESEARCH'),
      sources: fc
        .record(
          { filters: fc.array(mailboxFilter, { minLength: 1, maxLength: 3 }), scope: syntaxes },
          { requiredKeys: ['filters'] },
        )
        .filter(({ filters, scope }) => !scope || filters.at(-1)?.name !== 'unknown'),
      returns,
      charset,
      keys,
    },
    { requiredKeys: ['tag', 'name', 'keys'] },
  ),
  'cancel update': fc.record({
    tag,
    name: named('CANCELUPDATE'),
    contexts: fc.array(letters('abcXYZ019.', 1, 6), { minLength: 1, maxLength: 3 }),
  }),
  comparator: fc.record({ tag, name: named('COMPARATOR'), order: fc.array(text, { maxLength: 3 }) }),
  'uid batches': fc.record(
    {
      tag,
      name: named('UIDBATCHES'),
      size: message,
      range: fc.tuple(message, message).map((ends) => ends.join(':')),
    },
    { requiredKeys: ['tag', 'name', 'size'] },
  ),
}

/** By family; each is written and read back. */
export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  search: fc.oneof(
    fc.record({ name: named('SEARCH', 'SORT'), numbers: fc.array(message) }),
    fc.record({
      name: named('SEARCH', 'SORT'),
      numbers: fc.array(message, { minLength: 1 }),
      modseq: positiveModseq,
    }),
  ),
  esearch: fc.record(
    { name: named('ESEARCH'), ...correlator, uid, items: fc.array(esearchItem, { maxLength: 4 }) },
    { requiredKeys: ['name', 'uid', 'items'] },
  ),
  thread: fc.record({ name: named('THREAD'), threads: fc.array(thread, { maxLength: 3 }) }),
  vanished: fc.record({ name: named('VANISHED'), isEarlier: fc.boolean(), uids }),
  comparator: fc.record(
    {
      name: named('COMPARATOR'),
      collation: text,
      matching: fc.array(text, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['name', 'collation'] },
  ),
  'uid batches': fc.record(
    { name: named('UIDBATCHES'), tag, batches: uids },
    { requiredKeys: ['name', 'tag'] },
  ),
}
