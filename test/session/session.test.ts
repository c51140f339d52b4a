import { describe, expect, it } from 'vitest'

import { play, playLoggedIn } from '../support/play.ts'

const encode = (text: string): string => Buffer.from(text).toString('base64')

it('two responses on one line are both observed', () => {
  const talk = playLoggedIn()
    .client('a SELECT x')
    .server('* 5 EXISTS* OK [UIDNEXT 7] next')
    .server('a OK done')
  expect(talk.relay.view.mailbox).toMatchObject({ exists: 5, uidNext: 7 })
})

describe('the user', () => {
  it('is nobody until the server says OK', () => {
    const talk = play().client('a LOGIN ann secret')
    expect(talk.relay.view.user).toBeUndefined()
    expect(talk.server('a OK').relay.view).toMatchObject({ user: 'ann', state: 'authenticated' })
  })

  it('is the one of the login that succeeded, not of one before it', () => {
    const talk = play()
    for (const [tag, user, answer] of [
      ['a', 'ann', 'a NO no'],
      ['b', 'ben', 'b OK'],
    ] as const) {
      talk
        .client(`${tag} AUTHENTICATE PLAIN`)
        .server('+ ')
        .client(encode(`\0${user}\0secret`))
        .server(answer)
    }
    expect(talk.relay.view.user).toBe('ben')
  })

  it('is not the one of a login by SASL when LOGIN follows', () => {
    const talk = play()
      .client(`a AUTHENTICATE PLAIN ${encode('\0ann\0x')}`)
      .server('a NO')
      .client('b LOGIN ben x')
    expect(talk.server('b OK').relay.view.user).toBe('ben')
  })

  it('is never what comes second in a dialogue: that is the password', () => {
    const talk = play()
      .client('a AUTHENTICATE LOGIN')
      .server('+ ')
      .client('!!')
      .server('+ ')
      .client(encode('secret'))
    expect(talk.server('a OK').relay.view).toMatchObject({ state: 'authenticated', user: undefined })
  })

  it('comes behind an empty initial response', () => {
    const talk = play()
      .client('a AUTHENTICATE LOGIN =')
      .server('+ ')
      .client(encode('ann'))
      .server('+ ')
      .client(encode('x'))
    expect(talk.server('a OK').relay.view.user).toBe('ann')
  })

  it('leaves by UNAUTHENTICATE, and the mailbox with it', () => {
    const talk = playLoggedIn().client('a SELECT x').server('a OK').client('b UNAUTHENTICATE').server('b OK')
    expect(talk.relay.view).toMatchObject({ state: 'not-authenticated', user: undefined, mailbox: undefined })
  })

  it('cannot break a line', () => {
    const talk = play().client('a LOGIN {5+}\r\na\r\n\x1bb x').server('a OK')
    expect(talk.relay.view.user).toBe(String.raw`a\x0d\x0a\x1bb`)
  })
})

describe('the mailbox', () => {
  it('takes the counts and codes that come while it is being selected', () => {
    const talk = playLoggedIn().client('a SELECT x').server('* 3 EXISTS', '* OK [UIDNEXT 9] n', 'a OK')
    talk.client('b SELECT y').server('* 8 EXISTS')
    expect(talk.relay.view.mailbox).toMatchObject({ name: 'x', exists: 3 })
    talk.server('b OK [READ-WRITE]')
    expect(talk.relay.view.mailbox).toMatchObject({
      name: 'y',
      exists: 8,
      uidNext: undefined,
      isReadOnly: false,
    })
  })

  it('is left by a SELECT that fails with NO, and kept where the server did not try', () => {
    const talk = playLoggedIn().client('a EXAMINE x').server('a OK').client('b SELECT y').server('b BAD what')
    expect(talk.relay.view.mailbox).toMatchObject({ name: 'x', isReadOnly: true })
    talk.client('c SELECT y').server('c NO none')
    expect(talk.relay.view).toMatchObject({ mailbox: undefined, state: 'authenticated' })
  })

  it('counts what comes and goes', () => {
    const talk = playLoggedIn().client('a SELECT x').server('* 2 EXISTS', 'a OK', '* 1 EXPUNGE')
    expect(talk.relay.view.mailbox?.exists).toBe(1)
    expect(talk.server('* 5 EXISTS').relay.view.mailbox?.exists).toBe(5)
    talk.server('* 0 EXISTS', '* 1 EXPUNGE')
    expect(talk.relay.view.mailbox?.exists).toBe(0)
  })

  it.each(['CLOSE', 'UNSELECT'])('is left by %s', (command) => {
    const talk = playLoggedIn().client('a SELECT x').server('a OK').client(`b ${command}`).server('b OK')
    expect(talk.relay.view).toMatchObject({ mailbox: undefined, state: 'authenticated' })
  })
})

describe('the peers', () => {
  it('are known by name and version, and by nothing else of their ID', () => {
    const talk = playLoggedIn()
      .client('a ID ("name" "Mutt" "version" "2" "os" "x")')
      .server('* ID ("name" "Dovecot")')
    expect(talk.relay.view).toMatchObject({ client: 'Mutt/2', server: 'Dovecot' })
    talk.client('b ID NIL').server('* ID NIL')
    expect(talk.relay.view).toMatchObject({ client: 'Mutt/2', server: 'Dovecot' })
  })

  it('announce and enable what they can do, in any case', () => {
    const talk = playLoggedIn().server(
      '* CAPABILITY IMAP4rev1 Idle',
      '* ENABLED Condstore',
      '* ENABLED qresync CONDSTORE',
    )
    expect(talk.relay.view).toMatchObject({
      capabilities: ['IMAP4REV1', 'IDLE'],
      enabled: ['CONDSTORE', 'QRESYNC'],
    })
  })
})

describe('the state', () => {
  it('follows the greeting', () => {
    expect(play().relay.view.state).toBe('not-authenticated')
    expect(play().server('* BYE no').relay.view.state).toBe('logout')
  })

  it('is idle between the request and DONE', () => {
    const talk = playLoggedIn().client('a IDLE')
    expect(talk.relay.view.isIdle).toBe(false)
    expect(talk.server('+ ').relay.view.isIdle).toBe(true)
    expect(talk.client('DONE').relay.view.isIdle).toBe(false)
  })

  it('is told when it changes, and only then', () => {
    const talk = playLoggedIn().client('a NOOP').server('* 1 FETCH (FLAGS ())', 'a OK')
    expect(talk.of('changed')).toHaveLength(0)
    talk.client('b SELECT x').server('* 1 EXISTS', 'b OK')
    expect(talk.of('changed').length).toBeGreaterThan(0)
  })
})

describe('messages that are gone', () => {
  it.each([
    ['* 2 EXPUNGE', 9],
    ['* VANISHED 5', 9],
    ['* VANISHED 5,7:9', 6],
    ['* VANISHED 1:4294967295', 0],
    ['* VANISHED (EARLIER) 1:9', 10],
  ])('are counted: %s', (line, left) => {
    const talk = playLoggedIn().client('s SELECT x').server('* 10 EXISTS', 's OK').server(line)
    expect(talk.relay.view.mailbox?.exists).toBe(left)
  })
})
