/** Search keys are found in whatever wraps them. */

import { describe, expect, it } from 'vitest'

import { isNumbered, someKey } from '../../../src/findings/model/search-keys.ts'
import type { SearchKey } from '../../../src/imap/search-key.ts'

const numbers: SearchKey = { key: 'messages', set: '1:2' }

describe('a key that is looked for', () => {
  it.each<[string, SearchKey, boolean]>([
    ['by itself', numbers, true],
    ['in NOT', { key: 'NOT', operand: numbers }, true],
    ['in FUZZY', { key: 'FUZZY', operand: numbers }, true],
    ['in OR', { key: 'OR', left: { key: 'UID', set: '4' }, right: numbers }, true],
    ['in parentheses', { key: 'and', keys: [{ key: 'NOT', operand: numbers }] }, true],
    ['not in UIDs', { key: 'UID', set: '1:2' }, false],
    ['not in a saved result', { key: 'messages', set: '$' }, false],
  ])('is found %s', (_, key, isThere) => {
    expect(someKey([{ key: 'UID', set: '9' }, key], isNumbered)).toBe(isThere)
  })
})
