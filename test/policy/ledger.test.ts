import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { LimitsDocument } from '../../src/config/policy-document.ts'
import { checkSizes, isRefusal, Ledger, type SessionAccount } from '../../src/policy/ledger.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** A session that the ledger lets in. */
function open(ledger: Ledger, address = '192.0.2.1', at = 0): SessionAccount {
  const opened = ledger.openSession({ address, at })
  if (isRefusal(opened)) throw new Error(`refused: ${opened.why}`)
  return opened
}

function openAs(ledger: Ledger, user: string, at = 0, address = '192.0.2.1'): SessionAccount {
  const session = open(ledger, address, at)
  expect(session.noteUser(user, at)).toBeUndefined()
  return session
}

const refusalOf = (ledger: Ledger, address: string) => {
  const opened = ledger.openSession({ address, at: 0 })
  return isRefusal(opened) ? opened : undefined
}

describe('sessions of an address', () => {
  it('are counted while they are open', () => {
    const ledger = new Ledger({ sessionsPerAddress: 2 })
    const first = open(ledger)
    open(ledger)
    expect(refusalOf(ledger, '192.0.2.1')).toMatchObject({
      limit: 'sessionsPerAddress',
      code: 'LIMIT',
      isFinal: true,
      why: expect.stringContaining('192.0.2.1 has as many sessions as it may (2)'),
    })
    expect(refusalOf(ledger, '192.0.2.2')).toBeUndefined()
    first.close(0)
    first.close(0)
    open(ledger)
    expect(refusalOf(ledger, '192.0.2.1')?.limit).toBe('sessionsPerAddress')
  })

  it('of IPv6 are those of its /64, and an address of IPv4 is the same in its IPv6 form', () => {
    const ledger = new Ledger({ sessionsPerAddress: 1 })
    open(ledger, '2001:db8:1:2::1')
    expect(refusalOf(ledger, '2001:DB8:1:2:ffff::9')?.limit).toBe('sessionsPerAddress')
    expect(refusalOf(ledger, '2001:db8:1:2:0:0:0:1%eth0')?.limit).toBe('sessionsPerAddress')
    expect(refusalOf(ledger, '2001:db8:1:3::1')).toBeUndefined()
    open(ledger, '::ffff:192.0.2.7')
    expect(refusalOf(ledger, '192.0.2.7')?.limit).toBe('sessionsPerAddress')
    expect(refusalOf(ledger, '192.0.2.8')).toBeUndefined()
  })

  it('leave nothing behind: addresses without sessions take no memory', () => {
    const ledger = new Ledger({ sessionsPerAddress: 1 })
    for (let n = 0; n < 50_000; n++) open(ledger, `10.0.${n >> 8}.${n & 255}`).close(0)
    expect(ledger.kept).toEqual({ addresses: 0, users: 0, failures: 0 })
  })

  it('may be limited anew while they are open', () => {
    const ledger = new Ledger({})
    const sessions = [open(ledger), open(ledger), open(ledger)]
    ledger.setLimits({ sessionsPerAddress: 3 })
    expect(refusalOf(ledger, '192.0.2.1')?.limit).toBe('sessionsPerAddress')
    sessions[0]?.close(0)
    open(ledger)
  })
})

describe('sessions of a user', () => {
  it('are counted over all addresses, whatever the spelling of the name', () => {
    const ledger = new Ledger({ sessionsPerUser: 2 })
    const first = openAs(ledger, 'ann', 0, '192.0.2.1')
    openAs(ledger, 'Ann', 0, '192.0.2.2')
    const third = open(ledger, '192.0.2.3')
    expect(third.noteUser('ANN', 0)).toMatchObject({ limit: 'sessionsPerUser', code: 'LIMIT', isFinal: true })
    expect(open(ledger).noteUser('bob', 0)).toBeUndefined()
    first.close(0)
    expect(third.noteUser('ann', 0)).toBeUndefined()
  })

  it('count once where the same session names its user twice', () => {
    const ledger = new Ledger({ sessionsPerUser: 1 })
    const session = openAs(ledger, 'ann')
    expect(session.noteUser('Ann', 0)).toBeUndefined()
    expect(session.counts(0).user.sessions).toBe(1)
  })

  it('go to the next user with UNAUTHENTICATE', () => {
    const ledger = new Ledger({ sessionsPerUser: 1 })
    const session = openAs(ledger, 'ann')
    expect(session.noteUser(undefined, 0)).toBeUndefined()
    openAs(ledger, 'ann')
    expect(session.noteUser('bob', 0)).toBeUndefined()
    expect(session.counts(0).user.sessions).toBe(1)
  })
})

