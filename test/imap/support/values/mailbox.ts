/** Messages about mailboxes and accounts: SELECT, LIST, STATUS, rights, quota, annotations. */

import * as fc from 'fast-check'
import type { Command } from '../../../../src/imap/commands/index.ts'
import type { MetadataOption } from '../../../../src/imap/commands/metadata.ts'
import type { NotifyEvent } from '../../../../src/imap/commands/notify.ts'
import type { FetchAttribute } from '../../../../src/imap/fetch-attribute.ts'
import type { UnknownParameter } from '../../../../src/imap/known-value.ts'
import type { ListOption } from '../../../../src/imap/list-option.ts'
import type { MailboxFilter } from '../../../../src/imap/mailbox-filter.ts'
import type { CreateParameter, SelectParameter } from '../../../../src/imap/mailbox-parameter.ts'
import type { UntaggedData } from '../../../../src/imap/responses/index.ts'
import type { ListExtension } from '../../../../src/imap/responses/list.ts'
import type { NamespaceExtension } from '../../../../src/imap/responses/namespace.ts'
import type { StatusItem } from '../../../../src/imap/status-item.ts'
import { encodeText } from '../../../../src/imap/utf8.ts'
import {
  anySyntax,
  atom,
  flag,
  letters,
  named,
  nstring as anyNString,
  largeNumber,
  number,
  strangeName,
  tag,
  text,
} from './base.ts'

/** NUL stands in literal8 alone, which no string of these commands may be. */
const nstring = fc.option(text, { nil: null })

