import { expect, test } from 'vitest'
import { readMessage } from '../../src/imap/cursor.ts'
import { esearchItemNames, readEsearchItem, writeEsearchItem } from '../../src/imap/esearch-item.ts'
import { Writer } from '../../src/imap/writer.ts'
import { server, textOf } from './support/wire.ts'

const read = (text: string): unknown => {
  const item = readMessage(server(text), readEsearchItem)
  return item.ok ? item.value : item.fault.rule
}

test.each([
  ['MIN 7', { name: 'MIN', value: 7 }],
  ['COUNT 0', { name: 'COUNT', value: 0 }],
  ['ALL 1:3,9', { name: 'ALL', messages: '1:3,9' }],
  ['MODSEQ 9223372036854775807', { name: 'MODSEQ', modseq: 9_223_372_036_854_775_807n }],
  ['RELEVANCY (1 100)', { name: 'RELEVANCY', scores: [1, 100] }],
  ['RELEVANCY ()', { name: 'RELEVANCY', scores: [] }],
  ['PARTIAL (-1:-3 NIL)', { name: 'PARTIAL', range: '-1:-3', messages: null }],
  ['ADDTO (0 1:3 7 9)', { name: 'ADDTO', changes: [change(0, '1:3'), change(7, '9')] }],
  ['X-NEW 5', { name: 'unknown', word: 'X-NEW', value: { kind: 'atom', text: '5' } }],
])('%j is an item, and written as it was read', (text, item) => {
  const found = readMessage(server(text), readEsearchItem)
  if (!found.ok) throw new Error(found.fault.rule)
  expect(found).toMatchObject({ value: item, quirks: [] })
  const writer = new Writer('server')
  writeEsearchItem(writer, found.value)
  expect(textOf(writer.finish())).toBe(`${text}\r\n`)
})

test('a known item whose value cannot be read is kept as an unknown one', () => {
  expect(read('COUNT (many)')).toMatchObject({ name: 'unknown', word: 'COUNT', value: { kind: 'list' } })
  expect(read('PARTIAL 1:3')).toMatchObject({ name: 'unknown', word: 'PARTIAL', value: { text: '1:3' } })
  expect(esearchItemNames).toContain('COUNT')
})

function change(position: number, messages: string): object {
  return { position, messages }
}
