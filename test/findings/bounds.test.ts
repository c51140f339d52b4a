/** What the checks keep of long sessions, large mailboxes and many users has a bound, and stays below it. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { describe, expect, it } from 'vitest'

import { FindingsEngine } from '../../src/findings/engine.ts'
import type { FindingEvent } from '../../src/findings/finding.ts'
import { History } from '../../src/findings/model/history.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { makeRules } from '../../src/policy/rules.ts'
import { Relay } from '../../src/relay/relay.ts'

const MIB = 1024 ** 2

/** Plays lines against a session with every check behind it, and keeps nothing but the findings. */
class Watched {
  readonly engine = new FindingsEngine()
  readonly found: FindingEvent[] = []
  readonly #relay = new Relay({
    session: 'S1',
    decider: makeRules({ hideCapabilities: [], compress: 'follow' }),
    interests: { messages: true },
    isClientSecure: true,
    startsUpstreamTls: false,
    makeTag: () => 'Tsecret',
    digesters: { client: () => undefined, server: () => undefined },
  })
  #now = 0

  constructor() {
    this.engine.observe({
      kind: 'opened',
      session: 'S1',
      at: 0,
      address: { host: '127.0.0.1', port: 50_000 },
      listener: 'imaps://192.0.2.1:993',
      upstream: 'imaps://mail.example.com:993',
      view: this.#relay.view,
    })
    this.#handle({ kind: 'connected' })
    this.say('server', '* OK [CAPABILITY IMAP4rev1] hi\r\n')
    this.say('client', 'a LOGIN ann pw\r\n')
    this.say('server', 'a OK [CAPABILITY IMAP4rev1] in\r\n')
  }

  select(exists: number): void {
    this.say('client', 'b SELECT INBOX\r\n')
    this.say('server', `* FLAGS (\\Seen)\r\n* OK [PERMANENTFLAGS (\\Seen)] kept\r\n* ${exists} EXISTS\r\n`)
    this.say(
      'server',
      '* 0 RECENT\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 5000000] next\r\nb OK [READ-WRITE] in\r\n',
    )
  }

  say(from: Side, text: string): void {
    this.#handle({ kind: 'received', from, octets: octetsOf(text) })
  }

  #handle(input: { kind: 'connected' } | { kind: 'received'; from: Side; octets: Uint8Array }): void {
    this.#now += 1
    for (const effect of this.#relay.handle({ ...input, at: this.#now }))
      if (effect.kind === 'emit') this.found.push(...this.engine.observe(effect.event))
  }
}

