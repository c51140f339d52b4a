import { expect, test } from 'vitest'
import { readItems, readLine, readPlainItems } from './support/fetch.ts'

test('mod-sequences of 63 bits are exact', () => {
  expect(readPlainItems('MODSEQ (9223372036854775807)')).toEqual([
    { name: 'MODSEQ', modseq: 9_223_372_036_854_775_807n },
  ])
})

test.each([
  ['MODSEQ (0)', 'zero-modseq'],
  ['MODSEQ (9223372036854775808)', 'modseq-too-large'],
  ['MODSEQ (1 2)', 'odd-item'],
  ['MODSEQ 1', 'odd-item'],
])('%s bends the grammar: %s', (line, rule) => {
  expect(readItems(line).rules).toEqual([rule])
})

test('zero has a meaning in UNCHANGEDSINCE only', () => {
  expect(readLine('a STORE 1 (UNCHANGEDSINCE 0) FLAGS ()').rules).toEqual([])
  expect(readLine('a FETCH 1 FLAGS (CHANGEDSINCE 0)').rules).toEqual(['zero-modseq'])
})
