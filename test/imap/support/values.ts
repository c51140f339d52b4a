/** What fast-check builds messages from: the values that the readers are specified to give back. */

import * as fc from 'fast-check'
import { Secret } from '../../../src/imap/secret.ts'
import type { BodyExtension } from '../../../src/imap/body-extension.ts'
import type { BodyStructure } from '../../../src/imap/body-structure.ts'
import type { Envelope } from '../../../src/imap/envelope.ts'
import type { FetchItem } from '../../../src/imap/fetch-item.ts'
import type { ResponseCode } from '../../../src/imap/response-code.ts'
import type { EsearchItem } from '../../../src/imap/responses/esearch.ts'
import type { Response, UntaggedData } from '../../../src/imap/responses/index.ts'
import type { ListExtension } from '../../../src/imap/responses/list.ts'
import type { StatusItem } from '../../../src/imap/responses/mailbox-status.ts'
import type { Command } from '../../../src/imap/commands/index.ts'
import type { FetchAttribute } from '../../../src/imap/fetch-attribute.ts'
import type { ListOption } from '../../../src/imap/list-option.ts'
import type { ReturnOption } from '../../../src/imap/return-option.ts'
import type { SearchKey } from '../../../src/imap/search-key.ts'
import type { Section } from '../../../src/imap/section.ts'
import type { MessageData, Syntax } from '../../../src/imap/syntax.ts'
import { decodeText } from '../../../src/imap/utf8.ts'

const letters = (alphabet: string, minLength = 1, maxLength = 8): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...alphabet.split('')), minLength, maxLength })

/** Any octets, as the text that stands for them. */
export const text = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 12 }).map((octets) => decodeText(String.fromCharCode(...octets))),
  },
)
export const octets = fc.uint8Array({ maxLength: 20 })
export const atom = letters("abcXYZ019!#$&'-./:=?^_`|~", 1, 8).filter((word) => word.toUpperCase() !== 'NIL')
/** A word that no registry knows, in upper case as unknown words are kept. */
export const strangeName = letters('ABCXYZ', 1, 5).map((word) => `X-${word}`)
export const number = fc.integer({ min: 0, max: 0xffffffff })
export const modseq = fc.bigInt({ min: 0n, max: (1n << 63n) - 1n })
export const flag = fc
  .tuple(fc.constantFrom('', '\\', '$'), letters('ABCabc019'))
  .map((halves) => halves.join(''))
export const nstring = fc.option(text, { nil: null })

const setEnd = fc.oneof(number.map(String), fc.constant('*'))
const range = fc.oneof(
  setEnd,
  fc.tuple(setEnd, setEnd).map((ends) => ends.join(':')),
)
export const sequenceSet = fc.oneof(
  fc.constant('$'),
  fc.array(range, { minLength: 1, maxLength: 4 }).map((ranges) => ranges.join(',')),
)

const printableText = fc
  .string({ unit: 'grapheme', maxLength: 10 })
  .filter((value) => !/[\0\r\n]/u.test(value))
const { value: syntax } = fc.letrec<{ value: Syntax }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.record({ kind: fc.constant('atom' as const), text: atom }),
    fc.record({ kind: fc.constant('quoted' as const), text: printableText }),
    fc.record({ kind: fc.constant('literal' as const), octets, isBinary: fc.boolean() }),
    fc.record({ kind: fc.constant('list' as const), items: fc.array(tie('value'), { maxLength: 3 }) }),
  ),
}))
export const anySyntax = syntax
export const syntaxes = fc.array(syntax, { maxLength: 3 })

const part = fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 3 })
export const partNumber = part
export const section: fc.Arbitrary<Section> = fc.oneof(
  fc.record({
    part,
    text: fc.constantFrom('whole' as const, 'HEADER' as const, 'TEXT' as const, 'MIME' as const),
  }),
  fc.record({
    part,
    text: fc.constantFrom('HEADER.FIELDS' as const, 'HEADER.FIELDS.NOT' as const),
    fields: fc.array(text, { maxLength: 3 }),
  }),
  fc.record({ part, text: fc.constant('unknown' as const), word: strangeName }),
)

