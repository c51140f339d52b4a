/** What only events of TLS and warnings show of a connection that got worse; its conversations are traces. */

import { describe, expect, it } from 'vitest'

import { FindingsEngine } from '../../../src/findings/engine.ts'
import type { EventBody } from '../../../src/relay/event.ts'
import { Session } from '../../../src/session/session.ts'

const clear = 'imap://mail.example.com:143'
const startTls = 'imap+starttls://mail.example.com:143'

/** What each of these events shows, as `X08 note server`. */
function observe(engine: FindingsEngine, session: string, bodies: readonly EventBody[]): string[] {
  return bodies.flatMap((body) =>
    engine
      .observe({ session, at: 0, ...body })
      .map(({ finding }) => `${finding.id} ${finding.level} ${finding.side}`),
  )
}

function openedTo(upstream: string): EventBody {
  const address = { host: '192.0.2.7', port: 50_000 }
  return { kind: 'opened', address, listener: 'imap://192.0.2.1:143', upstream, view: new Session() }
}

const tls = { cipher: 'x', name: 'mail.example.com', certificate: 'CN=mail.example.com', isResumed: false }
const failed = (side: 'client' | 'server', reason: string): EventBody => ({
  kind: 'tls-failed',
  side,
  reason,
  advice: '',
})
const refusal: EventBody = { kind: 'warning', reason: 'upstream refuses STARTTLS', advice: '' }

describe('TLS that failed', () => {
  it('is a note about who has the wrong name or too old a version', () => {
    const found = observe(new FindingsEngine(), 'S1', [
      openedTo(clear),
      failed('server', 'the server\'s certificate is not for "mail.example.com": it carries other.example'),
      failed('client', 'the client offers only TLS versions before 1.2'),
    ])
    expect(found).toEqual(['X08 note server', 'X08 note client'])
  })

  it('is no finding where anything else was the matter', () => {
    const found = observe(new FindingsEngine(), 'S1', [
      openedTo(clear),
      failed('server', "the server's certificate has expired"),
    ])
    expect(found).toEqual([])
  })
})

describe('a server that refuses STARTTLS', () => {
  it('took it before: somebody may have removed it', () => {
    const engine = new FindingsEngine()
    const first = observe(engine, 'S1', [
      openedTo(startTls),
      { kind: 'secured', side: 'server', tls: { ...tls, version: 'TLSv1.3' } },
    ])
    expect(first).toEqual([])
    expect(observe(engine, 'S2', [openedTo(startTls), refusal])).toEqual(['X05 warning server'])
  })

  it('never took it: nothing has changed', () => {
    expect(observe(new FindingsEngine(), 'S1', [openedTo(startTls), refusal])).toEqual([])
  })

  it('is another one than the one that took it', () => {
    const engine = new FindingsEngine()
    observe(engine, 'S1', [
      openedTo(startTls),
      { kind: 'secured', side: 'server', tls: { ...tls, version: 'TLSv1.3' } },
    ])
    expect(observe(engine, 'S2', [openedTo('imap+starttls://other.example:143'), refusal])).toEqual([])
  })
})
