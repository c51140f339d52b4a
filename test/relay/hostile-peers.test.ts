import { describe, expect, it } from 'vitest'

import { limits } from '../../src/imap/limits.ts'
import { describeMessage } from '../../src/imap/redact.ts'
import { play, playLoggedIn, type Dialogue } from '../support/play.ts'

const cleartext = (messages = false): Dialogue => play({ isClientSecure: false, messages, compress: 'never' })

/** All that a log with every line on would show. */
function shownBy(talk: Dialogue): string {
  const lines = talk
    .of('message')
    .flatMap(({ message, hidesAll }) => describeMessage(message, { hidesAll, limit: 999 }))
  const unreadable = talk.of('unreadable').map(({ shown }) => shown)
  const done = talk
    .of('exchange-completed')
    .map(({ exchange: { tag, name, args, text, code } }) => [tag, name, args, text, code])
  return [...lines, ...unreadable, ...done.flat()].join('\n')
}

describe('STARTTLS', () => {
  it('with an announcement behind it is refused, and the proxy goes on reading', () => {
    const talk = cleartext()
      .client('a STARTTLS {5}')
      .toServer()
      .toClient('a BAD STARTTLS takes no arguments')
      .client('b COMPRESS DEFLATE')
      .toServer()
      .toClient('b NO [CANNOT] compression is not available here')
    expect(talk.acts).toEqual([])
  })

  it('with arguments is refused, although nothing of the line may be shown', () => {
    cleartext().client('a STARTTLS now').toServer().toClient('a BAD STARTTLS takes no arguments')
  })

  it('drains what a non-synchronizing literal behind it brings', () => {
    cleartext().client('a STARTTLS {8+}', 'b NOOP', '', 'c NOOP').toServer('c NOOP')
  })

  it.each([
    ['a command with a literal', ['a NOOP {17+}', 'b LOGIN evil pw', '']],
    ['a command with arguments', ['a NOOP b LOGIN evil pw']],
    ['a line without a command', ['a']],
    ['an empty line', ['']],
  ])('dials anew after %s, however harmless its word is', (_what, lines) => {
    const talk = cleartext()
      .client(...lines)
      .server('a BAD what', '* BAD what', 'b OK in')
    talk.client('z STARTTLS')
    expect(talk.acts).toEqual(['secure client', 'redial'])
  })

  it('dials anew when the server has answered a command that nobody was seen to send', () => {
    const talk = cleartext().client('a NOOP').server('z OK in', 'a OK').client('b STARTTLS')
    expect(talk.acts).toEqual(['secure client', 'redial'])
  })

  it('does not wait for a command that the server rejected without its tag', () => {
    const talk = cleartext().client('+x NOOP').server('* BAD bad tag').client('b STARTTLS')
    expect(talk.acts).toEqual(['secure client'])
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.status)).toEqual(['BAD', 'OK'])
  })

  it('does not wait for a command that was answered here beside another of its tag', () => {
    const talk = cleartext().client('a NOOP', 'a COMPRESS DEFLATE').server('a OK').client('b STARTTLS')
    expect(talk.acts).toEqual(['secure client'])
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.name)).toEqual([
      'COMPRESS',
      'NOOP',
      'STARTTLS',
    ])
  })
})

describe('a second connection to upstream', () => {
  it('loses nothing of what comes behind its greeting', () => {
    const talk = cleartext().client('a ID NIL').server('* ID NIL', 'a OK').client('b STARTTLS')
    talk.take('client')
    talk.input({ kind: 'secured', side: 'client' }).input({ kind: 'connected' })
    talk.raw('server', '* OK hello\r\n* OK [ALERT] look\r\n* CAPABILITY IMAP4re').raw('server', 'v1 IDLE\r\n')
    talk.toClient('* OK [ALERT] look', '* CAPABILITY IMAP4rev1 IDLE')
    expect(talk.relay.view.capabilities).toEqual(['IMAP4REV1', 'IDLE'])
  })
})

