import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { Patience, waits, type Wait } from '../../src/net/patience.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function begin(): { patience: Patience; late: Wait[] } {
  const late: Wait[] = []
  return { patience: new Patience((wait) => late.push(wait)), late }
}

describe('patience', () => {
  it('ends with the time of the wait', () => {
    const { patience, late } = begin()
    patience.begin('greeting')
    vi.advanceTimersByTime(waits.greeting.milliseconds - 1)
    expect(late).toEqual([])
    vi.advanceTimersByTime(1)
    expect(late).toEqual(['greeting'])
  })

  it('begins anew as long as something happens', () => {
    const { patience, late } = begin()
    patience.begin('linger')
    for (let times = 0; times < 5; times++) {
      vi.advanceTimersByTime(waits.linger.milliseconds - 1)
      patience.renew('linger')
    }
    expect(late).toEqual([])
  })

  it('does not begin by what happens', () => {
    const { patience, late } = begin()
    patience.renew('linger')
    vi.advanceTimersByTime(waits.linger.milliseconds)
    expect(late).toEqual([])
  })

  it('is over when what was waited for came', () => {
    const { patience, late } = begin()
    patience.begin('handshake')
    patience.begin('greeting')
    patience.end('handshake')
    patience.endAll()
    vi.advanceTimersByTime(waits.linger.milliseconds)
    expect(late).toEqual([])
  })
})