const partial = fc.record({ start: number, count: number }, { requiredKeys: ['start'] })
const plainAttribute = fc.constantFrom(
  'ENVELOPE' as const,
  'FLAGS' as const,
  'INTERNALDATE' as const,
  'UID' as const,
  'BODY' as const,
  'BODYSTRUCTURE' as const,
  'RFC822' as const,
  'RFC822.SIZE' as const,
  'MODSEQ' as const,
  'FAST' as const,
)
const attribute: fc.Arbitrary<FetchAttribute> = fc.oneof(
  fc.record({ name: plainAttribute }),
  fc.record(
    { name: fc.constant('BODY[]' as const), isPeek: fc.boolean(), section, partial },
    {
      requiredKeys: ['name', 'isPeek', 'section'],
    },
  ),
  fc.record(
    { name: fc.constant('BINARY[]' as const), isPeek: fc.boolean(), part, partial },
    {
      requiredKeys: ['name', 'isPeek', 'part'],
    },
  ),
  fc.record({ name: fc.constant('BINARY.SIZE[]' as const), part }),
  fc.record(
    { name: fc.constant('unknown' as const), word: strangeName, parameters: syntaxes },
    {
      requiredKeys: ['name', 'word'],
    },
  ),
)

const returnOption: fc.Arbitrary<ReturnOption> = fc.oneof(
  fc.record({
    name: fc.constantFrom('MIN' as const, 'MAX' as const, 'ALL' as const, 'COUNT' as const, 'SAVE' as const),
  }),
  fc.record({ name: fc.constant('unknown' as const), word: strangeName }),
  fc.record({
    name: fc.constant('unknown' as const),
    word: fc.constant('PARTIAL'),
    value: fc.constant({ kind: 'atom' as const, text: '-1:-30' }),
  }),
)

