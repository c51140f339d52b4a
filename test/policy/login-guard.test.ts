/** Logins under a policy: whose they are, who may not be named, and what failures cost; as dialogues. */

import { describe, expect, it } from 'vitest'

import { openScene, type Scene } from './support/guarded-scene.ts'

const allow = 'default: allow\n'
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
const annOnly = `default: allow\nrules: [{name: not-ann, when: 'user == "ann"', deny: known}]\n`

/** What the client hears of a command once ann's rules hold for it or not. */
function hear({ dialogue }: Scene, line: string): string {
  dialogue.take('client')
  dialogue.client(line)
  return dialogue.take('client')
}

describe('a login', () => {
  it.each(['ann', 'ANN', '" ann"', '"Ann "', '{3+}\r\nann'])(
    'is its user however it is spelled: %j',
    (user) => {
      expect(hear(openScene(annOnly), `a LOGIN ${user} pw`)).toBe('a NO [NOPERM] known\r\n')
    },
  )

  it('by SASL is the user that the server let in, from its OK on and not before', () => {
    const scene = openScene(annOnly)
    scene.dialogue.client(`a AUTHENTICATE PLAIN ${base64('\0bob\0pw')}`).server('a NO wrong')
    scene.dialogue.client('b NOOP').server('b OK done')
    scene.dialogue.client(`c AUTHENTICATE PLAIN ${base64('\0ann\0pw')}`).server('c OK in')
    expect(hear(scene, 'd NOOP')).toBe('d NO [NOPERM] known\r\n')
  })

  it('that is cancelled leaves nobody behind', () => {
    const scene = openScene(annOnly)
    scene.dialogue.client('a AUTHENTICATE LOGIN').server('+ ').client(base64('ann')).server('+ ')
    scene.dialogue.client('*').server('a BAD cancelled')
    expect(hear(scene, 'b NOOP')).toBe('')
  })

  it('that the server takes before anybody was named ends the session', () => {
    const { dialogue, decided } = openScene(allow)
    dialogue.client('a AUTHENTICATE PLAIN').server('a OK in')
    expect(dialogue.take('client')).toBe(
      '* BYE [UNAVAILABLE] imaptap: the server let somebody in that nobody had named\r\n',
    )
    expect(decided()).toContain('sasl close')
  })

  it('of two users in one message goes nowhere', () => {
    const { dialogue } = openScene(allow)
    dialogue.client(
      `a AUTHENTICATE XOAUTH2 ${base64('user=ann\u0001user=bob\u0001auth=Bearer t\u0001\u0001')}`,
    )
    dialogue.toServer().toClient('a NO [AUTHENTICATIONFAILED] this is no message of the mechanism')
  })

  it('whose first message the server passed over is cancelled when another user follows', () => {
    const { dialogue } = openScene(allow)
    const first = `a AUTHENTICATE CRAM-MD5 ${base64('ann 00')}`
    dialogue.client(first).server('+ Y2hhbGxlbmdl').client(base64('bob 00'))
    dialogue.toServer(first, '*').server('a NO cancelled')
    dialogue.toClient('+ Y2hhbGxlbmdl', 'a NO [AUTHENTICATIONFAILED] this is no message of the mechanism')
  })

  it('by a mechanism that nobody here reads is refused', () => {
    expect(hear(openScene(allow), 'a AUTHENTICATE X-TOKEN')).toBe(
      'a NO [CANNOT] this mechanism is not available here\r\n',
    )
  })
})

describe('acting as somebody else', () => {
  const tries = [
    `a AUTHENTICATE PLAIN ${base64('admin\0ann\0pw')}`,
    `a AUTHENTICATE plain ${base64('admin\0ann\0pw')}`,
    `a AUTHENTICATE SCRAM-SHA-256 ${base64('n,a=admin,n=ann,r=x')}`,
    'a LOGIN "ann*admin" pw',
    'a PROXYAUTH admin',
  ]

  it.each(tries)('is refused: %s', (line) => {
    const scene = openScene(allow)
    expect(hear(scene, line)).toBe('a NO [AUTHORIZATIONFAILED] nobody acts as somebody else here\r\n')
    scene.dialogue.toServer()
  })

  it('is that user where the policy lets it', () => {
    const scene = openScene(`allowProxyLogin: true\n${annOnly}`)
    scene.dialogue.client(`a AUTHENTICATE PLAIN ${base64('ann\0admin\0pw')}`).server('a OK in')
    expect(hear(scene, 'b NOOP')).toBe('b NO [NOPERM] known\r\n')
  })

  it('is no way out of a session either: UNAUTHENTICATE', () => {
    expect(hear(openScene(allow), 'a UNAUTHENTICATE')).toBe(
      'a NO [CANNOT] this command is not available here\r\n',
    )
  })
})

describe('failed logins', () => {
  const slow = `${allow}limits: {failedLogins: {free: 1, first: 1s, longest: 4s, forget: 1h}}\n`

  it('have the next one wait, and say so in the record', () => {
    const { dialogue, decided } = openScene(slow)
    dialogue.client('a LOGIN ann pw').server('a NO wrong').toServer('a LOGIN ann pw')
    expect(dialogue.acts).toEqual([])
    dialogue.client('b LOGIN ann pw').toServer()
    expect(dialogue.acts).toEqual(['wait'])
    expect(decided()).toContain('limit delay')
    dialogue.input({ kind: 'waited', ticket: 1 }).toServer('b LOGIN ann pw')
  })

  it('are none of the user where the server was in trouble', () => {
    const { dialogue } = openScene(slow)
    for (const tag of ['a', 'b', 'c'])
      dialogue.client(`${tag} LOGIN ann pw`).server(`${tag} NO [UNAVAILABLE] try later`)
    dialogue.client('d LOGIN ann pw')
    expect(dialogue.acts).toEqual([])
  })
})

describe('a login in the clear over a network', () => {
  it('is refused before any of it goes on', () => {
    const { dialogue } = openScene(allow, { isLoopback: false, isClientSecure: false })
    dialogue.client('a LOGIN ann pw').toServer()
    expect(dialogue.take('client')).toMatch(/^a NO \[PRIVACYREQUIRED\] /u)
  })

  it('counts as a command, also where it is refused at its literal', () => {
    const limits = `${allow}limits: {commandsPerSecond: 1}\n`
    const { dialogue, decided } = openScene(limits, { isLoopback: false, isClientSecure: false })
    for (let at = 1; at <= 10; at++) dialogue.client('a LOGIN ann {2}')
    expect(dialogue.take('client')).not.toContain('LIMIT')
    dialogue.client('b LOGIN ann {2}').toServer()
    expect(dialogue.take('client')).toMatch(/^b NO \[LIMIT\] [^\r]*\r\n$/u)
    expect(decided().at(-1)).toBe('limit deny')
  })
})