describe('commands per second', () => {
  it('may come in a burst, and then at the rate', () => {
    const session = openAs(new Ledger({ commandsPerSecond: 5 }), 'ann')
    for (let n = 0; n < 50; n++) expect(session.chargeCommand(0)).toBeUndefined()
    expect(session.chargeCommand(0)).toMatchObject({
      limit: 'commandsPerSecond',
      code: 'LIMIT',
      isFinal: false,
      retryAfter: 200,
    })
    expect(session.chargeCommand(199)).toBeDefined()
    expect(session.chargeCommand(200)).toBeUndefined()
    expect(session.chargeCommand(201)).toBeDefined()
  })

  it('are those of a user in all sessions', () => {
    const ledger = new Ledger({ commandsPerSecond: 1 })
    const [one, other, bob] = [openAs(ledger, 'ann'), openAs(ledger, 'ann'), openAs(ledger, 'bob')]
    for (let n = 0; n < 10; n++) expect(one.chargeCommand(0)).toBeUndefined()
    expect(other.chargeCommand(0)?.limit).toBe('commandsPerSecond')
    expect(bob.chargeCommand(0)).toBeUndefined()
  })

  it('of a session that nobody has logged in to are its own', () => {
    const ledger = new Ledger({ commandsPerSecond: 1 })
    const [one, other] = [open(ledger), open(ledger)]
    for (let n = 0; n < 10; n++) one.chargeCommand(0)
    expect(one.chargeCommand(0)?.limit).toBe('commandsPerSecond')
    expect(other.chargeCommand(0)).toBeUndefined()
  })

  it('can be waited for instead: each command is given its own time', () => {
    const session = openAs(new Ledger({ commandsPerSecond: 2 }), 'ann')
    for (let n = 0; n < 20; n++) expect(session.commandDelay(0)).toBe(0)
    expect([0, 0, 0].map((at) => session.commandDelay(at))).toEqual([500, 1_000, 1_500])
    expect(session.commandDelay(1_500)).toBe(500)
  })

  it('never pass the rate in the long run, whenever they come', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 100, maxLength: 400 })
    fc.assert(
      fc.property(gaps, (waits) => {
        const session = openAs(new Ledger({ commandsPerSecond: 5 }), 'ann')
        let at = 0
        let passed = 0
        for (const wait of waits) {
          at += wait
          if (!session.chargeCommand(at)) passed += 1
        }
        expect(passed).toBeLessThanOrEqual(50 + (at / SECOND) * 5 + 1)
      }),
    )
  })
})

