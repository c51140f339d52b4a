/** Commands of many literals, lines that are no commands, and data that nobody asked for, as dialogues with the engine. */

import { describe, expect, it } from 'vitest'

import { play, playLoggedIn, type Dialogue } from '../support/play.ts'

const completed = (talk: Dialogue): unknown[] =>
  talk.of('exchange-completed').map(({ exchange }) => [exchange.tag, exchange.name, exchange.status])

/** Says the pieces one after the other, each after a `+` of the server, and expects each to arrive as it was. */
function sayInTurn(talk: Dialogue, pieces: readonly string[]): Dialogue {
  for (const [at, piece] of pieces.entries()) {
    if (at > 0) talk.server('+ go on').toClient('+ go on')
    talk.raw('client', piece)
    expect(talk.take('server')).toBe(piece)
  }
  return talk
}

describe.each([1, 2, 3, Number.MAX_SAFE_INTEGER])('in chunks of %i octets', (chunk) => {
  it.each<[string, string, readonly string[]]>([
    [
      'MULTIAPPEND',
      'APPEND',
      ['a APPEND x (\\Seen) {3}\r\n', 'abc (\\Draft) " 1-Jan-2026 00:00:00 +0000" {2}\r\n', 'de\r\n'],
    ],
    [
      'CATENATE',
      'APPEND',
      ['a APPEND x CATENATE (URL "/INBOX/;UID=1" TEXT {4}\r\n', 'a)\r\n URL {3}\r\n', '/x/)\r\n'],
    ],
    ['REPLACE', 'REPLACE', ['a REPLACE 4 Drafts (\\Draft) {3}\r\n', 'a\r\n\r\n']],
    ['UID REPLACE', 'UID REPLACE', ['a UID REPLACE 4 Drafts ~{3}\r\n', 'a\0b\r\n']],
    ['BINARY', 'APPEND', ['a APPEND x ~{4}\r\n', '\0{9}\r\n']],
    ['UTF8', 'APPEND', ['a APPEND x UTF8 (~{2}\r\n', 'ab)\r\n']],
    ['LOGIN', 'LOGIN', ['a LOGIN {3}\r\n', 'ann {6}\r\n', 'secret\r\n']],
  ])('%s asks for each of its literals', (_, name, pieces) => {
    const talk = sayInTurn(playLoggedIn({ chunk }), pieces).server('a OK done')
    talk.client('b NOOP').toServer('b NOOP').server('b OK')
    expect(completed(talk)).toEqual([
      ['a', name, 'OK'],
      ['b', 'NOOP', 'OK'],
    ])
  })

  it.each(['NO [TOOBIG] no', 'BAD no'])('the second of two literals is refused: %s', (answer) => {
    const talk = sayInTurn(playLoggedIn({ chunk }), ['a APPEND x {3}\r\n', 'abc {2}\r\n']).server(
      `a ${answer}`,
    )
    talk.client('b NOOP').toServer('b NOOP').server('b OK')
    expect(completed(talk).at(-1)).toEqual(['b', 'NOOP', 'OK'])
    expect(talk.of('unreadable')).toEqual([])
  })

  it('a literal that does not wait is read whole although it was refused', () => {
    const talk = playLoggedIn({ chunk }).raw('client', 'a APPEND x {7+}\r\nb')
    talk.server('a NO [TOOBIG] no').raw('client', ' NOOP\n\r\nc NOOP\r\n').server('c OK')
    expect(talk.take('server')).toBe('a APPEND x {7+}\r\nb NOOP\n\r\nc NOOP\r\n')
    expect(completed(talk)).toEqual([
      ['a', 'APPEND', 'NO'],
      ['c', 'NOOP', 'OK'],
    ])
  })
})

