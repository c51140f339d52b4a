import { describe, expect, it } from 'vitest'

import { Continuations } from '../../src/session/continuations.ts'
import { OpenExchange } from '../../src/session/exchanges.ts'

const exchange = (name = 'X'): OpenExchange => new OpenExchange(1, 'a', name, 0)

describe('a continuation request', () => {
  it('nobody waited for is for nobody', () => {
    const continuations = new Continuations()
    expect(continuations.claim()).toBeUndefined()
    expect(continuations.expects()).toBe('command')
  })

  it('makes the next octets a literal, and commands again behind it', () => {
    const continuations = new Continuations()
    continuations.await('literal', exchange())
    expect(continuations.isUndecided).toBe(true)
    expect(continuations.claim()).toBe('literal')
    expect(continuations.isUndecided).toBe(false)
    expect(continuations.expects()).toBe('command')
  })

  it('opens a dialogue that lasts until its command is completed', () => {
    const continuations = new Continuations()
    const login = exchange()
    continuations.await('authenticate', login)
    expect(continuations.isAuthenticating).toBe(true)
    expect(continuations.claim()).toBe('authenticate')
    expect(continuations.expects()).toBe('authenticate-data')
    expect(continuations.exchange).toBe(login)
    continuations.await('authenticate', login)
    expect(continuations.isUndecided).toBe(true)
    expect(continuations.complete(login)).toBe('authenticate')
    expect(continuations.expects()).toBe('command')
    expect(continuations.isAuthenticating).toBe(false)
    expect(continuations.exchange).toBeUndefined()
  })

  it('opens an IDLE that ends with DONE', () => {
    const continuations = new Continuations()
    continuations.await('idle', exchange())
    expect(continuations.isIdle).toBe(false)
    continuations.claim()
    expect(continuations.isIdle).toBe(true)
    expect(continuations.expects()).toBe('idle-done')
    continuations.finishIdle()
    expect(continuations.isIdle).toBe(false)
    expect(continuations.expects()).toBe('command')
  })
})

describe('a completion', () => {
  it('instead of the request says what was waited for', () => {
    const continuations = new Continuations()
    const append = exchange()
    continuations.await('literal', append)
    expect(continuations.complete(append)).toBe('literal')
    expect(continuations.isUndecided).toBe(false)
  })

  it('of another command leaves the wait and the dialogue', () => {
    const continuations = new Continuations()
    const idle = exchange()
    continuations.await('idle', idle)
    expect(continuations.complete(exchange())).toBeUndefined()
    expect(continuations.isUndecided).toBe(true)
    continuations.claim()
    continuations.complete(exchange())
    expect(continuations.isIdle).toBe(true)
    expect(continuations.complete(idle)).toBeUndefined()
    expect(continuations.isIdle).toBe(false)
  })

  it('does not end a login by DONE', () => {
    const continuations = new Continuations()
    continuations.await('authenticate', exchange())
    continuations.claim()
    continuations.finishIdle()
    expect(continuations.expects()).toBe('authenticate-data')
  })
})