describe('the budget of octets', () => {
  const limits: LimitsDocument = { octetsPerHour: 10 * 1024 * 1024 }

  it('refuses the next command when it is used up, and says so as a quota', () => {
    const session = openAs(new Ledger(limits), 'ann')
    session.chargeServerOctets(10 * 1024 * 1024 - 1, 0)
    expect(session.checkBudget(0)).toBeUndefined()
    session.chargeServerOctets(1, 0)
    expect(session.checkBudget(0)).toMatchObject({
      limit: 'octetsPerHour',
      code: 'OVERQUOTA',
      text: '10 MiB an hour are used up; try again later',
      isFinal: false,
    })
    expect(session.checkBudget(0, false)?.limit).toBe('octetsPerHour')
  })

  it('cuts the response that goes on beyond it, but not the words that say so', () => {
    const ledger = new Ledger(limits)
    const session = openAs(ledger, 'ann')
    expect(session.chargeServerOctets(10 * 1024 * 1024, 0)).toBeUndefined()
    expect(session.chargeServerOctets(64 * 1024, 0)).toBeUndefined()
    expect(session.chargeServerOctets(1, 0)).toMatchObject({ limit: 'octetsPerHour', isFinal: true })
    const next = openAs(ledger, 'ann', 1)
    expect(next.chargeServerOctets(1_000, 1), 'what is said to the next session').toBeUndefined()
    expect(next.checkBudget(1)?.isFinal).toBe(false)
  })

  it('is that of a user in all sessions, also in one that ended', () => {
    const ledger = new Ledger(limits)
    const first = openAs(ledger, 'ann')
    first.chargeServerOctets(10 * 1024 * 1024, 0)
    first.close(0)
    expect(openAs(ledger, 'ANN', MINUTE).checkBudget(MINUTE)?.limit).toBe('octetsPerHour')
    expect(openAs(ledger, 'bob', MINUTE).checkBudget(MINUTE)).toBeUndefined()
  })

  it('comes back when the hour is over, at the time that the refusal tells', () => {
    const session = openAs(new Ledger(limits), 'ann')
    session.chargeServerOctets(10 * 1024 * 1024, 7 * MINUTE)
    const retryAfter = session.checkBudget(30 * MINUTE)?.retryAfter ?? 0
    expect(session.checkBudget(30 * MINUTE + retryAfter - 1)?.limit).toBe('octetsPerHour')
    expect(session.checkBudget(30 * MINUTE + retryAfter)).toBeUndefined()
    expect(30 * MINUTE + retryAfter).toBeGreaterThanOrEqual(7 * MINUTE + HOUR)
    expect(30 * MINUTE + retryAfter).toBeLessThanOrEqual(7 * MINUTE + HOUR + 5 * MINUTE)
  })

  it('does not count what nobody has logged in for', () => {
    const session = open(new Ledger({ octetsPerHour: 1 }))
    expect(session.chargeServerOctets(10 * 1024 * 1024, 0)).toBeUndefined()
    expect(session.checkBudget(0)).toBeUndefined()
  })
})

describe('the budget of messages', () => {
  it('stops at the message that is one too many', () => {
    const session = openAs(new Ledger({ messagesPerHour: 3 }), 'ann')
    for (let n = 0; n < 3; n++) expect(session.chargeMessages(1, 0)).toBeUndefined()
    expect(session.checkBudget(0)).toMatchObject({
      limit: 'messagesPerHour',
      code: 'OVERQUOTA',
      isFinal: false,
    })
    expect(session.checkBudget(0, false), 'what asks for no content goes on').toBeUndefined()
    expect(session.chargeMessages(1, 0)).toMatchObject({ limit: 'messagesPerHour', isFinal: true })
  })

  it('never gives more than the limit in any hour, whenever it is asked', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { minLength: 1, maxLength: 120 })
    fc.assert(
      fc.property(steps, (waits) => {
        const session = openAs(new Ledger({ messagesPerHour: 4 }), 'ann')
        const given: number[] = []
        let at = 0
        for (const wait of waits) {
          at += wait
          if (session.checkBudget(at)) continue
          session.chargeMessages(1, at)
          given.push(at)
        }
        for (const start of given)
          expect(given.filter((time) => time >= start && time < start + HOUR).length).toBeLessThanOrEqual(4)
      }),
    )
  })

  const piece = (uid: number | undefined, origin: bigint | number) =>
    ({
      name: 'FETCH',
      message: 1,
      items: [
        ...(uid === undefined ? [] : [{ name: 'UID', uid } as const]),
        {
          name: 'BODY[]',
          section: { part: [], text: 'whole' },
          origin: Number(origin),
          data: new Uint8Array(1),
        },
      ],
    }) as const

  it('counts the pieces of one message once, where its UID is told', () => {
    const session = openAs(new Ledger({ messagesPerHour: 2 }), 'ann')
    for (let n = 0; n < 9; n++) expect(session.chargeContent(piece(7, n), 'INBOX', 0)).toBeUndefined()
    expect(session.chargeContent(piece(7, 0), 'Other', 0)).toBeUndefined()
    expect(session.counts(0).user.messagesLastHour).toBe(2)
    expect(session.chargeContent(piece(8, 0), 'INBOX', 0)?.limit).toBe('messagesPerHour')
  })

  it('counts every piece where nobody can say of which message it is', () => {
    const session = openAs(new Ledger({}), 'ann')
    for (let n = 0; n < 3; n++) session.chargeContent(piece(undefined, n), 'INBOX', 0)
    expect(session.counts(0).session.messages).toBe(3)
  })
})

