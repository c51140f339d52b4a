/** The map from sequence numbers to UIDs is right after any mixture of changes, and as small as it says. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { UidMap } from '../../../src/findings/model/uid-map.ts'

const change = fc.oneof(
  fc.record({ kind: fc.constant('grow' as const), by: fc.nat(9_000) }),
  fc.record({ kind: fc.constant('expunge' as const), at: fc.nat(20_000) }),
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(20_000) }),
)

describe('the map of UIDs', () => {
  it('says what a plain array would say', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const map = new UidMap()
        const plain: number[] = []
        let uid = 0
        for (const one of changes) {
          if (one.kind === 'grow') {
            for (let left = one.by; left > 0; left--) plain.push(0)
            map.resize(plain.length)
          } else if (plain.length > 0) {
            const at = one.at % plain.length
            if (one.kind === 'expunge') {
              plain.splice(at, 1)
              map.expunge(at + 1)
            } else {
              uid += 1
              plain[at] = uid
              map.set(at + 1, uid)
            }
          }
        }
        expect(map.length).toBe(plain.length)
        const seen = plain.map((_, at) => map.uidAt(at + 1))
        expect(seen).toEqual(plain)
      }),
      { numRuns: 60 },
    )
  })

  it('finds a UID, and says so where there is none', () => {
    const map = new UidMap()
    map.resize(10_000)
    for (let sequence = 1; sequence <= 10_000; sequence++) map.set(sequence, sequence * 2)
    expect(map.find(2)).toBe(1)
    expect(map.find(18_000)).toBe(9_000)
    expect(map.find(18_001)).toBeUndefined()
    expect(map.find(30_000)).toBeUndefined()
    expect(map.neighbours(5)).toEqual({ below: 8, above: 12 })
  })

  it('takes four octets a message, of a million messages as well', () => {
    const map = new UidMap()
    map.resize(1_000_000)
    for (let sequence = 1; sequence <= 1_000_000; sequence++) map.set(sequence, sequence)
    expect(map.octets).toBeLessThan(4_100_000)
    for (let left = 10_000; left > 0; left--) map.expunge(1)
    expect(map.uidAt(1)).toBe(10_001)
    expect(map.uidAt(990_000)).toBe(1_000_000)
  })

  it('knows no place beyond its bound, and takes no room for it', () => {
    const map = new UidMap()
    map.resize(4_294_967_295)
    map.set(4_294_967_295, 7)
    expect(map.uidAt(4_294_967_295)).toBe(0)
    expect(map.octets).toBe(0)
  })
})
