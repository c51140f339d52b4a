import { describe, expect, it } from 'vitest'

import { timesOf, type Timed } from '../../src/session/exchange-times.ts'

const timed = (facts: Partial<Timed>): Timed => ({
  openedAt: 1_000,
  firstOctetAt: 1_040,
  completedAt: 1_100,
  heldMillis: 0,
  ...facts,
})

describe('the times of an exchange', () => {
  it('are the wait for the first octet and the transfer behind it', () => {
    expect(timesOf(timed({}))).toEqual({ took: 100, wait: 40, transfer: 60 })
  })

  it('are unknown while it is open', () => {
    expect(timesOf(timed({ completedAt: undefined }))).toBeUndefined()
  })

  it('are all waiting where nothing answered it before its end', () => {
    expect(timesOf(timed({ firstOctetAt: undefined }))).toEqual({ took: 100, wait: 100, transfer: 0 })
  })

  it.each([
    ['of a held command in the wait', { firstOctetAt: 31_040, completedAt: 31_100 }, 30_000],
    ['of a held response in the transfer', { completedAt: 31_100 }, 30_000],
    ['of both in both', { firstOctetAt: 31_040, completedAt: 51_100 }, 50_000],
  ])('leave out the time %s', (_, facts, heldMillis) => {
    expect(timesOf(timed({ ...facts, heldMillis }))).toMatchObject({ took: 100 })
  })

  it('of a held command have the whole transfer, those of a held response the whole wait', () => {
    const command = timed({ firstOctetAt: 31_040, completedAt: 31_100, heldMillis: 30_000 })
    expect(timesOf(command)).toEqual({ took: 100, wait: 40, transfer: 60 })
    expect(timesOf(timed({ completedAt: 31_100, heldMillis: 30_000 }))).toEqual({
      took: 100,
      wait: 40,
      transfer: 60,
    })
  })

  it('are never negative, however captures round', () => {
    const answered = { firstOctetAt: 31_000, completedAt: 31_000, heldMillis: 30_000.001 }
    expect(timesOf(timed(answered))).toEqual({ took: 0, wait: 0, transfer: 0 })
  })
})