describe('failed logins', () => {
  const limits: LimitsDocument = {
    failedLogins: { free: 3, first: SECOND, longest: 30 * SECOND, forget: HOUR },
  }
  const fail = (session: SessionAccount, user: string, times: number, at = 0): void => {
    for (let n = 0; n < times; n++) session.loginFailed(user, at)
  }

  it('of an address make its logins wait, twice as long each time, up to the longest', () => {
    const ledger = new Ledger(limits)
    const delays: number[] = []
    for (let n = 0; n < 10; n++) {
      const session = open(ledger)
      delays.push(session.loginDelay(`user${n}`, n * MINUTE))
      session.loginFailed(`user${n}`, n * MINUTE)
    }
    expect(delays.map((delay) => delay / SECOND)).toEqual([0, 0, 0, 1, 2, 4, 8, 16, 30, 30])
    expect(open(ledger, '192.0.2.9').loginDelay('user0', 0)).toBe(0)
  })

  it('of a user make its logins wait from wherever they come', () => {
    const ledger = new Ledger(limits)
    for (let n = 0; n < 5; n++) fail(open(ledger, `192.0.2.${n}`), n % 2 ? 'ann' : 'ANN', 1)
    const session = open(ledger, '198.51.100.1')
    expect(session.loginDelay('Ann', 0)).toBe(4 * SECOND)
    expect(session.loginDelay('bob', 0)).toBe(0)
    expect(session.loginDelay(undefined, 0)).toBe(0)
  })

  it('are forgotten', () => {
    const ledger = new Ledger(limits)
    fail(open(ledger), 'ann', 5)
    expect(open(ledger).loginDelay('ann', HOUR - 1)).toBe(4 * SECOND)
    expect(open(ledger).loginDelay('ann', HOUR)).toBe(0)
  })

  it('are forgiven to who logs in from there, and to nobody else', () => {
    const ledger = new Ledger(limits)
    const session = open(ledger)
    fail(session, 'ann', 4)
    fail(session, 'bob', 4)
    session.noteUser('ann', 0)
    session.loginSucceeded('ann', 0)
    expect(session.counts(0).address.failedLogins).toBe(4)
    expect(open(ledger, '192.0.2.2').loginDelay('ann', 0)).toBe(0)
    expect(open(ledger, '192.0.2.2').loginDelay('bob', 0)).toBe(2 * SECOND)
  })

  it('of strangers do not keep a user waiting where it has logged in before', () => {
    const ledger = new Ledger(limits)
    const ann = open(ledger)
    ann.loginSucceeded('ann', 0)
    ann.noteUser('ann', 0)
    ann.close(0)
    for (let n = 10; n < 40; n++) fail(open(ledger, `198.51.100.${n}`), 'ann', 1)
    expect(open(ledger, '192.0.2.1').loginDelay('ann', 0)).toBe(0)
    expect(open(ledger, '192.0.2.2').loginDelay('ann', 0)).toBe(30 * SECOND)
  })

  it('make the logins of an address wait one behind the other, and refuse a crowd', () => {
    const ledger = new Ledger(limits)
    fail(open(ledger), 'ann', 6)
    const delays: number[] = []
    const session = open(ledger)
    while (!session.checkLogin(0)) delays.push(session.loginDelay(`u${delays.length}`, 0) / SECOND)
    expect(delays).toEqual([8, 16, 24])
    expect(session.checkLogin(0)).toMatchObject({ limit: 'failedLogins', code: 'LIMIT', isFinal: false })
    expect(open(ledger, '192.0.2.2').checkLogin(0)).toBeUndefined()
    expect(session.checkLogin(24 * SECOND)).toBeUndefined()
  })

  it('never shut an address out: the first always gets its turn', () => {
    const ledger = new Ledger(limits)
    fail(open(ledger), 'ann', 1_000)
    expect(open(ledger).checkLogin(0)).toBeUndefined()
    expect(open(ledger).loginDelay('ann', 0)).toBe(30 * SECOND)
  })

  it('make nobody wait without the limit', () => {
    const ledger = new Ledger({})
    fail(open(ledger), 'ann', 100)
    expect(open(ledger).loginDelay('ann', 0)).toBe(0)
    expect(open(ledger).checkLogin(0)).toBeUndefined()
  })

  it('are counted for rules without the limit as well, forgiven and forgotten, in bounded memory', () => {
    const ledger = new Ledger({})
    const session = open(ledger)
    const counted = (at: number): number => open(ledger).counts(at).address.failedLogins
    fail(session, 'ann', 3)
    fail(session, 'bob', 2)
    expect(counted(HOUR - 1)).toBe(5)
    expect(open(ledger, '192.0.2.2').counts(0).address.failedLogins).toBe(0)
    session.loginSucceeded('ann', 0)
    expect(counted(HOUR - 1)).toBe(2)
    expect(counted(HOUR)).toBe(0)
    for (let n = 0; n < 30_000; n++) fail(open(ledger, `10.0.${n >> 8}.${n & 255}`), `user${n}`, 1)
    expect(ledger.kept.failures).toBe(20_000)
  })

  it('of any number of addresses and names take bounded memory, and the latest stay', () => {
    const ledger = new Ledger(limits)
    for (let n = 0; n < 60_000; n++) {
      const session = open(ledger, `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, n)
      session.loginFailed(`user${n}`, n)
      session.close(n)
    }
    const latest = open(ledger, '10.0.234.95')
    fail(latest, 'last', 5, 60_000)
    expect(ledger.kept).toEqual({ addresses: 1, users: 0, failures: 20_000 })
    expect(latest.loginDelay('last', 60_000)).toBeGreaterThan(0)
  })
})

describe('the counts for rules', () => {
  it('are those of the session, its user and its address', () => {
    const ledger = new Ledger({})
    const other = openAs(ledger, 'ann', 0, '192.0.2.2')
    other.chargeMessages(2, 0)
    const session = openAs(ledger, 'ann', 0)
    open(ledger)
    session.chargeCommand(0)
    session.chargeCommand(0)
    session.chargeServerOctets(100, 0)
    session.chargeMessages(1, 0)
    expect(session.counts(90 * SECOND)).toEqual({
      session: { age: 90, commands: 1, octets: 100, messages: 1 },
      user: { sessions: 2, octetsLastHour: 100, messagesLastHour: 3 },
      address: { sessions: 2, failedLogins: 0 },
    })
  })
})

describe('the bounds before login', () => {
  it('are a minute and no octets where the policy names none', () => {
    expect(new Ledger({}).loginBounds).toEqual({ millis: MINUTE, octets: undefined })
    const limits = { preAuthTime: 5 * SECOND, preAuthOctets: 4096 }
    expect(new Ledger(limits).loginBounds).toEqual({ millis: 5 * SECOND, octets: 4096 })
  })
})

describe('sizes', () => {
  const limits: LimitsDocument = { appendOctets: 1024, literalOctets: 100 }
  const sizes = (name: string, messageOctets: number, largestLiteral: number) =>
    checkSizes(limits, { name, messageOctets, largestLiteral })

  it('of messages and of other literals have limits of their own', () => {
    expect(sizes('APPEND', 1024, 1024)).toBeUndefined()
    expect(sizes('APPEND', 1025, 1025)).toMatchObject({
      limit: 'appendOctets',
      code: 'TOOBIG',
      text: 'the message is too large: 1 KiB are the most',
      why: 'appendOctets: 1025 of 1024 octets',
      isFinal: false,
    })
    expect(sizes('UID REPLACE', 1025, 1025)?.limit).toBe('appendOctets')
    expect(sizes('SEARCH', 0, 100)).toBeUndefined()
    expect(sizes('SEARCH', 0, 101)).toMatchObject({ limit: 'literalOctets', code: 'TOOBIG' })
  })

  it('have no limit that was not asked for', () => {
    expect(
      checkSizes({}, { name: 'APPEND', messageOctets: 2 ** 40, largestLiteral: 2 ** 40 }),
    ).toBeUndefined()
  })
})
