import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { strictUtf8 } from '../../src/imap/cursor.ts'
import { readResponse, writeResponse } from '../../src/imap/responses/index.ts'
import { fetchItemNames, type FetchItem } from '../../src/imap/fetch-item.ts'
import type { RawMessage } from '../../src/imap/raw-message.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import { fetchItem } from './support/values/fetch.ts'
import { rawMessage, server, textOf } from './support/wire.ts'

const itemsOf = (raw: RawMessage): readonly FetchItem[] => {
  const response = readResponse(raw)
  if (!response.ok) throw new Error(response.fault.rule)
  if (response.value.kind !== 'untagged' || response.value.data.name !== 'FETCH') throw new Error('no FETCH')
  return response.value.data.items
}
const items = (line: string): readonly FetchItem[] => itemsOf(server(`* 1 FETCH (${line})`))
const quirks = (line: string): string[] =>
  readResponse(server(`* 1 FETCH (${line})`)).quirks.map(({ rule }) => rule)

test('items come in any order, any case and more than once', () => {
  expect(items('UID 7 flags (\\Seen) UID 8')).toEqual([
    { name: 'UID', uid: 7 },
    { name: 'FLAGS', flags: ['\\Seen'] },
    { name: 'UID', uid: 8 },
  ])
})

test('sections are literals, strings or NIL', () => {
  expect(items('BODY[] {2}\r\nhi BODY[1.MIME] "x" BODY[TEXT]<5> NIL')).toEqual([
    { name: 'BODY[]', section: { part: [], text: 'whole' }, data: octetsOf('hi') },
    { name: 'BODY[]', section: { part: [1], text: 'MIME' }, data: octetsOf('x') },
    { name: 'BODY[]', section: { part: [], text: 'TEXT' }, origin: 5, data: null },
  ])
})

test('a literal that streamed past is known by its size and digest', () => {
  const raw = rawMessage('server', '* 1 FETCH (BODY[] {2}\r\nhi UID 7)\r\n')
  const parts = raw.parts.map((part) =>
    part.kind === 'literal' ? { kind: 'literal' as const, announced: part.announced, digest: 'abc' } : part,
  )
  expect(itemsOf({ ...raw, parts })).toEqual([
    {
      name: 'BODY[]',
      section: { part: [], text: 'whole' },
      data: { kind: 'streamed', size: 2, isBinary: false, digest: 'abc' },
    },
    { name: 'UID', uid: 7 },
  ])
})

test('numbers beyond 32 bits: sizes stay numbers, mod-sequences are bigints', () => {
  expect(items('RFC822.SIZE 5000000000 MODSEQ (9223372036854775807)')).toEqual([
    { name: 'RFC822.SIZE', octets: 5_000_000_000 },
    { name: 'MODSEQ', modseq: 9_223_372_036_854_775_807n },
  ])
})

test('items that nobody knows keep a value of any shape', () => {
  expect(items('X-FOO ("\\\\Inbox" foo) X-BAR abc X-BAZ NIL')).toMatchObject([
    { name: 'unknown', word: 'X-FOO', value: { kind: 'list' } },
    { name: 'unknown', word: 'X-BAR', value: { kind: 'atom', text: 'abc' } },
    { name: 'unknown', word: 'X-BAZ', value: { kind: 'atom', text: 'NIL' } },
  ])
})

test('header names echo in any quoting, with a bracket in them or without their space', () => {
  expect(
    items('BODY[HEADER.FIELDS ("]" {4}\r\nDATE)] NIL BODY[HEADER.FIELDS(References)] NIL'),
  ).toMatchObject([
    { section: { text: 'HEADER.FIELDS', fields: [']', 'DATE'] } },
    { section: { text: 'HEADER.FIELDS', fields: ['References'] } },
  ])
})

test('a known item that cannot be read is kept as an unknown one, and the next are read', () => {
  expect(items('UID (9) FLAGS ()')).toMatchObject([
    { name: 'unknown', word: 'UID', value: { kind: 'list' } },
    { name: 'FLAGS', flags: [] },
  ])
  expect(quirks('UID (9) FLAGS ()')).toEqual(['odd-item'])
})

test('spaces beside parentheses are read over, and told of', () => {
  expect(items(' FLAGS () UID 1 ')).toEqual([
    { name: 'FLAGS', flags: [] },
    { name: 'UID', uid: 1 },
  ])
  expect(quirks(' FLAGS () UID 1 ')).toEqual(['space-in-list', 'space-in-list'])
})

test('a value that is left out is NIL, and told of', () => {
  expect(items('BODY[2]')).toEqual([{ name: 'BODY[]', section: { part: [2], text: 'whole' }, data: null }])
  expect(items('X-FOO')).toEqual([{ name: 'unknown', word: 'X-FOO' }])
  expect([...quirks('BODY[2]'), ...quirks('X-FOO')]).toEqual(['missing-value', 'missing-value'])
})

test.each([
  ['FLAGS ()UID 7', 'missing-space'],
  ['', 'empty-list'],
  ['X{FOO 1', 'odd-atom'],
  ['RFC822[] NIL', 'odd-brackets'],
  ['FLAGS[1] ()', 'odd-item'],
  ['BINARY NIL', 'odd-item'],
])('%j bends the grammar: %s', (line, rule) => {
  expect(quirks(line)).toEqual([rule])
})

test('the names of the registry are those of the forms', () => {
  expect(fetchItemNames).toContain('BODY[]')
  expect(fetchItemNames).toContain('X-GM-LABELS')
})

test('odd flags are flags', () => {
  expect(items('FLAGS (\\* OIB-Seen-[Gmail]/All $Forwarded )')).toEqual([
    { name: 'FLAGS', flags: ['\\*', 'OIB-Seen-[Gmail]/All', '$Forwarded'] },
  ])
})

test('binary sections and their sizes', () => {
  expect(items('BINARY[1] ~{3}\r\na\0b BINARY.SIZE[1.2] 5')).toEqual([
    { name: 'BINARY[]', part: [1], data: octetsOf('a\0b') },
    { name: 'BINARY.SIZE[]', part: [1, 2], octets: 5 },
  ])
})

/** Trees of structures and sections can also hold what servers get wrong, and are then written as wrongly. */
const isPlain = (item: FetchItem): boolean =>
  item.name !== 'ENVELOPE' &&
  !('body' in item) &&
  !('section' in item && item.section.text === 'unknown') &&
  item.name !== 'unknown'

test('what is written is by the grammar, and reads the same', () => {
  fc.assert(
    fc.property(fetchItem.filter(isPlain), (item) => {
      const data = { name: 'FETCH' as const, message: 1, items: [item] }
      const written = textOf(writeResponse({ kind: 'untagged', data }))
      const again = readResponse(rawMessage('server', written), strictUtf8)
      if (!again.ok) throw new Error(`${again.fault.rule} in ${written}`)
      expect(again.value).toEqual({ kind: 'untagged', data })
    }),
    { numRuns: 1000 },
  )
})
