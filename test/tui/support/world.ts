/** A fixed scene with every kind of row, for snapshots; times are counted from 0. */

import type { ObservedEvent } from '../../../src/findings/finding.ts'
import type { ProxyEvent } from '../../../src/relay/event.ts'
import { FakeSession, mailbox, message } from './events.ts'

export const SCENE_NOW = 100_000

export function scene(): ObservedEvent[] {
  return [...distrusting(), ...idling(), ...gone(), ...wide(), ...busy(), ...wrong()]
}

function distrusting(): ProxyEvent[] {
  const session = new FakeSession('S39')
  const [opened] = session.open(20_000)
  return [
    ...(opened ? [opened] : []),
    {
      kind: 'tls-failed',
      session: 'S39',
      at: 20_050,
      side: 'client',
      reason: 'client distrusts our CA (unknown_ca)',
      advice: 'Export the CA with `imaptap ca export --out ca.pem` and let the client trust it.',
    },
    ...session.close(20_060, 'TLS failed'),
  ]
}

function idling(): ProxyEvent[] {
  const session = new FakeSession('S40')
  const events = session.open(30_000, '192.0.2.8')
  events.push(
    ...session.become(30_100, {
      state: 'selected',
      user: 'bob@example.org',
      client: 'iOS Mail/17',
      mailbox: mailbox('INBOX'),
    }),
  )
  const idle = session.command(40_000, 'IDLE')
  events.push(...idle.events, session.untagged(60_000, '* 11 EXISTS', idle.exchange))
  events.push({
    kind: 'warning',
    session: 'S40',
    at: 61_000,
    reason: 'no NOOP for 29 minutes',
    advice: 'Nothing to do.',
  })
  return events
}

function gone(): ProxyEvent[] {
  const session = new FakeSession('S38')
  const login = session.command(10_100, 'LOGIN', 'carol ‹redacted 12›')
  return [
    ...session.open(10_000),
    ...login.events,
    ...session.complete(login.exchange, { after: 40 }),
    ...session.close(15_000),
  ]
}

function wide(): ProxyEvent[] {
  const session = new FakeSession('S41')
  const events = session.open(50_000, '192.0.2.9')
  events.push(
    ...session.become(50_100, {
      state: 'selected',
      user: '田中@example.jp',
      client: '{red-fg}Evil',
      mailbox: mailbox('受信箱/😀'),
    }),
  )
  const noop = session.command(50_200, 'NOOP')
  return [...events, ...noop.events, ...session.complete(noop.exchange, { after: 12 })]
}

function busy(): ProxyEvent[] {
  const session = new FakeSession('S42')
  const events = session.open(90_000, '192.0.2.10')
  const login = session.command(90_100, 'LOGIN', 'ann@example.org ‹redacted 12›')
  events.push(
    ...login.events,
    ...session.complete(login.exchange, { after: 42, wait: 40, text: 'Logged in' }),
  )
  events.push({
    kind: 'rewritten',
    session: 'S42',
    at: 90_143,
    side: 'server',
    rule: 'strip-compress',
    note: 'COMPRESS=DEFLATE removed from CAPABILITY',
  })
  events.push(
    ...session.become(90_150, {
      state: 'selected',
      user: 'ann@example.org',
      client: 'Thunderbird/128',
      mailbox: mailbox('INBOX'),
    }),
  )
  const fetch = session.command(91_000, 'UID FETCH', '1:* (FLAGS ENVELOPE)')
  events.push(...fetch.events)
  for (let i = 1; i <= 4213; i++)
    events.push(session.untagged(91_180, `* ${i} FETCH (UID ${i} FLAGS (\\Seen))`, fetch.exchange, 970))
  events.push(
    ...session.complete(fetch.exchange, { after: 3080, wait: 180, text: 'Success', octets: 4_000_000 }),
  )
  events.push(unreadable())
  const store = session.command(95_000, 'STORE', '5 +FLAGS (\\Deleted)')
  events.push(
    ...store.events,
    ...session.complete(store.exchange, { after: 15, status: 'NO', code: 'NOPERM', text: 'Not allowed' }),
  )
  return [...events, ...session.command(96_900, 'UID SEARCH', 'TEXT "hello"').events]
}

function unreadable(): ProxyEvent {
  const fault = {
    rule: 'unterminated-quoted',
    at: 12,
    text: 'A quoted string does not end.',
    side: 'server',
  } as const
  return {
    kind: 'unreadable',
    session: 'S42',
    at: 94_500,
    side: 'server',
    fault,
    octets: 40,
    shown: '* LIST () "/" "x\x1b]52;c;aGk=\x07',
  }
}

/** A finding at an exchange, and one command that a breakpoint holds. */
function wrong(): ObservedEvent[] {
  const finding = {
    id: 'C05',
    name: 'literal-without-invitation',
    level: 'warning',
    side: 'client',
    text: 'The client sent 36 octets of a literal before the server asked for them.',
    reference: 'RFC 9051 section 4.3',
    advice: 'Wait for the continuation request.',
    evidence: ['C A3 STORE 5 +FLAGS (\\Deleted)'],
    exchange: 3,
  } as const
  const held = message('client', 'D7 UID STORE 5 +FLAGS (\\Deleted)', 'command')
  return [
    { kind: 'finding', session: 'S42', at: 95_016, finding },
    {
      kind: 'held',
      session: 'S41',
      at: 97_000,
      ticket: 1,
      side: 'client',
      message: held,
      hidesAll: false,
      isEditable: true,
      deadline: 112_000,
    },
  ]
}
