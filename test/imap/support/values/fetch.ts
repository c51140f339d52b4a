/** Messages about messages: FETCH, STORE and what their items hold. */

import * as fc from 'fast-check'
import type { Annotation } from '../../../../src/imap/annotation.ts'
import type { BodyExtension } from '../../../../src/imap/body-extension.ts'
import type { BodyStructure } from '../../../../src/imap/body-structure.ts'
import type { Command } from '../../../../src/imap/commands/index.ts'
import type { ConvertedItem } from '../../../../src/imap/conversion.ts'
import type { Envelope } from '../../../../src/imap/envelope.ts'
import type { FetchAttribute } from '../../../../src/imap/fetch-attribute.ts'
import type { FetchItem } from '../../../../src/imap/fetch-item.ts'
import type { FetchModifier } from '../../../../src/imap/fetch-modifier.ts'
import type { UntaggedData } from '../../../../src/imap/responses/index.ts'
import type { Section } from '../../../../src/imap/section.ts'
import type { StoreChange, StoreModifier } from '../../../../src/imap/store-item.ts'
import {
  data,
  flag,
  largeNumber,
  letters,
  modseq as anyModseq,
  named,
  nstring,
  number,
  sequenceSet,
  strangeName,
  anySyntax as syntax,
  syntaxes,
  tag,
  text,
  uid,
} from './base.ts'

