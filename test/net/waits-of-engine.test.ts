/** What a session's engine waits for: each answered once, and none behind the session's end. */

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { WaitsOfEngine } from '../../src/net/waits-of-engine.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'

const event: ProxyEvent = { kind: 'warning', session: 'S1', at: 0, reason: 'x', advice: 'y' }

let heard: unknown[]
beforeEach(() => {
  heard = []
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

describe('time', () => {
  it('is told of when it has passed', () => {
    const waits = new WaitsOfEngine(undefined, (input) => heard.push(input))
    waits.begin({ kind: 'wait', ticket: 7, millis: 250 })
    vi.advanceTimersByTime(249)
    expect(heard).toEqual([])
    vi.advanceTimersByTime(1)
    expect(heard).toEqual([{ kind: 'waited', ticket: 7 }])
  })

  it('is not over at once where it is longer than a timer can wait', () => {
    const waits = new WaitsOfEngine(undefined, (input) => heard.push(input))
    waits.begin({ kind: 'wait', ticket: 7, millis: 25 * 24 * 60 * 60 * 1_000 })
    vi.advanceTimersByTime(24 * 24 * 60 * 60 * 1_000)
    expect(heard).toEqual([])
    vi.advanceTimersByTime(24 * 60 * 60 * 1_000)
    expect(heard).toEqual([{ kind: 'waited', ticket: 7 }])
  })

  it('leaves no timer behind a session that ended', () => {
    const waits = new WaitsOfEngine(undefined, (input) => heard.push(input))
    waits.begin({ kind: 'wait', ticket: 7, millis: 250 })
    waits.end()
    waits.begin({ kind: 'wait', ticket: 8, millis: 250 })
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a record', () => {
  it('is told of as the recorder says', () => {
    const done: ((isDurable: boolean) => void)[] = []
    const recorder = {
      record: (_event: ProxyEvent, answer: (isDurable: boolean) => void) => void done.push(answer),
    }
    const waits = new WaitsOfEngine(recorder, (input) => heard.push(input))
    waits.begin({ kind: 'record', ticket: 1, event })
    waits.begin({ kind: 'record', ticket: 2, event })
    done[1]?.(false)
    done[0]?.(true)
    expect(heard).toEqual([
      { kind: 'recorded', ticket: 2, isDurable: false },
      { kind: 'recorded', ticket: 1, isDurable: true },
    ])
  })

  it('that comes behind the end is told to nobody', () => {
    const done: ((isDurable: boolean) => void)[] = []
    const recorder = {
      record: (_event: ProxyEvent, answer: (isDurable: boolean) => void) => void done.push(answer),
    }
    const waits = new WaitsOfEngine(recorder, (input) => heard.push(input))
    waits.begin({ kind: 'record', ticket: 1, event })
    waits.end()
    done[0]?.(true)
    expect(heard).toEqual([])
  })

  it('is not durable where nobody records', async () => {
    const waits = new WaitsOfEngine(undefined, (input) => heard.push(input))
    waits.begin({ kind: 'record', ticket: 1, event })
    expect(heard).toEqual([])
    await Promise.resolve()
    expect(heard).toEqual([{ kind: 'recorded', ticket: 1, isDurable: false }])
  })
})