describe('untagged BAD', () => {
  it('of a new connection is not for an empty line of the old one', () => {
    const talk = cleartext().client('').client('b STARTTLS')
    talk.input({ kind: 'secured', side: 'client' }).input({ kind: 'connected' }).server('* OK hi')
    talk.client('+x NOOP').server('* BAD bad tag')
    expect(talk.of('exchange-completed').at(-1)?.exchange).toMatchObject({ name: 'NOOP', status: 'BAD' })
  })

  it('in place of a continuation request ends the wait', () => {
    const talk = playLoggedIn({ compress: 'never' })
      .client('a APPEND x {300}')
      .server('* BAD no')
      .client('b COMPRESS DEFLATE')
    expect(talk.take('client')).toContain('b NO [CANNOT]')
    expect(talk.of('exchange-completed').map(({ exchange }) => [exchange.tag, exchange.status])).toEqual([
      ['a', 'BAD'],
      ['b', 'NO'],
    ])
  })

  it('for an empty line leaves the command in flight alone', () => {
    const talk = playLoggedIn().client('a APPEND x {3+}', 'abc', '').server('* BAD tag', 'a OK')
    expect(talk.of('exchange-completed').map(({ exchange }) => exchange.status)).toEqual(['OK'])
  })
})

describe('credentials sent ahead of a refusal', () => {
  it.each([
    ['AUTHENTICATE', ['b AUTHENTICATE PLAIN', 'AGFubgBTRUNSRVRQVw==']],
    ['LOGIN with literals', ['b LOGIN {3}', 'ann {8}', 'SECRETPW']],
    ['LOGIN over many lines', ['b LOGIN {3}', 'a', 'b', 'c d e f g h', 'SECRETPW AGFubgBTRUNSRVRQVw==']],
  ])('stay hidden, after login too: %s', (_what, lines) => {
    const talk = playLoggedIn({ messages: true })
      .client(...lines)
      .server('b BAD no')
    expect(shownBy(talk)).not.toMatch(/SECRETPW|AGFubgBTRUNSRVRQVw/)
    talk.client('c NOOP')
    expect(shownBy(talk)).toContain('c NOOP')
  })

  it('stay hidden when the server repeats them in a NO', () => {
    const talk = play({ messages: true }).client('a LOGIN ann SECRETPW').server('a NO bad password SECRETPW')
    expect(shownBy(talk)).not.toContain('SECRETPW')
  })
})

describe('bounds', () => {
  it('end a session that asks for answers of ours while the server never ends its message', () => {
    const talk = playLoggedIn({ compress: 'never' })
      .client('f FETCH 1 BODY[]')
      .raw('server', '* 1 FETCH (BODY[] {9}\r\nabc')
    for (let at = 0; at < 2_000; at++) talk.client(`c${at} COMPRESS DEFLATE`)
    expect(talk.of('closed')[0]?.reason).toMatch(/more was asked/)
  })

  it('keep a hundred names of what a server enables', () => {
    const talk = playLoggedIn()
    for (let at = 0; at < 200; at++) talk.server(`* ENABLED X${at}A X${at}B`)
    expect(talk.relay.view.enabled).toHaveLength(limits.enabledKept)
  })

  it('make the client opaque, and say so, when more commands are in flight than are kept', () => {
    const talk = playLoggedIn()
    const tags = Array.from({ length: limits.exchangesInFlight + 5 }, (_, at) => `t${at}`)
    for (const tag of tags) talk.client(`${tag} NOOP`)
    expect(talk.take('server').split('\r\n')).toHaveLength(tags.length + 1)
    expect(talk.of('warning').map(({ reason }) => reason)).toEqual([
      `the client's stream can no longer be read: more than ${limits.exchangesInFlight} commands are in flight`,
    ])
    expect(talk.of('exchange-opened')).toHaveLength(limits.exchangesInFlight)
  })
})

describe('a server that invents capabilities', () => {
  it('does not silence the word that the stream can no longer be read', () => {
    const talk = playLoggedIn({ hideCapabilities: ['X-*'] })
    for (let at = 0; at < 150; at++) talk.server(`* CAPABILITY X-${at}`)
    expect(talk.of('rewritten')).toHaveLength(100)
    talk.client('a IDLE', 'DONE', 'c COMPRESS DEFLATE', 'x').server('+ ', 'a OK', 'c OK')
    expect(talk.of('warning')).toHaveLength(1)
  })
})

describe('an empty line of the client', () => {
  it('is told like any other', () => {
    const talk = playLoggedIn({ messages: true }).client('')
    expect(talk.of('message')).toHaveLength(1)
  })
})