const positive = fc.integer({ min: 1, max: 0xffffffff })
const number64 = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n })
const modseq = fc.bigInt({ min: 1n, max: (1n << 63n) - 1n })
const knownSet = fc
  .array(
    fc.oneof(
      positive.map(String),
      fc.tuple(positive, positive).map((ends) => ends.join(':')),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((ranges) => ranges.join(','))
const attribute = letters('ABCabc019').map((word) => `\\${word}`)

/** What the reader of a parameter that nobody knows can tell from the next name. */
const parameterValue = fc.oneof(
  fc.record({ kind: named('list'), items: fc.array(anySyntax, { maxLength: 3 }) }),
  fc.record({ kind: named('atom'), text: named('12', '1:*') }),
)
const unknown: fc.Arbitrary<UnknownParameter> = fc.record(
  { name: named('unknown'), word: strangeName, value: parameterValue },
  { requiredKeys: ['name', 'word'] },
)
const someUnknown = fc.array(unknown, { minLength: 1, maxLength: 2 })

const objectId = letters('abcXYZ019_-')
const objectIds = fc.array(fc.record({ kind: named('MAILBOXID', 'ACCOUNTID', 'THREADID'), id: objectId }), {
  minLength: 1,
  maxLength: 2,
})

const selectParameter: fc.Arbitrary<SelectParameter> = fc.oneof(
  fc.record({ name: named('CONDSTORE', 'ANNOTATE') }),
  fc.record(
    {
      name: named('QRESYNC'),
      uidValidity: positive,
      modseq,
      uids: knownSet,
      match: fc.record({ messages: knownSet, uids: knownSet }),
    },
    { requiredKeys: ['name', 'uidValidity', 'modseq'] },
  ),
  fc.record({ name: named('OBJECTID'), ids: objectIds }, { requiredKeys: ['name'] }),
  unknown,
)
const createParameter: fc.Arbitrary<CreateParameter> = fc.oneof(
  fc.record({ name: named('USE'), attributes: fc.array(attribute, { maxLength: 2 }) }),
  unknown,
)

const statusNames = named('MESSAGES', 'SIZE', 'APPENDLIMIT', 'MAILBOXID', 'DELETED-STORAGE', 'X-NEW')
const someStatusNames = fc.array(statusNames, { minLength: 1, maxLength: 3 })
const entry = fc
  .array(letters('abcXYZ019-. "\\'), { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join('/')}`)
const entries = fc.array(entry, { minLength: 1, maxLength: 3 })

const listOption: fc.Arbitrary<ListOption> = fc.oneof(
  fc.record({ name: named('SUBSCRIBED', 'REMOTE', 'SPECIAL-USE', 'CHILDREN', 'MYRIGHTS') }),
  fc.record({ name: named('STATUS'), items: someStatusNames }),
  fc.record({ name: named('METADATA'), entries }),
  unknown,
)
/** RECURSIVEMATCH says how another option matches. */
const selection = fc.oneof(
  fc.array(listOption, { maxLength: 2 }),
  listOption
    .filter(({ name }) => name !== 'REMOTE')
    .map((option): ListOption[] => [{ name: 'RECURSIVEMATCH' }, option]),
)
const pattern = fc.oneof(text, named('%', 'INBOX/*', ''))

const statusItem: fc.Arbitrary<StatusItem> = fc.oneof(
  fc.record({
    name: named('MESSAGES', 'RECENT', 'UNSEEN', 'DELETED', 'XCONVEXISTS', 'XCONVUNSEEN'),
    value: number,
  }),
  fc.record({ name: named('UIDNEXT', 'UIDVALIDITY'), value: positive }),
  fc.record({ name: named('SIZE', 'DELETED-STORAGE', 'X-SIZE'), value: number64 }),
  fc.record({ name: named('HIGHESTMODSEQ', 'CREATEDMODSEQ', 'XCONVMODSEQ'), modseq: number64 }),
  fc.record({ name: named('X-GUID'), guid: text }),
  fc.record({ name: named('APPENDLIMIT'), limit: fc.option(largeNumber, { nil: null }) }),
  fc.record({ name: named('MAILBOXID'), id: objectId }),
  fc.record({ name: named('OBJECTID'), ids: objectIds }),
  fc.record({ name: named('unknown'), word: strangeName, value: anySyntax }),
)

const listExtension: fc.Arbitrary<ListExtension> = fc.oneof(
  fc.record({
    name: named('CHILDINFO'),
    options: fc.array(named('SUBSCRIBED', 'X y'), { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ name: named('OLDNAME'), mailbox: text }),
  fc.record({ name: named('unknown'), word: strangeName, value: anySyntax }),
)

const delimiter = fc.option(named('/', '.', '\\', '"'), { nil: null })
const namespaceExtension: fc.Arbitrary<NamespaceExtension> = fc.oneof(
  fc.record({ name: named('TRANSLATION'), text }),
  fc.record({
    name: named('unknown'),
    word: text,
    values: fc.array(text, { minLength: 1, maxLength: 2 }),
  }),
)
const namespaces = fc.option(
  fc.array(
    fc.record({ prefix: text, delimiter, extensions: fc.array(namespaceExtension, { maxLength: 2 }) }),
    { minLength: 1, maxLength: 2 },
  ),
  { nil: null },
)

const octetsOfText = (value: string): number => encodeText(value).length
const idParameters = fc.option(
  fc.uniqueArray(fc.record({ field: text.filter((field) => octetsOfText(field) <= 30), value: nstring }), {
    maxLength: 3,
    selector: ({ field }) => field.toLowerCase(),
  }),
  { nil: null },
)

const rights = letters('lrswipkxtea0', 0)
const metadataPairs = fc.array(fc.record({ entry, value: anyNString }), {
  minLength: 1,
  maxLength: 3,
})
const metadataOption: fc.Arbitrary<MetadataOption> = fc.oneof(
  fc.record({ name: named('MAXSIZE'), octets: largeNumber }),
  fc.record({ name: named('DEPTH'), depth: named('0', '1', 'infinity') }),
  unknown,
)
const annotation = fc.record({
  entry: text,
  attributes: fc.array(fc.record({ attribute: text, value: nstring }), { minLength: 1, maxLength: 2 }),
})
const annotations = fc.array(annotation, { minLength: 1, maxLength: 2 })
const patterns = fc.array(fc.oneof(text, named('*', '/comment')), { minLength: 1, maxLength: 2 })

const mailboxFilter: fc.Arbitrary<MailboxFilter> = fc.oneof(
  fc.record({ name: named('SELECTED', 'SELECTED-DELAYED', 'INBOXES', 'PERSONAL', 'SUBSCRIBED') }),
  fc.record({
    name: named('SUBTREE', 'MAILBOXES'),
    mailboxes: fc.array(text, { minLength: 1, maxLength: 2 }),
  }),
)
const fetchAttribute: fc.Arbitrary<FetchAttribute> = fc.oneof(
  fc.record({ name: named('UID', 'FLAGS', 'ENVELOPE') }),
  fc.record({
    name: named('BODY[]'),
    isPeek: fc.constant(true),
    section: fc.record({
      part: fc.constant([]),
      text: named('HEADER.FIELDS'),
      fields: fc.constant(['From', 'To']),
    }),
  }),
)
const notifyEvent: fc.Arbitrary<NotifyEvent> = fc.oneof(
  fc.record({
    name: named(
      'MESSAGEEXPUNGE',
      'FLAGCHANGE',
      'ANNOTATIONCHANGE',
      'MAILBOXNAME',
      'SUBSCRIPTIONCHANGE',
      'MAILBOXMETADATACHANGE',
      'SERVERMETADATACHANGE',
    ),
  }),
  fc.record(
    { name: named('MESSAGENEW'), items: fc.array(fetchAttribute, { minLength: 1, maxLength: 2 }) },
    { requiredKeys: ['name'] },
  ),
  fc.record(
    {
      name: named('unknown'),
      word: strangeName,
      value: fc.record({ kind: named('list'), items: fc.array(anySyntax, { maxLength: 2 }) }),
    },
    { requiredKeys: ['name', 'word'] },
  ),
)
const notifyGroup = fc.record({ filter: mailboxFilter, events: fc.array(notifyEvent, { maxLength: 3 }) })

/** By family; each is written and read back. */
export const commands: Record<string, fc.Arbitrary<Command>> = {
  select: fc.record(
    {
      tag,
      name: named('SELECT', 'EXAMINE'),
      mailbox: text,
      parameters: fc.array(selectParameter, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['tag', 'name', 'mailbox'] },
  ),
  create: fc.record(
    {
      tag,
      name: named('CREATE'),
      mailbox: text,
      parameters: fc.array(createParameter, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['tag', 'name', 'mailbox'] },
  ),
  'mailbox name': fc.record({
    tag,
    name: named('DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE', 'GETACL', 'MYRIGHTS', 'GETQUOTAROOT'),
    mailbox: text,
  }),
  rename: fc.record(
    { tag, name: named('RENAME'), from: text, to: text, parameters: someUnknown },
    { requiredKeys: ['tag', 'name', 'from', 'to'] },
  ),
  list: fc.record(
    {
      tag,
      name: named('LIST'),
      selection,
      reference: text,
      patterns: fc.array(pattern, { minLength: 1, maxLength: 3 }),
      returns: fc.array(listOption, { maxLength: 3 }),
    },
    { requiredKeys: ['tag', 'name', 'reference', 'patterns'] },
  ),
  'list of old': fc.record({
    tag,
    name: named('LSUB', 'RLIST', 'RLSUB', 'XLIST'),
    reference: text,
    patterns: fc.array(pattern, { minLength: 1, maxLength: 1 }),
  }),
  status: fc.record({ tag, name: named('STATUS'), mailbox: text, items: someStatusNames }),
  enable: fc.record({
    tag,
    name: named('ENABLE'),
    capabilities: fc.array(atom, { minLength: 1, maxLength: 3 }),
  }),
  id: fc.record({ tag, name: named('ID'), parameters: idParameters }),
  'get quota': fc.record({ tag, name: named('GETQUOTA'), root: text }),
  'set quota': fc.record({
    tag,
    name: named('SETQUOTA'),
    root: text,
    limits: fc.array(fc.record({ resource: strangeName, limit: number64 }), { maxLength: 2 }),
  }),
  'set acl': fc.record({
    tag,
    name: named('SETACL'),
    mailbox: text,
    identifier: text,
    action: named('replace', 'add', 'remove'),
    rights,
  }),
  identifier: fc.record({ tag, name: named('DELETEACL', 'LISTRIGHTS'), mailbox: text, identifier: text }),
  'get metadata': fc.record(
    {
      tag,
      name: named('GETMETADATA'),
      options: fc.array(metadataOption, { minLength: 1, maxLength: 2 }),
      mailbox: text,
      entries,
    },
    { requiredKeys: ['tag', 'name', 'mailbox', 'entries'] },
  ),
  'set metadata': fc.record({ tag, name: named('SETMETADATA'), mailbox: text, values: metadataPairs }),
  'get annotation': fc.record({
    tag,
    name: named('GETANNOTATION'),
    mailbox: pattern,
    entries: patterns,
    attributes: patterns,
  }),
  'set annotation': fc.record({ tag, name: named('SETANNOTATION'), mailbox: pattern, annotations }),
  notify: fc.oneof(
    fc.record({
      tag,
      name: named('NOTIFY'),
      isStatusWanted: fc.boolean(),
      groups: fc.array(notifyGroup, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ tag, name: named('NOTIFY'), isStatusWanted: fc.constant(false), groups: fc.constant([]) }),
  ),
  language: fc.record({ tag, name: named('LANGUAGE'), ranges: fc.array(text, { maxLength: 3 }) }),
  'JMAP access': fc.record({ tag, name: named('GETJMAPACCESS') }),
}

/** By family; each is written and read back. */
export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  capability: fc.record({
    name: named('CAPABILITY'),
    capabilities: fc.array(atom, { maxLength: 4 }).map((words) => ['IMAP4rev1', ...words]),
  }),
  enabled: fc.record({ name: named('ENABLED'), capabilities: fc.array(atom, { maxLength: 4 }) }),
  flags: fc.record({ name: named('FLAGS'), flags: fc.array(flag, { maxLength: 4 }) }),
  list: fc.record(
    {
      name: named('LIST', 'LSUB', 'XLIST'),
      attributes: fc.array(attribute, { maxLength: 3 }),
      delimiter,
      mailbox: text,
      extensions: fc.array(listExtension, { maxLength: 2 }),
    },
    { requiredKeys: ['name', 'attributes', 'delimiter', 'mailbox'] },
  ),
  'mailbox status': fc.record({
    name: named('STATUS'),
    mailbox: text,
    items: fc.array(statusItem, { maxLength: 4 }),
  }),
  namespace: fc.record({
    name: named('NAMESPACE'),
    personal: namespaces,
    others: namespaces,
    shared: namespaces,
  }),
  id: fc.record({ name: named('ID'), parameters: idParameters }),
  quota: fc.record({
    name: named('QUOTA'),
    root: text,
    resources: fc.array(fc.record({ resource: strangeName, usage: number64, limit: number64 }), {
      maxLength: 2,
    }),
  }),
  'quota root': fc.record({
    name: named('QUOTAROOT'),
    mailbox: text,
    roots: fc.array(text, { maxLength: 2 }),
  }),
  acl: fc.record({
    name: named('ACL'),
    mailbox: text,
    entries: fc.array(fc.record({ identifier: text, rights }), { maxLength: 3 }),
  }),
  'list rights': fc.record({
    name: named('LISTRIGHTS'),
    mailbox: text,
    identifier: text,
    required: rights,
    optional: fc.array(rights, { maxLength: 3 }),
  }),
  'my rights': fc.record({ name: named('MYRIGHTS'), mailbox: text, rights }),
  metadata: fc.oneof(
    fc.record({ name: named('METADATA'), mailbox: text, values: metadataPairs }),
    fc.record({ name: named('METADATA'), mailbox: text, changed: entries }),
  ),
  'mailbox annotation': fc.record({ name: named('ANNOTATION'), mailbox: text, annotations }),
  language: fc.record({
    name: named('LANGUAGE'),
    tags: fc.array(named('en', 'de-CH', 'i-default'), { minLength: 1, maxLength: 3 }),
  }),
  'JMAP access': fc.record({ name: named('JMAPACCESS'), url: text }),
}
