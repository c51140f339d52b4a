import { expect, test } from 'vitest'
import { readMessage, strict, type Cursor } from '../../src/imap/cursor.ts'
import { limits } from '../../src/imap/limits.ts'
import { readSyntax, writeSyntax, type Syntax } from '../../src/imap/syntax.ts'
import { Writer } from '../../src/imap/writer.ts'
import { server, textOf } from './support/wire.ts'

const whole = (cursor: Cursor): Syntax => {
  const value = readSyntax(cursor)
  cursor.readEnd()
  return value
}
const written = (value: Syntax): string => {
  const writer = new Writer('server')
  writeSyntax(writer, value)
  return textOf(writer.finish()).trimEnd()
}

test.each(['a', '"b"', '(a "b" (1:* \\Seen) ())', '{2}\r\nhi', '($ \\* a%)'])(
  '%j is read strictly and written as it was read',
  (line) => {
    const value = readMessage(server(line), whole, strict)
    if (!value.ok) throw new Error(value.fault.rule)
    expect(written(value.value)).toBe(line)
  },
)

test.each([
  ['a"b', 'odd-atom'],
  ['a\\b', 'odd-atom'],
  ['("a""b")', 'missing-space'],
  ['(a  b)', 'space-in-list'],
])('%j bends the grammar', (line, rule) => {
  expect(readMessage(server(line), whole)).toMatchObject({ ok: true, quirks: [{ rule }] })
  expect(readMessage(server(line), whole, strict)).toMatchObject({ ok: false, fault: { rule } })
})

test('what is nested too deep keeps its octets, and what follows is read', () => {
  const deep = (inner: string): string => '('.repeat(limits.nesting) + inner + ')'.repeat(limits.nesting)
  const bomb = deep('((a ")\\"" b) "(") c')
  const value = readMessage(server(bomb), whole)
  if (!value.ok) throw new Error(value.fault.rule)
  expect(value.quirks).toMatchObject([{ rule: 'nested-too-deep' }])
  expect(JSON.stringify(value.value)).toContain('{"kind":"opaque","text":"((a \\")')
  expect(written(value.value)).toBe(bomb)
  expect(readMessage(server(deep('(a "')), whole)).toMatchObject({ ok: false })
})