/** Only literal8 holds NUL, and no astring is one. */
const part = fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 3 })
export const partNumber = part
const nonEmptyPart = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 3 })
/** Those of the grammar. */
const plainSection: fc.Arbitrary<Section> = fc.oneof(
  fc.record({ part, text: named('whole', 'HEADER', 'TEXT') }),
  fc.record({ part: nonEmptyPart, text: named('MIME') }),
  fc.record({
    part,
    text: named('HEADER.FIELDS', 'HEADER.FIELDS.NOT'),
    fields: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
)
export const section: fc.Arbitrary<Section> = fc.oneof(
  { weight: 4, arbitrary: plainSection },
  { weight: 1, arbitrary: fc.record({ part, text: named('unknown'), word: strangeName }) },
)

const modseq = anyModseq.filter((value) => value > 0n)
const count = number.filter((value) => value > 0)
const partial = fc.record({ start: largeNumber, count: largeNumber.filter((value) => value > 0) })
const annotations: fc.Arbitrary<Annotation[]> = fc.array(
  fc.record(
    {
      entry: text,
      values: fc.array(fc.record({ attribute: text, value: nstring }), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['entry'] },
  ),
  { minLength: 1, maxLength: 2 },
)
const texts = fc.array(text, { minLength: 1, maxLength: 3 })

const attribute: fc.Arbitrary<FetchAttribute> = fc.oneof(
  fc.record({
    name: named(
      'ENVELOPE',
      'FLAGS',
      'INTERNALDATE',
      'UID',
      'BODY',
      'BODYSTRUCTURE',
      'RFC822',
      'RFC822.HEADER',
      'RFC822.SIZE',
      'RFC822.TEXT',
      'RFC822.PEEK',
      'RFC822.TEXT.PEEK',
    ),
  }),
  fc.record({
    name: named(
      'MODSEQ',
      'EMAILID',
      'THREADID',
      'OBJECTID',
      'SAVEDATE',
      'X-GM-MSGID',
      'X-GM-THRID',
      'X-GM-LABELS',
      'X-GUID',
      'X-MAILBOX',
      'X-REAL-UID',
      'X-SAVEDATE',
      'DIGEST.SHA1',
      'CID',
      'BASECID',
      'CREATEDMODSEQ',
      'FOLDER',
      'UIDVALIDITY',
      'RFC822.FILESIZE',
      'RFC822.SHA1',
      'LASTUPDATED',
    ),
  }),
  fc.record(
    { name: named('BODY[]'), isPeek: fc.boolean(), section: plainSection, partial },
    { requiredKeys: ['name', 'isPeek', 'section'] },
  ),
  fc.record(
    { name: named('BINARY[]'), isPeek: fc.boolean(), part, partial },
    { requiredKeys: ['name', 'isPeek', 'part'] },
  ),
  fc.record({ name: named('BINARY.SIZE[]', 'BODYPARTSTRUCTURE[]', 'AVAILABLECONVERSIONS[]'), part }),
  fc.record({ name: named('RFC822.HEADER.LINES', 'RFC822.HEADER.LINES.NOT'), fields: texts }),
  fc.record(
    {
      name: named('PREVIEW', 'SNIPPET'),
      options: fc.array(named('LAZY', 'FUZZY', 'LAZY=FUZZY'), { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ['name'] },
  ),
  fc.record({ name: named('ANNOTATION'), entries: texts, attributes: texts }),
  fc.record(
    { name: named('unknown'), word: strangeName, parameters: syntaxes },
    { requiredKeys: ['name', 'word'] },
  ),
)
const attributes: fc.Arbitrary<FetchAttribute[]> = fc.oneof(
  fc.array(attribute, { minLength: 1, maxLength: 4 }),
  fc.record({ name: named('ALL', 'FULL', 'FAST') }).map((macro) => [macro]),
)

/** What stands behind a word that nobody knows; an atom would read as the next word, and a string may not be there. */
const strangeModifier = fc.record(
  { name: named('unknown'), word: strangeName, value: syntax.filter(({ kind }) => kind === 'list') },
  { requiredKeys: ['name', 'word'] },
)
const fetchModifier: fc.Arbitrary<FetchModifier> = fc.oneof(
  fc.record({ name: named('CHANGEDSINCE'), modseq }),
  fc.record({ name: named('VANISHED') }),
  fc.record({ name: named('PARTIAL'), range: named('1:500', '-1:-100', '7:7') }),
  strangeModifier,
)
const storeModifier: fc.Arbitrary<StoreModifier> = fc.oneof(
  fc.record({ name: named('UNCHANGEDSINCE'), modseq: anyModseq }),
  strangeModifier,
)
const label = fc.oneof(text, named('\\Inbox', '\\Sent', 'Muy Importante', '&AOk-t&AOk-'))
const storeChange: fc.Arbitrary<StoreChange> = fc.oneof(
  fc.record({ kind: named('flags'), flags: fc.array(flag, { maxLength: 3 }) }),
  fc.record({ kind: named('labels'), labels: fc.array(label, { maxLength: 3 }) }),
  fc.record({
    kind: named('unknown'),
    word: strangeName,
    values: fc.array(syntax, { minLength: 1, maxLength: 3 }),
  }),
)

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
const lines = fc.option(largeNumber, { nil: null })
const partHead = {
  kind: named('part'),
  subtype: text,
  parameters,
  id: nstring,
  description: nstring,
  encoding: nstring,
  octets: largeNumber,
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

const origin = largeNumber
const date = named('17-Jul-1996 02:44:25 -0700', ' 1-Feb-2025 00:00:00 +0000')
const objectId = letters('ABCabc019_-', 1, 12)
const id64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
export const fetchItem: fc.Arbitrary<FetchItem> = fc.oneof(
  fc.record({ name: named('FLAGS'), flags: fc.array(flag, { maxLength: 3 }) }),
  fc.record({ name: named('UID'), uid: count }),
  fc.record({ name: named('INTERNALDATE', 'LASTUPDATED'), date }),
  fc.record({ name: named('SAVEDATE', 'X-SAVEDATE'), date: fc.option(date, { nil: null }) }),
  fc.record({ name: named('RFC822.SIZE', 'RFC822.FILESIZE'), octets: largeNumber }),
  fc.record({ name: named('MODSEQ', 'CREATEDMODSEQ'), modseq }),
  fc.record({ name: named('ENVELOPE'), envelope }),
  fc.record({ name: named('BODY', 'BODYSTRUCTURE'), body: bodyStructure }),
  fc.record({ name: named('RFC822', 'RFC822.HEADER', 'RFC822.TEXT'), data }),
  fc.record({ name: named('BODY[]'), section, origin, data }, { requiredKeys: ['name', 'section', 'data'] }),
  fc.record({ name: named('BINARY[]'), part, origin, data }, { requiredKeys: ['name', 'part', 'data'] }),
  fc.record({ name: named('BINARY.SIZE[]'), part, octets: largeNumber }),
  fc.record({ name: named('BODYPARTSTRUCTURE[]'), part, body: bodyStructure }),
  fc.record({ name: named('AVAILABLECONVERSIONS[]'), part, mediaTypes: fc.array(text, { maxLength: 2 }) }),
  fc.record({ name: named('EMAILID'), id: objectId }),
  fc.record({ name: named('THREADID'), id: fc.option(objectId, { nil: null }) }),
  fc.record({
    name: named('OBJECTID'),
    ids: fc.array(fc.record({ kind: named('EMAILID', 'THREADID'), id: objectId }), { maxLength: 2 }),
  }),
  fc.record(
    { name: named('PREVIEW', 'SNIPPET'), text: nstring, algorithm: named('FUZZY') },
    { requiredKeys: ['name', 'text'] },
  ),
  fc.record({ name: named('ANNOTATION'), entries: annotations }),
  fc.record({ name: named('X-GM-MSGID', 'X-GM-THRID'), id: id64 }),
  fc.record({ name: named('X-GM-LABELS'), labels: fc.array(label, { maxLength: 3 }) }),
  fc.record({ name: named('X-GUID', 'X-MAILBOX', 'DIGEST.SHA1', 'RFC822.SHA1'), value: text }),
  fc.record({ name: named('X-REAL-UID'), uid: number }),
  fc.record({ name: named('FOLDER'), mailbox: named('INBOX', 'Shared.a b', 'Entw&APw-rfe') }),
  fc.record({ name: named('UIDVALIDITY'), uidValidity: number }),
  fc.record({ name: named('CID', 'BASECID'), id: fc.option(objectId, { nil: null }) }),
  fc.record({ name: named('unknown'), word: strangeName, value: syntax }),
)
const fetchItems = fc.array(fetchItem, { minLength: 1, maxLength: 4 })
const convertedItem: fc.Arbitrary<ConvertedItem> = fc.oneof(
  { weight: 3, arbitrary: fetchItem },
  {
    weight: 1,
    arbitrary: fc.record({
      name: named('ERROR'),
      item: named('BINARY', 'BINARY.SIZE', 'BODYPARTSTRUCTURE', 'BODY'),
      section: fc.record({ part, text: named('whole', 'HEADER', 'TEXT') }),
      text,
      reasons: fc.array(syntax, { minLength: 1, maxLength: 3 }),
    }),
  },
)

/** No message has the number zero. */
const commandHead = { tag, uid, messages: sequenceSet }

/** By family; each is written and read back. */
export const commands: Record<string, fc.Arbitrary<Command>> = {
  fetch: fc.record(
    {
      ...commandHead,
      name: named('FETCH'),
      items: attributes,
      modifiers: fc.array(fetchModifier, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['tag', 'name', 'uid', 'messages', 'items'] },
  ),
  store: fc.record(
    {
      ...commandHead,
      name: named('STORE'),
      modifiers: fc.array(storeModifier, { minLength: 1, maxLength: 2 }),
      action: named('replace', 'add', 'remove'),
      isSilent: fc.boolean(),
      change: storeChange,
    },
    { requiredKeys: ['tag', 'name', 'uid', 'messages', 'action', 'isSilent', 'change'] },
  ),
  'store annotations': fc.record({
    ...commandHead,
    name: named('STORE'),
    action: named('replace'),
    isSilent: fc.constant(false),
    change: fc.record({ kind: named('annotations'), annotations }),
  }),
  convert: fc.record({
    ...commandHead,
    name: named('CONVERT'),
    conversion: fc.record(
      {
        mediaType: nstring,
        parameters: fc.array(fc.record({ name: text, value: text }), { minLength: 1, maxLength: 2 }),
      },
      { requiredKeys: ['mediaType'] },
    ),
    items: attributes,
  }),
  conversions: fc.record({ tag, name: named('CONVERSIONS'), from: text, to: text }),
}

/** By family; each is written and read back. */
export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  fetch: fc.record({ name: named('FETCH'), message: count, items: fetchItems }),
  'uid fetch': fc.record({ name: named('UIDFETCH'), uid: count, items: fetchItems }),
  converted: fc.record({
    name: named('CONVERTED'),
    message: count,
    tag: text,
    items: fc.array(convertedItem, { minLength: 1, maxLength: 3 }),
  }),
  conversion: fc.record(
    {
      name: named('CONVERSION'),
      from: text,
      to: text,
      parameters: fc.array(text, { maxLength: 2 }),
    },
    { requiredKeys: ['name', 'from', 'to'] },
  ),
}