describe('AUTHENTICATE', () => {
  it('takes lines that are no base64 and end like a literal, as GroupWise has them', () => {
    const talk = play({ messages: true }).client('a AUTHENTICATE XGWTRUSTEDAPP').server('+ ')
    talk.client('XGWTRUSTEDAPP YW5u {3}').server('+ more {5}').client('XGWTRUSTEDAPP two').server('a OK in')
    talk.client('b NOOP').server('b OK')
    expect(completed(talk).at(-1)).toEqual(['b', 'NOOP', 'OK'])
    const lines = talk.of('message').filter(({ message }) => message.kind === 'sasl-data')
    expect(lines.map(({ hidesAll }) => hidesAll)).toEqual([true, true])
  })

  it('is ended by a refusal in place of `+`, and takes an empty line for an answer', () => {
    const talk = play().client('a AUTHENTICATE PLAIN').server('a NO no').client('b AUTHENTICATE LOGIN')
    talk.server('+ VXNlcm5hbWU6').client('').server('+ UGFzc3dvcmQ6').client('').server('b NO no')
    talk.client('c NOOP').server('c OK')
    expect(completed(talk)).toEqual([
      ['a', 'AUTHENTICATE', 'NO'],
      ['b', 'AUTHENTICATE', 'NO'],
      ['c', 'NOOP', 'OK'],
    ])
  })
})

describe('IDLE', () => {
  it.each(['NO not now', 'BAD what'])('is over where the server says %s in place of `+`', (answer) => {
    const talk = playLoggedIn().client('i IDLE').server(`i ${answer}`).client('n NOOP').server('n OK')
    expect(completed(talk).at(-1)).toEqual(['n', 'NOOP', 'OK'])
    expect(talk.relay.view.isIdle).toBe(false)
  })

  it('may be refused although DONE had been sent: that is a line of nobody then', () => {
    const talk = playLoggedIn().client('i IDLE', 'DONE', 'n NOOP').server('i NO no', 'DONE BAD what', 'n OK')
    talk.toServer('i IDLE', 'DONE', 'n NOOP')
    expect(completed(talk).at(-1)).toEqual(['n', 'NOOP', 'OK'])
  })

  it('ends and the next begins in one segment', () => {
    const talk = playLoggedIn().client('i IDLE').server('+ idling').client('done', 'j IDLE')
    talk.server('i OK', '+ idling', '* 4 EXISTS')
    expect(talk.relay.view.isIdle).toBe(true)
    talk.client('DONE').server('j OK')
    expect(completed(talk)).toEqual([
      ['i', 'IDLE', 'OK'],
      ['j', 'IDLE', 'OK'],
    ])
  })
})

describe('data with no command in progress', () => {
  it('is read like any other, and belongs to nobody: NOTIFY, CONTEXT', () => {
    const talk = playLoggedIn({ messages: true })
    const lines = [
      '* STATUS other (MESSAGES 4 UIDNEXT 9)',
      '* ESEARCH (TAG "a") UID ADDTO (0 7:9)',
      '* 3 FETCH (FLAGS (\\Seen))',
    ]
    talk.server(...lines).toClient(...lines)
    expect(talk.of('unreadable')).toEqual([])
    expect(talk.of('message').map(({ exchange }) => exchange)).toEqual([undefined, undefined, undefined])
  })
})

describe('what was enabled', () => {
  it('decides how both sides are read from then on', () => {
    const talk = playLoggedIn({ messages: true }).client('e ENABLE UTF8=ACCEPT')
    talk.server('* ENABLED UTF8=ACCEPT', 'e OK').client('s SELECT "A&-B"').server('* 3 EXISTS', 's OK')
    expect(talk.relay.view).toMatchObject({ isUtf8: true, mailbox: { name: 'A&-B' } })
    talk.raw('client', 'c CREATE "\xc3\xbc"\r\n')
    const last = talk.of('message').at(-1)?.message.command()
    expect(last).toMatchObject({ ok: true, value: { mailbox: '\u00fc' }, quirks: [] })
  })

  it('is nothing where the server says OK and no more, as iCloud does', () => {
    const talk = playLoggedIn()
      .client('e ENABLE UTF8=ACCEPT')
      .server('e OK')
      .client('s SELECT "A&-B"')
      .server('s OK')
    expect(talk.relay.view).toMatchObject({ isUtf8: false, enabled: [], mailbox: { name: 'A&B' } })
  })

  it('is gone with UNAUTHENTICATE', () => {
    const talk = playLoggedIn()
      .client('e ENABLE IMAP4rev2 UIDONLY')
      .server('* ENABLED IMAP4rev2 UIDONLY', 'e OK')
    expect(talk.relay.view).toMatchObject({ isUtf8: true, isRev2: true, isUidOnly: true })
    talk.client('u UNAUTHENTICATE').server('u OK')
    expect(talk.relay.view).toMatchObject({ isUtf8: false, isRev2: false, isUidOnly: false, user: undefined })
  })
})
