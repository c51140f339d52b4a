import { describe, expect, it } from 'vitest'
import { age, duration, exactDuration, grouped, octets, sparkline } from '../../src/tui/format.ts'

describe('numbers at a glance', () => {
  it('writes octets in four columns at most', () => {
    expect([0, 912, 1023, 9 * 1024, 12_345, 4_086_610, 3e12].map(octets)).toEqual([
      '0',
      '912',
      '1.0K',
      '9.0K',
      '12K',
      '3.9M',
      '2.7T',
    ])
    for (let count = 1; count < 1e14; count = count * 1.07 + 1)
      expect(octets(count).length).toBeLessThanOrEqual(4)
  })

  it('writes durations in five columns at most', () => {
    expect(
      [0, 420, 999.4, 999.6, 3100, 42_000, 14 * 60_000, 3 * 3_600_000, 2 * 86_400_000].map(duration),
    ).toEqual(['0ms', '420ms', '999ms', '1.0s', '3.1s', '42s', '14m', '3h', '2d'])
    for (let millis = 0.5; millis < 1e11; millis = millis * 1.03 + 0.1)
      expect(duration(millis).length).toBeLessThanOrEqual(5)
  })

  it('gives completions a digit more and ages one less', () => {
    expect(exactDuration(3080)).toBe('3.08s')
    expect(exactDuration(1.25)).toBe('1.3ms')
    expect(age(3900)).toBe('3s')
    expect(age(61_000)).toBe('1m')
  })

  it('groups thousands', () => {
    expect([7, 4213, 1_234_567].map(grouped)).toEqual(['7', '4 213', '1 234 567'])
  })

  it('draws a sparkline scaled to its greatest value', () => {
    expect(sparkline([0, 1, 4, 8])).toBe('▁▂▅█')
    expect(sparkline([0, 0])).toBe('▁▁')
  })
})
