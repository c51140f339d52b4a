import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BodyExtension, Parameter } from '../../src/imap/body-extension.ts'
import { readBodyStructure, writeBodyStructure, type BodyStructure } from '../../src/imap/body-structure.ts'
import { readMessage, strict } from '../../src/imap/cursor.ts'
import { Writer } from '../../src/imap/writer.ts'
import { bodyStructure } from './support/values/fetch.ts'
import { rawMessage, server, textOf } from './support/wire.ts'

const read = (line: string): BodyStructure => {
  const body = readMessage(server(line), (cursor) => {
    const structure = readBodyStructure(cursor)
    cursor.readEnd()
    return structure
  })
  if (!body.ok) throw new Error(body.fault.rule)
  return body.value
}

test('a text part has lines', () => {
  expect(read('("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" 1152 23)')).toEqual({
    kind: 'part',
    type: 'TEXT',
    subtype: 'PLAIN',
    parameters: [{ name: 'CHARSET', value: 'UTF-8' }],
    id: null,
    description: null,
    encoding: '7BIT',
    octets: 1152,
    message: null,
    lines: 23,
    md5: null,
    extension: null,
  })
})

test('a multipart holds its parts, its boundary and its extension data', () => {
  expect(
    read(
      '(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1 NIL NIL NIL NIL)("IMAGE" "PNG" NIL "<i>" "pic" "BASE64" 9 NIL ("attachment" ("filename" "a.png")) "en" NIL) "MIXED" ("BOUNDARY" "b") NIL ("en" "de") "here" (1 "x"))',
    ),
  ).toMatchObject({
    kind: 'multipart',
    subtype: 'MIXED',
    parameters: [{ name: 'BOUNDARY', value: 'b' }],
    extension: { disposition: null, languages: ['en', 'de'], location: 'here', others: [{ kind: 'list' }] },
    parts: [
      { type: 'TEXT', lines: 1 },
      {
        type: 'IMAGE',
        id: '<i>',
        lines: null,
        extension: {
          disposition: { type: 'attachment', parameters: [{ name: 'filename', value: 'a.png' }] },
          languages: ['en'],
        },
      },
    ],
  })
})

test('a message within has an envelope, a body and lines', () => {
  const inner = '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 1 1)'
  expect(
    read(`("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 342 (NIL "hi" NIL NIL NIL NIL NIL NIL NIL NIL) ${inner} 7)`),
  ).toMatchObject({
    type: 'MESSAGE',
    octets: 342,
    lines: 7,
    message: { envelope: { subject: 'hi' }, body: { type: 'TEXT' } },
  })
})

describe('what servers are seen to send', () => {
  test.each([
    [
      'a multipart without parts, by Gmail',
      '("ALTERNATIVE" ("boundary" "b"))',
      { kind: 'multipart', parts: [], subtype: 'ALTERNATIVE' },
    ],
    [
      'a multipart without parts, by Dovecot',
      '(NIL "alternative" ("boundary" "b") NIL NIL NIL)',
      { kind: 'multipart', parts: [], subtype: 'alternative' },
    ],
    [
      'a part of nothing but NIL',
      '(NIL NIL NIL NIL NIL "7BIT" 0 NIL NIL NIL NIL)',
      { kind: 'part', type: null, subtype: null, octets: 0 },
    ],
    [
      'a message reported as opaque',
      '("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 342 NIL NIL NIL)',
      { type: 'MESSAGE', message: null, lines: null },
    ],
    ['text without its line count', '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5)', { lines: null, octets: 5 }],
    ['counts below zero', '("TEXT" "PLAIN" NIL NIL NIL "7BIT" -1 -1)', { octets: -1, lines: -1 }],
    ['no encoding, or a bare one', '("TEXT" "PLAIN" NIL NIL NIL NIL 5 1)', { encoding: null }],
    ['a bare encoding', '("TEXT" "PLAIN" NIL NIL NIL 7BIT 5 1)', { encoding: '7BIT' }],
    [
      'a bare disposition',
      '("IMAGE" "PNG" NIL NIL NIL "7BIT" 5 NIL "inline" NIL)',
      { extension: { disposition: { type: 'inline', parameters: [] } } },
    ],
    [
      'a disposition of NIL',
      '("IMAGE" "PNG" NIL NIL NIL "7BIT" 5 NIL (NIL NIL) NIL)',
      { extension: { disposition: { type: null } } },
    ],
    [
      'a parameter without value',
      '("IMAGE" "PNG" ("boundary" NIL) NIL NIL "7BIT" 5)',
      { parameters: [{ name: 'boundary', value: null }] },
    ],
    ['a missing space', '("TEXT""PLAIN" NIL NIL NIL "7BIT" 5 1)', { type: 'TEXT', subtype: 'PLAIN' }],
    [
      'a missing subtype',
      '("TEXT" ("CHARSET" "x") NIL NIL "7BIT" 5 1)',
      { type: 'TEXT', subtype: null, octets: 5 },
    ],
    [
      'spaces between the parts',
      '(("A" "B" NIL NIL NIL "7BIT" 5) ("C" "D" NIL NIL NIL "7BIT" 6) "MIXED")',
      { parts: [{ type: 'A' }, { type: 'C' }] },
    ],
    [
      'languages with NIL',
      '("A" "B" NIL NIL NIL "7BIT" 5 NIL NIL (NIL "en") NIL)',
      { extension: { languages: ['en'] } },
    ],
  ])('%s', (_name, written, expected) => {
    expect(read(written)).toMatchObject(expected)
  })
})

const soundParameters = (parameters: readonly Parameter[]): Parameter[] =>
  parameters.map(({ name, value }) => ({ name, value: value ?? '' }))

function soundExtension(extension: BodyExtension | null): BodyExtension | null {
  const disposition = extension?.disposition
  return (
    extension && {
      ...extension,
      disposition: disposition
        ? { type: disposition.type ?? 'inline', parameters: soundParameters(disposition.parameters) }
        : null,
      others: [],
    }
  )
}

/** Without what servers are seen to leave out, and trees can hold. */
function sound(body: BodyStructure): BodyStructure {
  const extension = soundExtension(body.extension)
  if (body.kind === 'multipart') {
    const parameters = body.parameters && soundParameters(body.parameters)
    return { ...body, parts: body.parts.map(sound), parameters, extension }
  }
  const message = body.message && { ...body.message, body: sound(body.message.body) }
  return {
    ...body,
    subtype: message ? 'RFC822' : body.subtype,
    parameters: soundParameters(body.parameters),
    encoding: body.encoding ?? '7BIT',
    message,
    lines: message || body.type === 'TEXT' ? (body.lines ?? 1) : null,
    extension,
  }
}

test('what is written of a sound structure is the grammar', () => {
  fc.assert(
    fc.property(bodyStructure, (body) => {
      const writer = new Writer('server')
      writeBodyStructure(writer, sound(body))
      const raw = rawMessage('server', textOf(writer.finish()))
      expect(readMessage(raw, readBodyStructure, strict)).toEqual({
        ok: true,
        value: sound(body),
        quirks: [],
      })
    }),
  )
})
