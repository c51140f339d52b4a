/** Words of peers are kept as they are, or cut; of many only the first. */

import { describe, expect, it } from 'vitest'

import { keepText, keepWords } from '../../../src/findings/model/kept-text.ts'

describe('what is kept of peers', () => {
  it('is the text, cut at 255 characters', () => {
    expect(keepText('a1')).toBe('a1')
    expect(keepText('')).toBe('')
    expect(keepText('x'.repeat(300))).toBe('x'.repeat(255))
  })

  it('is a thousand words of an announcement, in upper case', () => {
    expect([...keepWords(['idle', 'IDLE', '__proto__'])]).toEqual(['IDLE', '__PROTO__'])
    expect(keepWords(Array.from({ length: 100_000 }, (_, at) => `X${at}`)).size).toBe(1_000)
  })
})
