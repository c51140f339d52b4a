/** Messages about messages: FETCH, STORE and what their items hold. */

import * as fc from 'fast-check'
import type { BodyExtension } from '../../../../src/imap/body-extension.ts'
import type { BodyStructure } from '../../../../src/imap/body-structure.ts'
import type { Command } from '../../../../src/imap/commands/index.ts'
import type { Envelope } from '../../../../src/imap/envelope.ts'
import type { FetchAttribute } from '../../../../src/imap/fetch-attribute.ts'
import type { FetchItem } from '../../../../src/imap/fetch-item.ts'
import type { UntaggedData } from '../../../../src/imap/responses/index.ts'
import type { Section } from '../../../../src/imap/section.ts'
import {
  data,
  flag,
  modseq,
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

/** By family; each is written and read back. */
export const commands: Record<string, fc.Arbitrary<Command>> = {
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
}

/** By family; each is written and read back. */
export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  fetch: fc.record({ name: named('FETCH'), message: number, items: fc.array(fetchItem, { maxLength: 4 }) }),
}
