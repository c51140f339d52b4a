import { describe, expect, it } from 'vitest'

import { REDACTED } from '../../src/imap/redact.ts'
import type { Dialogue } from '../support/play.ts'
import { play, playLoggedIn } from '../support/play.ts'

const kinds = (talk: Dialogue): string[] => talk.events.map(({ kind }) => kind)
const completed = (talk: Dialogue): unknown[] =>
  talk.of('exchange-completed').map(({ exchange }) => [exchange.tag, exchange.name, exchange.text])

describe('what is told of an exchange', () => {
  it('is its beginning once it is whole, and its end', () => {
    const talk = playLoggedIn().client('a APPEND x {3}')
    expect(kinds(talk)).toEqual([])
    talk.server('+ go').client('abc')
    expect(kinds(talk)).toEqual(['exchange-opened'])
    talk.server('a OK done')
    expect(kinds(talk)).toEqual(['exchange-opened', 'exchange-completed'])
  })

  it('is its beginning also where its literal was refused', () => {
    const talk = playLoggedIn().client('a APPEND x {3}').server('a NO no')
    expect(kinds(talk)).toEqual(['exchange-opened', 'exchange-completed'])
  })

  it('is a completion that cannot be read as BAD', () => {
    const talk = playLoggedIn().client('a NOOP').server('a OK [')
    expect(talk.of('exchange-completed')).toHaveLength(1)
  })
})

describe('what a server repeats of a line', () => {
  it.each([
    ['a LOGIN ann secret', 'a BAD what is LOGIN ann secret'],
    ['a AUTHENTICATE PLAIN x y', 'a BAD [x] too many arguments'],
    ['a XFOO', 'a BAD XFOO?'],
    ['a NOOP now', 'a BAD now?'],
  ])('before login is not shown: %s', (command, answer) => {
    const talk = play().client(command).server(answer)
    expect(talk.of('exchange-completed')[0]?.exchange).toMatchObject({
      status: 'BAD',
      text: REDACTED,
      code: undefined,
    })
  })

  it('shows after login, unless the command took credentials', () => {
    const talk = playLoggedIn().client('a XFOO', 'b LOGIN x y').server('a BAD XFOO?', 'b BAD y?')
    expect(completed(talk)).toEqual([
      ['a', 'XFOO', 'XFOO?'],
      ['b', 'LOGIN', REDACTED],
    ])
  })

  it('is not the reason of a NO, which shows', () => {
    const talk = play().client('a LOGIN ann secret').server('a NO [AUTHENTICATIONFAILED] no such user')
    expect(talk.of('exchange-completed')[0]?.exchange).toMatchObject({
      code: 'AUTHENTICATIONFAILED',
      text: 'no such user',
    })
  })
})

describe('behind a refused literal', () => {
  const refused = (...lines: string[]): Dialogue =>
    playLoggedIn({ messages: true })
      .client('a APPEND x {40}')
      .server('a NO no')
      .client(...lines)

  it('lines that make no sense are not shown: they may be its octets', () => {
    const talk = refused('Subject: hello', 'private', 'words').server(
      'private BAD what',
      'Subject: BAD hello?',
    )
    expect(completed(talk).at(-1)).toEqual([REDACTED, '?', REDACTED])
    expect(talk.of('unreadable').map(({ shown }) => shown)).toEqual(['‹redacted 7›', '‹redacted 5›'])
    const hidden = talk.of('message').filter(({ hidesAll }) => hidesAll)
    expect(hidden).toHaveLength(5)
  })

  it('a command ends the doubt, and so do as many octets as were announced', () => {
    expect(completed(refused('b NOOP', 'c XFOO').server('b OK', 'c BAD XFOO?')).at(-1)).toEqual([
      'c',
      'XFOO',
      'XFOO?',
    ])
    const talk = refused('x'.repeat(40), 'c XFOO').server('c NO XFOO?')
    expect(completed(talk).at(-1)).toEqual(['c', 'XFOO', 'XFOO?'])
  })
})

describe('a line that is not DONE', () => {
  const idling = (): Dialogue => playLoggedIn({ messages: true }).client('a IDLE').server('+ ')

  it('shows as the command it is, without its credentials', () => {
    const talk = idling().client('b LOGIN ann secret')
    expect(talk.of('unreadable')[0]?.shown).toBe('b LOGIN ann ‹redacted 6›')
  })

  it('does not show where it is none', () => {
    const talk = idling().client('my secret')
    expect(talk.of('unreadable')[0]?.shown).toBe('‹redacted 9›')
    expect(talk.of('message').at(-1)?.hidesAll).toBe(true)
  })
})

describe('messages', () => {
  it('are told only while somebody wants them', () => {
    const lines = (talk: Dialogue): string[] =>
      talk
        .client('a NOOP')
        .server('* 1 EXISTS', 'a OK')
        .of('message')
        .map(({ side, message }) => `${side} ${message.kind}`)
    expect(lines(playLoggedIn())).toEqual([])
    expect(lines(playLoggedIn({ messages: true }))).toEqual([
      'client command',
      'server response',
      'server response',
    ])
  })

  it('come with what went on in their place', () => {
    const talk = playLoggedIn({ messages: true, hideCapabilities: ['IDLE'] }).server(
      '* CAPABILITY IMAP4rev1 IDLE',
    )
    expect(talk.of('message')[0]?.sent?.raw.octets).toBe('* CAPABILITY IMAP4rev1\r\n'.length)
    expect(kinds(talk)).toContain('rewritten')
  })

  it('of a challenge are hidden while a login is open, and shown otherwise', () => {
    const talk = play({ messages: true })
      .client('a AUTHENTICATE PLAIN')
      .server('+ c2VjcmV0')
      .client('*')
      .server('a NO no')
    talk.client('b APPEND x {1}').server('+ go')
    const challenges = talk.of('message').filter(({ message }) => message.raw.parts[0]?.octets?.[0] === 0x2b)
    expect(challenges.map(({ hidesAll }) => hidesAll)).toEqual([true, false])
    const answers = talk.of('message').filter(({ message }) => message.kind === 'sasl-data')
    expect(answers.map(({ hidesAll }) => hidesAll)).toEqual([true])
  })
})
