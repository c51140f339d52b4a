import { expect, test } from 'vitest'
import { readResponse } from '../../src/imap/responses/index.ts'
import type { FetchItem } from '../../src/imap/fetch-item.ts'
import type { RawMessage } from '../../src/imap/raw-message.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import { rawMessage, server } from './support/wire.ts'

const itemsOf = (raw: RawMessage): readonly FetchItem[] => {
  const response = readResponse(raw)
  if (!response.ok) throw new Error(response.fault.rule)
  if (response.value.kind !== 'untagged' || response.value.data.name !== 'FETCH') throw new Error('no FETCH')
  return response.value.data.items
}
const items = (line: string): readonly FetchItem[] => itemsOf(server(`* 1 FETCH (${line})`))

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
  expect(items('X-GM-LABELS ("\\\\Inbox" foo) X-GUID abc PREVIEW NIL')).toMatchObject([
    { name: 'unknown', word: 'X-GM-LABELS', value: { kind: 'list' } },
    { name: 'unknown', word: 'X-GUID', value: { kind: 'atom', text: 'abc' } },
    { name: 'unknown', word: 'PREVIEW', value: { kind: 'atom', text: 'NIL' } },
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
  expect(items('RFC822.SIZE 9.3e+06 UID 7')).toMatchObject([
    { name: 'unknown', word: 'RFC822.SIZE', value: { kind: 'atom', text: '9.3e+06' } },
    { name: 'UID', uid: 7 },
  ])
  expect(items('BODYSTRUCTURE ("TEXT" "PLAIN" oops) UID 7')).toMatchObject([
    { name: 'unknown', word: 'BODYSTRUCTURE' },
    { name: 'UID', uid: 7 },
  ])
})

test('spaces beside parentheses and a missing value are read over', () => {
  expect(items(' FLAGS () UID 1 ')).toEqual([
    { name: 'FLAGS', flags: [] },
    { name: 'UID', uid: 1 },
  ])
  expect(items(' BODY[2] ')).toMatchObject([{ name: 'unknown', word: 'BODY[2]' }])
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
