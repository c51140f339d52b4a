import { describe, expect, it } from 'vitest'

import { Dialogue, play, playLoggedIn } from '../support/play.ts'

const greeted = (greeting: string, isClientSecure = true): Dialogue =>
  new Dialogue({ isClientSecure, compress: 'never' }).input({ kind: 'connected' }).server(greeting)

describe('capabilities that cannot survive interception', () => {
  it('are hidden in the greeting, in CAPABILITY and in a completion, and told once', () => {
    const talk = greeted('* OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE AUTH=PLAIN] hi')
      .toClient('* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi')
      .client('a CAPABILITY')
      .server('* CAPABILITY IMAP4rev1 COMPRESS=DEFLATE AUTH=SCRAM-SHA-1-PLUS AUTH=SCRAM-SHA-1', 'a OK done')
      .toClient('* CAPABILITY IMAP4rev1 AUTH=SCRAM-SHA-1', 'a OK done')
      .client('b LOGIN ann secret')
      .server('b OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] in')
      .toClient('b OK [CAPABILITY IMAP4rev1] in')
    expect(talk.of('rewritten').map(({ note }) => note)).toEqual([
      'COMPRESS=DEFLATE is hidden: asked for by --compress never',
      'AUTH=SCRAM-SHA-1-PLUS is hidden: its security layer or channel binding cannot survive interception',
    ])
  })

  it('are refused when used all the same, without a word to the server', () => {
    const talk = play({ compress: 'never' })
      .client('a COMPRESS DEFLATE')
      .toServer()
      .toClient('a NO [CANNOT] compression is not available here')
      .client('b AUTHENTICATE GSSAPI')
      .toServer()
      .toClient('b NO [CANNOT] this mechanism is not available here')
      .client('c NOOP')
      .toServer('c NOOP')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.status)).toEqual(['NO', 'NO'])
  })

  it('that slip through with more behind them make the stream opaque and not a heap of faults', () => {
    const talk = play()
      .client('l LOGIN ann secret')
      .server('l OK')
      .client('a IDLE', 'DONE', 'c COMPRESS DEFLATE', '\x01')
      .toServer('l LOGIN ann secret', 'a IDLE', 'DONE', 'c COMPRESS DEFLATE', '\x01')
      .server('+ idling', 'a OK done', 'c OK compressed')
    talk.take('client')
    talk.raw('server', 'J\x84\x00\x01\n').raw('client', '\x0a\xff')
    expect(talk.take('client')).toBe('J\x84\x00\x01\n')
    expect(talk.take('server')).toBe('\x0a\xff')
    expect(talk.of('unreadable')).toEqual([])
    expect(talk.of('warning').map(({ reason }) => reason)).toEqual([
      "the server's stream can no longer be read: it is compressed from here on",
    ])
  })

  it('are refused with their code in the exchange, and the answer stands on the wire as ours', () => {
    const talk = play({ messages: true, compress: 'never' }).client('a COMPRESS DEFLATE')
    expect(talk.of('exchange-completed')[0]?.exchange).toMatchObject({
      status: 'NO',
      code: 'CANNOT',
      text: 'compression is not available here',
    })
    expect(talk.events.map(({ kind }) => kind).slice(-5)).toEqual([
      'exchange-opened',
      'message',
      'rewritten',
      'message',
      'exchange-completed',
    ])
    expect(talk.of('message').at(-1)).toMatchObject({ isOurs: true, side: 'server' })
  })

  it('are left alone where there are none', () => {
    greeted('* OK [CAPABILITY  imap4rev1  Idle ] hi').toClient('* OK [CAPABILITY  imap4rev1  Idle ] hi')
  })

  it('can be named, whatever their case', () => {
    const talk = new Dialogue({ hideCapabilities: ['idle', 'X-*'] })
      .input({ kind: 'connected' })
      .server('* PREAUTH [CAPABILITY IMAP4rev1 Idle X-GM-EXT-1 MOVE] hi')
      .toClient('* PREAUTH [CAPABILITY IMAP4rev1 MOVE] hi')
    expect(talk.relay.view.capabilities).toContain('IDLE')
  })

  it('are hidden when the line comes octet by octet', () => {
    new Dialogue({ chunk: 1, compress: 'never' })
      .input({ kind: 'connected' })
      .server('* OK [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] hi')
      .toClient('* OK [CAPABILITY IMAP4rev1] hi')
  })

  it('waits with its own answer until the literal that the server is sending has ended', () => {
    const talk = playLoggedIn({ compress: 'never' }).client('f FETCH 1 BODY[]')
    talk.take('client')
    talk.raw('server', '* 1 FETCH (BODY[] {6}\r\nabc').client('c COMPRESS DEFLATE')
    talk.raw('server', 'def)\r\nf OK\r\n')
    expect(talk.take('client')).toBe(
      '* 1 FETCH (BODY[] {6}\r\nabcdef)\r\nc NO [CANNOT] compression is not available here\r\nf OK\r\n',
    )
  })
})

describe('STARTTLS as a capability', () => {
  it('is added on a leg that can start TLS, and removed on one that has it', () => {
    greeted('* OK [CAPABILITY IMAP4rev1] hi', false).toClient('* OK [CAPABILITY IMAP4rev1 STARTTLS] hi')
    greeted('* OK [CAPABILITY STARTTLS IMAP4rev1] hi', true).toClient('* OK [CAPABILITY IMAP4rev1] hi')
  })

  it('is gone after login', () => {
    const talk = greeted('* OK hi', false)
      .client('a LOGIN ann secret')
      .server('a OK [CAPABILITY IMAP4rev1 STARTTLS] in')
    expect(talk.take('client')).toContain('a OK [CAPABILITY IMAP4rev1] in')
    talk.client('b CAPABILITY').server('* CAPABILITY IMAP4rev1 STARTTLS').toClient('* CAPABILITY IMAP4rev1')
  })
})
