/** UIDs are held against what other sessions heard before, and never against what they hear at the same time. */

import { describe, expect, it } from 'vitest'

import { FindingsEngine } from '../../../src/findings/engine.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import type { Side } from '../../../src/imap/raw-message.ts'
import { makeRules } from '../../../src/policy/rules.ts'
import type { Input } from '../../../src/relay/input.ts'
import { Relay } from '../../../src/relay/relay.ts'

/** Two sessions of one user, watched by the same engine. */
class Pair {
  readonly #engine = new FindingsEngine()
  readonly #relays = new Map<string, Relay>()
  readonly found: string[] = []
  #now = 0

  open(session: string, user = 'ann'): void {
    const relay = new Relay({
      session,
      decider: makeRules({ hideCapabilities: [], compress: 'follow' }),
      interests: { messages: true },
      isClientSecure: true,
      startsUpstreamTls: false,
      makeTag: () => 'Tsecret',
      digesters: { client: () => undefined, server: () => undefined },
    })
    this.#relays.set(session, relay)
    this.#handle(session, { kind: 'connected', at: this.#now })
    this.say(session, 'server', '* OK [CAPABILITY IMAP4rev1] hi')
    this.say(session, 'client', `a LOGIN ${user} pw`)
    this.say(session, 'server', 'a OK [CAPABILITY IMAP4rev1] in')
  }

  say(session: string, from: Side, line: string): void {
    this.#now += 1
    this.#handle(session, { kind: 'received', from, octets: octetsOf(`${line}\r\n`), at: this.#now })
  }

  /** The client's end of a SELECT, and the server's. */
  ask(session: string): void {
    this.say(session, 'client', 'b SELECT INBOX')
  }

  answer(session: string, { uidValidity = 7, uidNext }: { uidValidity?: number; uidNext: number }): void {
    for (const line of [
      '* FLAGS (\\Seen)',
      '* OK [PERMANENTFLAGS (\\Seen)] kept',
      '* 3 EXISTS',
      '* 0 RECENT',
      `* OK [UIDVALIDITY ${uidValidity}] valid`,
      `* OK [UIDNEXT ${uidNext}] next`,
      'b OK [READ-WRITE] done',
    ])
      this.say(session, 'server', line)
  }

  #handle(session: string, input: Input): void {
    for (const effect of this.#relays.get(session)?.handle(input) ?? [])
      if (effect.kind === 'emit')
        for (const { finding } of this.#engine.observe(effect.event))
          if (finding.id === 'S09' || finding.id === 'S10') this.found.push(finding.text)
  }
}

describe('UIDNEXT in two sessions', () => {
  it('must not go down from one to the next', () => {
    const pair = new Pair()
    for (const session of ['S1', 'S2']) pair.open(session)
    pair.ask('S1')
    pair.answer('S1', { uidNext: 12 })
    pair.ask('S2')
    pair.answer('S2', { uidNext: 11 })
    expect(pair.found).toEqual(['UIDNEXT is 11 and was 12 before'])
  })

  it('may be older where the answer was under way when the other heard of a message', () => {
    const pair = new Pair()
    for (const session of ['S1', 'S2']) pair.open(session)
    pair.ask('S2')
    pair.ask('S1')
    pair.answer('S1', { uidNext: 12 })
    pair.answer('S2', { uidNext: 11 })
    expect(pair.found).toEqual([])
  })

  it('are of two mailboxes where the users are two', () => {
    const pair = new Pair()
    pair.open('S1')
    pair.open('S2', 'bob')
    pair.ask('S1')
    pair.answer('S1', { uidNext: 12 })
    pair.ask('S2')
    pair.answer('S2', { uidNext: 11 })
    expect(pair.found).toEqual([])
  })
})

describe('UIDVALIDITY in two sessions', () => {
  it('may be smaller where the answer was under way when the mailbox was made anew', () => {
    const pair = new Pair()
    for (const session of ['S1', 'S2']) pair.open(session)
    pair.ask('S2')
    pair.ask('S1')
    pair.answer('S1', { uidValidity: 8, uidNext: 1 })
    pair.answer('S2', { uidNext: 11 })
    expect(pair.found).toEqual([])
    pair.ask('S1')
    pair.answer('S1', { uidValidity: 6, uidNext: 1 })
    expect(pair.found).toEqual(['UIDVALIDITY went down from 7 to 6'])
  })
})
