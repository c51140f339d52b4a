import { describe, expect, it } from 'vitest'

import { readDuration, readSize } from '../../src/config/quantity.ts'

describe('a size', () => {
  it.each([
    ['4096', 4096],
    ['10MiB', 10 * 1024 * 1024],
    ['1.5 GB', 1_500_000_000],
    ['64kib', 65_536],
    ['1TiB', 1024 ** 4],
    ['7B', 7],
  ])('%s is %d octets', (text, octets) => {
    expect(readSize(text)).toBe(octets)
  })

  it.each(['', 'MiB', '10M', '-1', '1e9', 'ten', '10 MiB more', '1.MiB'])('cannot be %s', (text) => {
    expect(readSize(text)).toBeUndefined()
  })
})

describe('a duration', () => {
  it.each([
    ['30s', 30_000],
    ['29m', 29 * 60_000],
    ['24h', 86_400_000],
    ['1.5d', 129_600_000],
  ])('%s is %d milliseconds', (text, millis) => {
    expect(readDuration(text)).toBe(millis)
  })

  it.each(['', '30', '5ms', '1w', '-1h', '24H', 'h'])('cannot be %s', (text) => {
    expect(readDuration(text)).toBeUndefined()
  })
})
