import { describe, expect, test } from 'vitest'
import { readMessage, strict, type Cursor } from '../../src/imap/cursor.ts'
import { readFlags, readPermanentFlags, writeFlags } from '../../src/imap/flag.ts'
import { Writer } from '../../src/imap/writer.ts'
import { server, textOf } from './support/wire.ts'

const all = (cursor: Cursor): string[] => {
  const flags = readFlags(cursor)
  cursor.readEnd()
  return flags
}

test.each([
  ['()', []],
  ['(\\Seen)', ['\\Seen']],
  ['(\\Seen $Forwarded NIL [a :: \\X-Odd)', ['\\Seen', '$Forwarded', 'NIL', '[a', '::', '\\X-Odd']],
])('%j is the grammar', (line, flags) => {
  expect(readMessage(server(line), all, strict)).toEqual({ ok: true, value: flags, quirks: [] })
  const writer = new Writer('server')
  writeFlags(writer, flags)
  expect(textOf(writer.finish())).toBe(`${line}\r\n`)
})

describe('what is seen beside it', () => {
  test.each([
    ['(a]b)', ['a]b'], 'odd-flag'],
    ['(\\*)', ['\\*'], 'odd-flag'],
    ['(\\)', ['\\'], 'odd-flag'],
    ['(a\\b)', ['a\\b'], 'odd-flag'],
    ['(caf\u00c3\u00a9)', ['café'], 'odd-flag'],
    ['(a )', ['a'], 'space-in-list'],
    ['( a)', ['a'], 'space-in-list'],
    ['(a  b)', ['a', 'b'], 'space-in-list'],
    ['NIL', [], 'nil-for-list'],
    ['(a', ['a'], 'unclosed-parenthesis'],
  ])('%j', (line, flags, rule) => {
    expect(readMessage(server(line), all)).toMatchObject({ ok: true, value: flags, quirks: [{ rule }] })
    expect(readMessage(server(line), all, strict)).toMatchObject({ ok: false, fault: { rule } })
  })
})

test('among permanent flags \\* says that keywords may be made', () => {
  expect(readMessage(server('(\\Seen \\*)'), readPermanentFlags, strict)).toMatchObject({
    value: ['\\Seen', '\\*'],
  })
})
