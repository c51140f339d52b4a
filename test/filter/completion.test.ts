/** What Tab offers in a filter. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { completeFilter } from '../../src/filter/completion.ts'
import { parseFilter } from '../../src/filter/filter.ts'

const complete = (source: string): readonly string[] => completeFilter(source, source.length)

describe('completion', () => {
  it('offers the words of the language', () => {
    expect(complete('')).toContain('~c ')
    expect(complete('~cl')).toEqual(['~client '])
    expect(complete('ann & ~up')).toEqual(['ann & ~up ', 'ann & ~upstream '])
    expect(complete('mailb')).toEqual(['mailbox:'])
    expect(complete('zebra')).toEqual([])
  })

  it('offers the values of a word', () => {
    expect(complete('~c fe')).toEqual(['~c FETCH'])
    expect(complete('~u ann & cmd:sel')).toEqual(['~u ann & cmd:SELECT'])
    expect(complete('~s aut')).toEqual(['~s authenticated'])
    expect(complete('!(~side ')).toEqual(['!(~side client', '!(~side server'])
  })

  it('offers values that occur, first and in quotes where they need them', () => {
    const known = { u: ['ann', 'bob b'], m: ['Entwürfe & "Ideen"'] }
    expect(completeFilter('~u ', 3, known)).toEqual(['~u ann', '~u "bob b"'])
    expect(completeFilter('~u bo', 5, known)).toEqual(['~u "bob b"'])
    expect(completeFilter('~m ent', 6, known)).toEqual(['~m "Entwürfe & \\"Ideen\\""'])
    expect(completeFilter('~u "bob', 7, known)).toEqual(['~u "bob b"'])
  })

  it('leaves what stands behind the cursor', () => {
    expect(completeFilter('~c fe & ~u ann', 5)).toEqual(['~c FETCH & ~u ann'])
  })

  it('never fails, and its values make filters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 12 }), fc.nat(12), (source, at) => {
        expect(completeFilter(source, at).every((way) => typeof way === 'string')).toBe(true)
        for (const way of completeFilter('~m ', 3, { m: [source] })) {
          expect(source === '' || parseFilter(way).ok, way).toBe(true)
        }
      }),
    )
  })
})