/** Octets in use once everything that can go has gone. */
function inUse(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') for (let left = 3; left > 0; left--) collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

describe('what the checks keep', () => {
  it('of a session does not grow with its commands', { timeout: 120_000 }, () => {
    const watched = new Watched()
    watched.select(3)
    const play = (commands: number): void => {
      for (let left = commands; left > 0; left--) {
        watched.say('client', `c${left} UID FETCH 1:* (FLAGS)\r\n`)
        watched.say('server', `* 1 FETCH (UID 1 FLAGS ())\r\nc${left} OK done\r\n`)
      }
    }
    play(10_000)
    const before = inUse()
    play(100_000)
    expect(inUse() - before).toBeLessThan(2 * MIB)
    expect(watched.found.filter(({ finding }) => finding.level === 'error')).toEqual([])
  })

  it('of a mailbox of a million messages is below 16 MiB', { timeout: 120_000 }, () => {
    const watched = new Watched()
    watched.select(1_000_000)
    const before = inUse()
    watched.say('client', 'c UID FETCH 1:* (FLAGS RFC822.SIZE INTERNALDATE)\r\n')
    for (let at = 0; at < 1_000_000; at += 1_000) {
      const lines = Array.from({ length: 1_000 }, (_, each) => {
        const sequence = at + each + 1
        return `* ${sequence} FETCH (UID ${sequence * 3} FLAGS () RFC822.SIZE 400 INTERNALDATE "17-Jul-1996 02:44:25 -0700")\r\n`
      })
      watched.say('server', lines.join(''))
    }
    watched.say('server', 'c OK done\r\n')
    expect(inUse() - before).toBeLessThan(16 * MIB)
    expect(watched.engine.model('S1')?.mailbox?.uids.uidAt(1_000_000)).toBe(3_000_000)
    expect(watched.found.filter(({ finding }) => finding.level === 'error')).toEqual([])
  })

  it('of users and mailboxes forgets the least recently used', () => {
    const history = new History()
    const before = inUse()
    for (let user = 0; user < 100_000; user++)
      history.users.set(`user${user}`, { capabilities: undefined, failedLogins: 0, serverKind: undefined })
    expect(history.users.size).toBe(5_000)
    expect(history.users.find('user99999')).toBeDefined()
    expect(history.users.find('user0')).toBeUndefined()
    expect(inUse() - before).toBeLessThan(2 * MIB)
  })

  it('of what is a mebibyte long is next to nothing', { timeout: 120_000 }, () => {
    const watched = new Watched()
    const long = 'm'.repeat(900_000)
    const before = inUse()
    for (let number = 0; number < 100; number++) {
      watched.say('client', `s SELECT "${long}${number}"\r\n`)
      watched.say('server', '* 3 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\ns OK [READ-WRITE] in\r\n')
      watched.say('client', `e ENABLE X${number} ${long}\r\n`)
      watched.say('server', `e OK done\r\n* CAPABILITY IMAP4rev1 ${long} X${number}\r\n`)
      watched.say('client', `f${number} UID FETCH 1 (EMAILID) ${long}\r\n`)
      watched.say(
        'server',
        `* 1 FETCH (EMAILID (M${number}) FLAGS (${long}) BODY[HEADER.FIELDS (${long}${number})] "x" UID 4)\r\n`,
      )
      watched.say('server', `* OK [X-CODE${number} ${long}] told\r\n`)
    }
    expect(inUse() - before).toBeLessThan(16 * MIB)
  })

  it('of commands in progress does not hold the huge ones', { timeout: 120_000 }, () => {
    const watched = new Watched()
    watched.select(3)
    const before = inUse()
    for (let number = 0; number < 100; number++)
      watched.say('client', `h${number} SEARCH ${'SEEN '.repeat(100_000)}ALL\r\n`)
    expect(inUse() - before).toBeLessThan(32 * MIB)
  })

  it('ends with what would take forever if each were held against each', { timeout: 120_000 }, () => {
    const watched = new Watched()
    watched.select(10_000)
    watched.say('client', 'f FETCH 1:* UID\r\n')
    watched.say('server', `* 1 FETCH (${'RFC822.SIZE 1 '.repeat(70_000)}UID 1)\r\n`)
    for (let number = 2; number <= 5_000; number++)
      watched.say('server', `* ${number} FETCH (UID ${number * 3})\r\n`)
    watched.say('server', 'f OK done\r\n')
    watched.say('client', 'm UID MOVE 1:* Trash\r\n')
    watched.say('server', '* 1 EXPUNGE\r\n'.repeat(2_000))
    const set = Array.from({ length: 60_000 }, (_, at) => 1_000_000 + at * 2).join(',')
    watched.say('server', `* OK [COPYUID 5 ${set} ${set}] moved\r\nm OK done\r\n`)
    watched.say('client', `s STATUS Sent (${'MESSAGES '.repeat(1_700)}UIDNEXT)\r\n`)
    const items = Array.from({ length: 60_000 }, (_, at) => `X${at} 1`).join(' ')
    for (let left = 10; left > 0; left--) watched.say('server', `* STATUS Sent (${items})\r\n`)
    watched.say('server', 's OK done\r\n')
    expect(watched.found.length).toBeGreaterThan(0)
  })

  it('tells ten findings of one check, of ten thousand', () => {
    const watched = new Watched()
    watched.select(20_000)
    for (let left = 10_000; left > 0; left--) watched.say('server', '* 1 EXPUNGE\r\n')
    expect(watched.found.filter(({ finding }) => finding.id === 'S01')).toHaveLength(10)
  })
})
