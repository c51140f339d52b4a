import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readMessage } from '../../src/imap/cursor.ts'
import {
  countMembers,
  hasMember,
  rangesOf,
  readSequenceSet,
  sequenceSetOf,
} from '../../src/imap/sequence-set.ts'
import { client } from './support/wire.ts'

test.each(['1', '*', '$', '1:*', '*:4', '4:2', '1,3,5:7', '007', '1:4294967295'])(
  '%s is a sequence set',
  (set) => {
    expect(readMessage(client(set), readSequenceSet)).toEqual({ ok: true, value: set })
  },
)

test.each(['', 'a', ',1', '1,', '1:', ':1', '-1'])('%j is none', (set) => {
  expect(readMessage(client(set), readSequenceSet)).toMatchObject({
    ok: false,
    fault: { rule: 'bad-sequence-set' },
  })
})

test('ranges rise, whichever way round they were written', () => {
  expect([...rangesOf('4:2,*:7,9')]).toEqual([
    { low: 2, high: 4 },
    { low: 7, high: Infinity },
    { low: 9, high: 9 },
  ])
})

test('a star is the largest number, even where the range then turns round', () => {
  expect(hasMember('1:*', 5, 5)).toBe(true)
  expect(hasMember('1:*', 6, 5)).toBe(false)
  expect(hasMember('9:*', 5, 5)).toBe(true)
  expect(hasMember('9:*', 4, 5)).toBe(false)
})

test('a huge range is counted without being walked', () => {
  expect(countMembers('1:4294967295', 10)).toBe(4_294_967_295)
  expect(countMembers('2:*,1', 10)).toBe(10)
})

test('the saved result has no ranges of its own', () => {
  expect([...rangesOf('$')]).toEqual([])
})

test('numbers fold into runs and name the same messages', () => {
  expect(sequenceSetOf([1, 2, 3, 7, 9, 10])).toBe('1:3,7,9:10')
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1 }), (numbers) => {
      const set = sequenceSetOf(numbers)
      for (let n = 1; n <= 60; n++) expect(hasMember(set, n, 60)).toBe(numbers.includes(n))
    }),
  )
})
