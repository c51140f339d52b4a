/** What the guards of all sessions share: the policy of the moment, and counts that go down again whatever ends a session. */

import { describe, expect, it } from 'vitest'

import { PolicyGuards } from '../../src/app/policy-guards.ts'
import type { CompiledPolicy } from '../../src/policy/compile.ts'
import { isRefusal } from '../../src/policy/ledger.ts'
import type { SessionOrigin } from '../../src/relay/guard.ts'
import { readPolicy } from '../policy/support/rule-scene.ts'
import { play } from '../support/play.ts'

const limited = 'default: allow\nlimits: {sessionsPerAddress: 2, sessionsPerUser: 1, preAuthTime: 5s}\n'

class Bench {
  current: CompiledPolicy
  readonly faults: unknown[] = []
  readonly guards: PolicyGuards

  constructor(yaml: string) {
    this.current = readPolicy(yaml)
    const get = (): CompiledPolicy => this.current
    this.guards = new PolicyGuards({
      get current() {
        return get()
      },
      compress: 'follow',
      hideCapabilities: [],
      onFault: (error) => void this.faults.push(error),
    })
  }

  /** As the proxy lets a client in; false where it is turned away. */
  admit(session: string, address = '192.0.2.1'): boolean {
    const account = this.guards.ledger.openSession({ address, at: performance.now() })
    if (isRefusal(account)) return false
    this.guards.admit(session, account)
    return true
  }

  originOf(session: string): SessionOrigin {
    const address = { host: '192.0.2.1', port: 1 }
    return { session, address, listener: 'imap://127.0.0.1:1', isLoopback: true, tls: () => undefined }
  }
}

describe('the count of sessions', () => {
  it('goes down when a session ends before it had a guard, and only once', () => {
    const bench = new Bench(limited)
    expect([bench.admit('S1'), bench.admit('S2'), bench.admit('S3')]).toEqual([true, true, false])
    bench.guards.forget('S1')
    bench.guards.forget('S1')
    expect([bench.admit('S4'), bench.admit('S5')]).toEqual([true, false])
  })

  it('goes down when the engine ends the session and when the shell forgets it, and only once', () => {
    const bench = new Bench(limited)
    bench.admit('S1')
    bench.admit('S2')
    const { guard } = bench.guards.makeGuard(bench.originOf('S1'))
    play({ guard }).client('a LOGIN ann pw').server('a OK in').input({ kind: 'failed', reason: 'gone' })
    bench.guards.forget('S1')
    expect([bench.admit('S3'), bench.admit('S4')]).toEqual([true, false])
  })

  it('of a user goes down with the session, and one too many takes up nothing', () => {
    const bench = new Bench(limited)
    bench.admit('S1')
    bench.admit('S2')
    const enter = (session: string): ReturnType<typeof play> =>
      play({ guard: bench.guards.makeGuard(bench.originOf(session)).guard })
        .client('a LOGIN ann pw')
        .server('a OK in')
    const first = enter('S1')
    expect(first.take('client')).toBe('a OK in\r\n')
    expect(enter('S2').take('client')).toMatch(/^\* BYE \[LIMIT\] /u)
    bench.guards.forget('S2')
    first.input({ kind: 'failed', reason: 'gone' })
    bench.guards.forget('S1')
    expect(bench.guards.ledger.kept).toMatchObject({ addresses: 0 })
    bench.admit('S3')
    expect(enter('S3').take('client')).toBe('a OK in\r\n')
  })
})

describe('the policy of the moment', () => {
  it('is another for all at once, with its limits', () => {
    const bench = new Bench(limited)
    const before = bench.guards.current
    expect(bench.guards.current).toBe(before)
    bench.current = readPolicy('default: allow\nlimits: {sessionsPerAddress: 1}\n')
    expect(bench.guards.current).not.toBe(before)
    expect(bench.guards.current.document).toBe(bench.current.document)
    expect(bench.guards.ledger.limits.sessionsPerAddress).toBe(1)
  })

  it('limits nobody in a dry run, and leaves lanes transparent', () => {
    const bench = new Bench(`mode: dry-run\n${limited}`)
    expect([bench.admit('S1'), bench.admit('S2'), bench.admit('S3')]).toEqual([true, true, true])
    expect(bench.guards.makeGuard(bench.originOf('S1')).isEnforced).toBe(false)
    expect(bench.guards.loginBounds.millis).toBeGreaterThan(86_400_000)
    bench.current = readPolicy(limited)
    expect(bench.guards.makeGuard(bench.originOf('S1')).isEnforced).toBe(true)
    expect(bench.guards.loginBounds.millis).toBe(5_000)
  })
})

describe('a guard', () => {
  it('is made for nobody who was not let in', () => {
    expect(() => new Bench(limited).guards.makeGuard(new Bench(limited).originOf('S9'))).toThrow('no account')
  })

  it('has names of its own for what does not exist', () => {
    const { guards } = new Bench(limited)
    expect(guards.makeAlias()).toMatch(/^[0-9a-f]{32}$/u)
    expect(guards.makeAlias()).not.toBe(guards.makeAlias())
  })

  it('that fails ends its session, and the operator hears of it', () => {
    const bench = new Bench(limited)
    bench.admit('S1')
    const { guard } = bench.guards.makeGuard(bench.originOf('S1'))
    const dialogue = play({ guard })
    Object.defineProperty(bench, 'current', {
      get(): never {
        throw new TypeError('a mistake')
      },
    })
    dialogue.client('a LOGIN ann pw').toServer()
    expect(dialogue.acts).toEqual(['close'])
    expect(bench.faults).toEqual([new TypeError('a mistake')])
  })
})
