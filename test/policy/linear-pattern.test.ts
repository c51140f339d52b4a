/** What patterns may be, and what is said of those that may not. */

import { describe, expect, it } from 'vitest'
import { compilePattern } from '../../src/policy/linear-pattern.ts'

describe('a pattern', () => {
  it.each([
    ['^K-[0-9]+$', 'K-9', true],
    ['k', 'K-9', false],
    ['a{1,499}', 'xa', true],
    ['a{998}', 'a'.repeat(998), true],
    ['\\\\1', 'x\\1', true],
    ['(?P<n>a)', 'a', true],
  ])('%s finds, or does not', (source, text, does) => {
    const pattern = compilePattern(source)
    expect(pattern.ok && pattern.finds(text)).toBe(does)
  })

  it.each([
    ['(?=a)b', 'looks ahead or behind, which takes more than linear time and is not available: '],
    ['(?!a)b', 'looks ahead or behind'],
    ['(?<=a)b', 'looks ahead or behind'],
    ['(?<!a)b', 'looks ahead or behind'],
    ['(a)\\1', 'refers back to a group, which takes more than linear time and is not available: '],
    ['(?<n>a)\\k<n>', 'refers back to a group'],
    ['(?P<n>a)(?P=n)', 'refers back to a group'],
    ['a++', 'is possessive or atomic, which RE2 does not have: write it plainly'],
    ['a{1,5000}', 'repeats too often, or from more to less: a{998} or a{1,499} is the most'],
    ['a{1001}', 'repeats too often'],
    ['(a{500}){500}', 'repeats too often'],
    ['a{2,1}', 'from more to less'],
    ['a{999}', 'too large'],
    ['a{1,500}', 'too large'],
    ['a{1000}b{1000}', 'the pattern is too large: a{998} or a{1,499} is the most'],
    ['(a', 'the pattern is not understood: missing closing )'],
  ])('%s is told why not', (source, text) => {
    const pattern = compilePattern(source)
    expect(pattern.ok ? '' : pattern.text).toContain(text)
  })
})