const { key: searchKey } = fc.letrec<{ key: SearchKey }>((tie) => ({
  key: fc.oneof(
    { depthSize: 'small' },
    fc.record({
      key: fc.constantFrom('ALL' as const, 'SEEN' as const, 'UNDRAFT' as const, 'RECENT' as const),
    }),
    fc.record({ key: fc.constantFrom('FROM' as const, 'SUBJECT' as const, 'KEYWORD' as const), value: text }),
    fc.record({ key: fc.constantFrom('SINCE' as const, 'SENTON' as const), date: fc.constant('1-Feb-2025') }),
    fc.record({ key: fc.constantFrom('LARGER' as const, 'SMALLER' as const), size: number }),
    fc.record({ key: fc.constant('HEADER' as const), field: text, value: text }),
    fc.record({ key: fc.constantFrom('UID' as const, 'messages' as const), set: sequenceSet }),
    fc.record({ key: fc.constant('NOT' as const), operand: tie('key') }),
    fc.record({ key: fc.constant('OR' as const), left: tie('key'), right: tie('key') }),
    fc.record({
      key: fc.constant('and' as const),
      keys: fc.array(tie('key'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}))

const listOption: fc.Arbitrary<ListOption> = fc.oneof(
  fc.record({
    name: fc.constant('word' as const),
    word: fc.constantFrom('SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE'),
  }),
  fc.record({
    name: fc.constant('STATUS' as const),
    items: fc.array(fc.constantFrom('MESSAGES', 'UIDNEXT', 'X-NEW')),
  }),
  fc.record({ name: fc.constant('unknown' as const), word: strangeName, arguments: syntaxes }),
)

const secret = text.map((value) => new Secret(value))
const tag = letters('abcXYZ019.', 1, 6)
const uid = fc.boolean()
const named = <const N extends string>(...names: N[]): fc.Arbitrary<N> => fc.constantFrom(...names)

/** Every command that has a form, and one that has none. */
export const commands: Record<string, fc.Arbitrary<Command>> = {
  bare: fc.record({
    tag,
    name: named(
      'CAPABILITY',
      'NOOP',
      'LOGOUT',
      'STARTTLS',
      'CHECK',
      'CLOSE',
      'UNSELECT',
      'IDLE',
      'NAMESPACE',
      'UNAUTHENTICATE',
    ),
  }),
  login: fc.record({ tag, name: named('LOGIN'), user: text, password: secret }),
  authenticate: fc.record(
    {
      tag,
      name: named('AUTHENTICATE'),
      mechanism: named('PLAIN', 'SCRAM-SHA-256'),
      initialResponse: named('=', 'AGEAYg==').map((value) => new Secret<string>(value)),
    },
    { requiredKeys: ['tag', 'name', 'mechanism'] },
  ),
  select: fc.record(
    { tag, name: named('SELECT', 'EXAMINE'), mailbox: text, parameters: syntaxes },
    { requiredKeys: ['tag', 'name', 'mailbox'] },
  ),
  create: fc.record(
    { tag, name: named('CREATE'), mailbox: text, parameters: syntaxes },
    { requiredKeys: ['tag', 'name', 'mailbox'] },
  ),
  'mailbox name': fc.record({ tag, name: named('DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE'), mailbox: text }),
  rename: fc.record(
    { tag, name: named('RENAME'), from: text, to: text, parameters: syntaxes },
    { requiredKeys: ['tag', 'name', 'from', 'to'] },
  ),
  list: fc.record(
    {
      tag,
      name: named('LIST', 'LSUB'),
      selection: fc.array(listOption, { maxLength: 2 }),
      reference: text,
      patterns: fc.array(fc.oneof(text, named('%', 'INBOX/*')), { minLength: 1, maxLength: 3 }),
      returns: fc.array(listOption, { maxLength: 3 }),
    },
    { requiredKeys: ['tag', 'name', 'reference', 'patterns'] },
  ),
  status: fc.record({
    tag,
    name: named('STATUS'),
    mailbox: text,
    items: fc.array(named('MESSAGES', 'SIZE', 'X-NEW')),
  }),
  append: fc.record({
    tag,
    name: named('APPEND'),
    mailbox: text,
    messages: fc.array(
      fc.record(
        {
          flags: fc.array(flag, { maxLength: 2 }),
          date: fc.constant(' 1-Feb-2025 10:00:00 +0100'),
          data: fc.oneof(
            fc.record({ kind: named('literal'), octets, isBinary: fc.boolean() }),
            fc.record({
              kind: named('extension'),
              word: named('CATENATE', 'UTF8'),
              value: fc.record({ kind: named('list'), items: syntaxes }),
            }),
          ),
        },
        { requiredKeys: ['data'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  search: fc.record(
    {
      tag,
      name: named('SEARCH'),
      uid,
      returns: fc.array(returnOption, { maxLength: 3 }),
      charset: named('UTF-8', 'X y'),
      keys: fc.array(searchKey, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['tag', 'name', 'uid', 'keys'] },
  ),
  fetch: fc.record(
    {
      tag,
      name: named('FETCH'),
      uid,
      messages: sequenceSet,
      items: fc.array(attribute, { minLength: 1, maxLength: 4 }),
      modifiers: syntaxes,
    },
    { requiredKeys: ['tag', 'name', 'uid', 'messages', 'items'] },
  ),
  store: fc.record(
    {
      tag,
      name: named('STORE'),
      uid,
      messages: sequenceSet,
      modifiers: syntaxes,
      action: named('replace', 'add', 'remove'),
      isSilent: fc.boolean(),
      change: fc.oneof(
        fc.record({ kind: named('flags'), flags: fc.array(flag, { maxLength: 3 }) }),
        fc.record({
          kind: named('unknown'),
          word: strangeName,
          values: fc.array(syntax, { minLength: 1, maxLength: 3 }),
        }),
      ),
    },
    { requiredKeys: ['tag', 'name', 'uid', 'messages', 'action', 'isSilent', 'change'] },
  ),
  copy: fc.record({ tag, name: named('COPY', 'MOVE'), uid, messages: sequenceSet, mailbox: text }),
  expunge: fc.oneof(
    fc.record({ tag, name: named('EXPUNGE'), uid: fc.constant(false as const) }),
    fc.record({ tag, name: named('EXPUNGE'), uid: fc.constant(true as const), messages: sequenceSet }),
  ),
  enable: fc.record({
    tag,
    name: named('ENABLE'),
    capabilities: fc.array(atom, { minLength: 1, maxLength: 3 }),
  }),
  compress: fc.record({ tag, name: named('COMPRESS'), algorithm: named('DEFLATE') }),
  id: fc.record({
    tag,
    name: named('ID'),
    parameters: fc.option(fc.array(fc.record({ field: text, value: nstring }), { maxLength: 3 }), {
      nil: null,
    }),
  }),
  unknown: fc.record({ tag, name: named('unknown'), word: strangeName, arguments: syntaxes }),
}

const envelopeAddress = fc.record({ name: nstring, route: nstring, mailbox: nstring, host: nstring })
const addresses = fc.array(envelopeAddress, { maxLength: 2 })
export const envelope: fc.Arbitrary<Envelope> = fc.record({
  date: nstring,
  subject: nstring,
  from: addresses,
  sender: addresses,
  replyTo: addresses,
  to: addresses,
  cc: addresses,
  bcc: addresses,
  inReplyTo: nstring,
  messageId: nstring,
})

const parameters = fc.array(fc.record({ name: text, value: nstring }), { maxLength: 2 })
const bodyExtension: fc.Arbitrary<BodyExtension> = fc.record({
  disposition: fc.option(fc.record({ type: nstring, parameters }), { nil: null }),
  languages: fc.array(text, { maxLength: 2 }),
  location: nstring,
  others: syntaxes,
})
const lines = fc.option(number, { nil: null })
const partHead = {
  kind: named('part'),
  subtype: text,
  parameters,
  id: nstring,
  description: nstring,
  encoding: nstring,
  octets: number,
  lines,
  md5: nstring,
  extension: fc.option(bodyExtension, { nil: null }),
}
export const { body: bodyStructure } = fc.letrec<{ body: BodyStructure }>((tie) => ({
  body: fc.oneof(
    { depthSize: 'small' },
    fc.record({ ...partHead, type: named('TEXT', 'image', 'X-Odd'), message: fc.constant(null) }),
    fc.record({ ...partHead, type: named('MESSAGE'), message: fc.record({ envelope, body: tie('body') }) }),
    fc
      .record({
        kind: named('multipart'),
        parts: fc.array(tie('body'), { minLength: 1, maxLength: 3 }),
        subtype: text,
        parameters: fc.option(parameters, { nil: null }),
        extension: fc.option(bodyExtension, { nil: null }),
      })
      // Extension data stand behind the parameters and cannot be there without them.
      .map((multipart) => (multipart.parameters ? multipart : { ...multipart, extension: null })),
  ),
}))

const data: fc.Arbitrary<MessageData> = fc.option(octets, { nil: null })
const origin = number
export const fetchItem: fc.Arbitrary<FetchItem> = fc.oneof(
  fc.record({ name: named('FLAGS'), flags: fc.array(flag, { maxLength: 3 }) }),
  fc.record({ name: named('UID'), uid: number }),
  fc.record({ name: named('INTERNALDATE'), date: named('17-Jul-1996 02:44:25 -0700') }),
  fc.record({ name: named('RFC822.SIZE'), octets: number }),
  fc.record({ name: named('MODSEQ'), modseq }),
  fc.record({ name: named('ENVELOPE'), envelope }),
  fc.record({ name: named('BODY', 'BODYSTRUCTURE'), body: bodyStructure }),
  fc.record({ name: named('RFC822', 'RFC822.HEADER', 'RFC822.TEXT'), data }),
  fc.record({ name: named('BODY[]'), section, origin, data }, { requiredKeys: ['name', 'section', 'data'] }),
  fc.record({ name: named('BINARY[]'), part, origin, data }, { requiredKeys: ['name', 'part', 'data'] }),
  fc.record({ name: named('BINARY.SIZE[]'), part, octets: number }),
  fc.record({ name: named('unknown'), word: strangeName, value: syntax }),
)

export const responseCode: fc.Arbitrary<ResponseCode> = fc.oneof(
  fc.record({
    name: named('ALERT', 'READ-ONLY', 'TRYCREATE', 'CLOSED', 'UNAVAILABLE', 'HASCHILDREN', 'NOMODSEQ'),
  }),
  fc.record(
    { name: named('BADCHARSET'), charsets: fc.array(atom, { maxLength: 2 }) },
    { requiredKeys: ['name'] },
  ),
  fc.record({
    name: named('CAPABILITY'),
    capabilities: fc.array(named('IMAP4rev1', 'AUTH=PLAIN', 'LITERAL+')),
  }),
  fc.record({
    name: named('PERMANENTFLAGS'),
    flags: fc.array(fc.oneof(flag, named('\\*')), { maxLength: 3 }),
  }),
  fc.record({ name: named('UIDNEXT', 'UIDVALIDITY', 'UNSEEN'), value: number }),
  fc.record({ name: named('HIGHESTMODSEQ'), modseq }),
  fc.record({ name: named('MODIFIED'), messages: sequenceSet }),
  fc.record({ name: named('APPENDUID'), uidValidity: number, uids: sequenceSet }),
  fc.record({ name: named('COPYUID'), uidValidity: number, from: sequenceSet, to: sequenceSet }),
  fc.record({ name: named('unknown'), word: strangeName, text: named('', 'a b', '"x]y" (z)') }),
)

/** Words for people; a bracket in front would be a code. */
const words = printableText.filter((value) => !/^[ [{]/u.test(value) && !/[ {}]$/u.test(value))
const responseText = fc.record({ code: responseCode, text: words }, { requiredKeys: ['text'] })

const statusItem: fc.Arbitrary<StatusItem> = fc.oneof(
  fc.record({
    name: named('MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'DELETED', 'SIZE'),
    value: number,
  }),
  fc.record({ name: named('HIGHESTMODSEQ'), modseq }),
  fc.record({ name: named('unknown'), word: strangeName, value: syntax }),
)
const esearchItem: fc.Arbitrary<EsearchItem> = fc.oneof(
  fc.record({ name: named('MIN', 'MAX', 'COUNT'), value: number }),
  fc.record({ name: named('ALL'), messages: sequenceSet }),
  fc.record({ name: named('MODSEQ'), modseq }),
  fc.record({ name: named('unknown'), word: strangeName, value: syntax }),
)
const listExtension: fc.Arbitrary<ListExtension> = fc.oneof(
  fc.record({ name: named('CHILDINFO'), options: fc.array(named('SUBSCRIBED', 'X y')) }),
  fc.record({ name: named('OLDNAME'), mailbox: text }),
  fc.record({ name: named('unknown'), word: strangeName, value: syntax }),
)
const namespaces = fc.option(
  fc.array(
    fc.record({
      prefix: text,
      delimiter: nstring,
      extensions: fc.array(fc.record({ word: text, values: fc.array(text, { maxLength: 2 }) }), {
        maxLength: 2,
      }),
    }),
    { maxLength: 2 },
  ),
  { nil: null },
)
const idParameters = fc.option(fc.array(fc.record({ field: text, value: nstring }), { maxLength: 3 }), {
  nil: null,
})

/** Every untagged response that has a form, and those that have none. */
export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  status: fc.record({ name: named('OK', 'NO', 'BAD', 'PREAUTH', 'BYE'), text: responseText }),
  capability: fc.record({
    name: named('CAPABILITY', 'ENABLED'),
    capabilities: fc.array(atom, { maxLength: 4 }),
  }),
  count: fc.oneof(
    fc.record({ name: named('EXISTS', 'RECENT'), count: number }),
    fc.record({ name: named('EXPUNGE'), message: number }),
  ),
  flags: fc.record({ name: named('FLAGS'), flags: fc.array(flag, { maxLength: 4 }) }),
  search: fc.record(
    { name: named('SEARCH'), numbers: fc.array(number), modseq },
    { requiredKeys: ['name', 'numbers'] },
  ),
  esearch: fc.record(
    { name: named('ESEARCH'), tag: text, uid, items: fc.array(esearchItem, { maxLength: 4 }) },
    { requiredKeys: ['name', 'uid', 'items'] },
  ),
  list: fc.record(
    {
      name: named('LIST', 'LSUB'),
      attributes: fc.array(flag, { maxLength: 3 }),
      delimiter: fc.option(named('/', '.', '\\', '"'), { nil: null }),
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
  fetch: fc.record({ name: named('FETCH'), message: number, items: fc.array(fetchItem, { maxLength: 4 }) }),
  unknown: fc.record({ name: named('unknown'), word: strangeName, arguments: syntaxes }),
  'unknown with a number': fc.record({
    name: named('unknown'),
    number,
    word: strangeName,
    arguments: syntaxes,
  }),
}

export const responses: Record<string, fc.Arbitrary<Response>> = {
  tagged: fc.record({ kind: named('tagged'), tag, status: named('OK', 'NO', 'BAD'), text: responseText }),
  continuation: fc.record({ kind: named('continuation'), text: responseText }),
  ...Object.fromEntries(
    Object.entries(untagged).map(([family, value]): [string, fc.Arbitrary<Response>] => [
      family,
      fc.record({ kind: named('untagged'), data: value }),
    ]),
  ),
}

/** Anything at all, leaning towards what looks like IMAP. */
export const anyOctets = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => String.fromCharCode(...bytes)),
  fc
    .array(
      fc.constantFrom(
        '* ',
        '+ ',
        'a ',
        '1 ',
        'FETCH ',
        'BODY[',
        ']',
        'ENVELOPE ',
        'BODYSTRUCTURE ',
        'LIST ',
        'STATUS ',
        'OK ',
        '[',
        'COPYUID ',
        '(',
        ')',
        '"',
        '\\',
        ' ',
        'NIL',
        'NIL ',
        '1',
        ':*',
        ',',
        '{3}\r\nabc',
        '~{1}\r\n\0',
        'SEARCH ',
        'NOT ',
        'OR ',
        'UID ',
        'LOGIN ',
        'APPEND ',
        'STORE ',
        'FLAGS',
        '<0>',
        '-1',
        '99999999999999999999',
        '\u00e9',
        '\0',
        'ID ',
        'ESEARCH ',
        'NAMESPACE ',
        '(TAG "a")',
        'MODSEQ ',
      ),
      { maxLength: 24 },
    )
    .map((drawn) => drawn.join('')),
)
