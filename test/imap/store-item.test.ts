import { expect, test } from 'vitest'
import { readLine } from './support/fetch.ts'

test.each([
  'a STORE 1 (UNCHANGEDSINCE 5 X-NEW (a)) -FLAGS.SILENT (\\Seen)',
  'a UID STORE 1:* ANNOTATION ("/comment" ("value" "x"))',
  'a STORE 1 +X-NEW (a "b") 5',
])('%s is written as it was read', (line) => {
  const { rules, written } = readLine(line)
  expect(rules).toEqual([])
  expect(written).toBe(line)
})

test('flags may stand without parentheses', () => {
  const { command, rules } = readLine('a store 1 +flags.silent \\Seen $Work')
  expect(command).toMatchObject({
    action: 'add',
    isSilent: true,
    change: { kind: 'flags', flags: ['\\Seen', '$Work'] },
  })
  expect(rules).toEqual([])
})

test.each([
  ['a STORE 1 () FLAGS ()', 'empty-list'],
  ['a STORE 1 -ANNOTATION (/a (value NIL))', 'odd-store'],
])('%s bends the grammar: %s', (line, rule) => {
  expect(readLine(line).rules).toEqual([rule])
})
