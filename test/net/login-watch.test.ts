import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { LoginWatch, type LoginBounds } from '../../src/net/login-watch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function watch(bounds: LoginBounds): { watch: LoginWatch; reasons: string[]; whys: string[] } {
  const reasons: string[] = []
  const whys: string[] = []
  const onBreach = (reason: string, why: string): void => {
    reasons.push(reason)
    whys.push(why)
  }
  return { watch: new LoginWatch(bounds, onBreach), reasons, whys }
}

it('ends a session that nobody logs in to in time, however busy it is', () => {
  const { watch: login, reasons } = watch({ millis: 60_000, octets: undefined })
  for (let second = 0; second < 60; second++) {
    login.take(1)
    vi.advanceTimersByTime(second < 59 ? 1_000 : 999)
  }
  expect(reasons).toEqual([])
  vi.advanceTimersByTime(1)
  expect(reasons).toEqual(['no login within 60 s (limit preAuthTime)'])
})

it('ends a session that says too much before its login', () => {
  const { watch: login, reasons } = watch({ millis: 60_000, octets: 100 })
  login.take(99)
  login.take(1)
  expect(reasons).toEqual([])
  login.take(1)
  expect(reasons).toEqual(['more than 100 octets before login (limit preAuthOctets)'])
})

it('tells once, and the record first of which limit it is', () => {
  const { watch: login, reasons, whys } = watch({ millis: 10, octets: 0 })
  login.take(1)
  login.take(1)
  vi.advanceTimersByTime(10)
  expect(reasons).toHaveLength(1)
  expect(whys).toEqual(['preAuthOctets: more than 0 octets before login'])
})

it('is over with the login', () => {
  const { watch: login, reasons } = watch({ millis: 10, octets: 10 })
  login.end()
  login.take(100)
  vi.advanceTimersByTime(10)
  expect(reasons).toEqual([])
})
