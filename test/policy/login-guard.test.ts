/** Logins under a policy: whose they are, who may not be named, and what failures cost; as dialogues. */

import { describe, expect, it } from 'vitest'

import { isRefusal } from '../../src/policy/ledger.ts'
import { openScene, type Scene } from './support/guarded-scene.ts'

const allow = 'default: allow\n'
const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
const annOnly = `default: allow\nrules: [{name: not-ann, when: 'user == "ann"', deny: known}]\n`
/** Ann may log in, and do nothing behind that. */
const annBehind = annOnly.replace('"ann"', '"ann" && command != "AUTHENTICATE"')

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
    const scene = openScene(annBehind)
    scene.dialogue.client(`a AUTHENTICATE PLAIN ${base64('\0bob\0pw')}`).server('a NO wrong')
    scene.dialogue.client('b NOOP').server('b OK done')
    scene.dialogue.client(`c AUTHENTICATE PLAIN ${base64('\0ann\0pw')}`).server('c OK in')
    expect(hear(scene, 'd NOOP')).toBe('d NO [NOPERM] known\r\n')
  })

  it('that is cancelled leaves nobody behind', () => {
    const scene = openScene(annBehind)
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
    const scene = openScene(`allowProxyLogin: true\n${annBehind}`)
    scene.dialogue.client(`a AUTHENTICATE PLAIN ${base64('ann\0admin\0pw')}`).server('a OK in')
    expect(hear(scene, 'b NOOP')).toBe('b NO [NOPERM] known\r\n')
  })

  it('is no way out of a session either: UNAUTHENTICATE', () => {
    expect(hear(openScene(allow), 'a UNAUTHENTICATE')).toBe(
      'a NO [CANNOT] this command is not available here\r\n',
    )
  })
})

describe('rules that ask for the user', () => {
  const scram = 'n,,n=ann,r=fyko'
  const bearer = 'n,a=ann,\u0001auth=Bearer t\u0001\u0001'
  const mechanisms = [
    ['PLAIN', '\0ann\0pw'],
    ['PLAIN', 'Ann\0Ann\0pw'],
    ['LOGIN', 'ANN'],
    ['CRAM-MD5', 'ann 00'],
    ['XOAUTH2', 'user=ann\u0001auth=Bearer t\u0001\u0001'],
    ['OAUTHBEARER', bearer],
    ['SCRAM-SHA-256', scram],
    ['EXTERNAL', 'ann'],
  ] as const
  const insideOnly = (effect: string): string =>
    `${allow}rules: [{name: inside, when: 'command in ["LOGIN", "AUTHENTICATE"] && user == "ann"', ${effect}}]\n`

  it.each(mechanisms)(
    'refuse %s with its first line in the command, of which nothing goes on',
    (name, line) => {
      const { dialogue, decided } = openScene(insideOnly('deny: not from there'))
      dialogue.client(`a AUTHENTICATE ${name} ${base64(line)}`).toServer()
      dialogue.toClient('a NO [NOPERM] not from there')
      expect(dialogue.of('decided').map(({ exchange }) => exchange?.user?.toLowerCase())).toEqual(
        name === 'CRAM-MD5' ? [undefined] : ['ann'],
      )
      expect(decided()).toEqual(['inside deny'])
    },
  )

  it.each(mechanisms)('refuse %s at the line that names the user, which does not go on', (name, line) => {
    const { dialogue, decided } = openScene(insideOnly('deny: not from there'))
    dialogue.client(`a AUTHENTICATE ${name}`).server('+ ').client(base64(line))
    dialogue.toServer(`a AUTHENTICATE ${name}`, '*').server('a BAD cancelled')
    dialogue.toClient('+ ', 'a NO [NOPERM] not from there')
    expect(dialogue.of('decided').map(({ exchange }) => exchange?.user?.toLowerCase())).toContain('ann')
    expect(decided()).toEqual(['default allow', 'inside deny'])
    dialogue
      .client(`b AUTHENTICATE ${name}`)
      .server('+ ')
      .client(base64(line.replaceAll(/ann/giu, 'bob')))
    dialogue.toServer(`b AUTHENTICATE ${name}`, base64(line.replaceAll(/ann/giu, 'bob')))
    expect(decided()).toEqual(['default allow', 'login allow'])
  })

  it('know of no user once the login was refused', () => {
    const policy = `${allow}rules: [{name: ann, when: 'user == "ann"', deny: true}]\n`
    const { dialogue, decided } = openScene(policy)
    dialogue.client('a LOGIN ann pw').toClient('a NO [NOPERM] this is not allowed here')
    dialogue.client('b NOOP').toServer('b NOOP')
    expect(decided()).toEqual(['ann deny', 'default allow'])
  })

  it('let ann in that names her alone, by whatever way she says it', () => {
    const policy = `${allow}rules: [{name: bob, when: 'user == "bob"', deny: true}, {name: ann, when: 'user == "ann"', allow: true}]\n`
    const { dialogue, decided } = openScene(policy)
    dialogue.client('a AUTHENTICATE PLAIN').server('+ ').client(base64('\0ann\0pw')).server('a OK in')
    expect(decided()).toEqual(['default allow', 'ann allow', 'login allow'])
    expect(dialogue.relay.view.user).toBe('ann')
  })

  it('close the session, of whose login nothing goes on', () => {
    const { dialogue, decided } = openScene(insideOnly('close: go away'))
    dialogue.client('a AUTHENTICATE PLAIN').server('+ ').client(base64('\0ann\0pw'), 'b NOOP')
    dialogue.toServer('a AUTHENTICATE PLAIN').toClient('+ ', '* BYE [UNAVAILABLE] imaptap: go away')
    expect(dialogue.acts).toEqual(['close'])
    expect(decided().at(-1)).toBe('inside close')
  })

  it('delay the line, and what they delayed with the command they do not delay again', () => {
    const policy = `${allow}rules:
  - {name: logins, when: command == "AUTHENTICATE", delay: 2s}
  - {name: ann, when: user == "ann", delay: 3s}\n`
    const { dialogue, decided } = openScene(policy)
    dialogue.client('a AUTHENTICATE PLAIN').toServer()
    dialogue.input({ kind: 'waited', ticket: 1 }).toServer('a AUTHENTICATE PLAIN').server('+ ')
    dialogue.client(base64('\0ann\0pw')).toServer()
    expect(dialogue.waits).toEqual([2_000, 3_000])
    dialogue.input({ kind: 'waited', ticket: 2 }).toServer(base64('\0ann\0pw'))
    expect(decided()).toEqual(['logins delay', 'default allow', 'ann delay', 'login allow'])
  })

  it('that hold refuse a line for which nobody can be asked any more, and hold a command that has it', () => {
    const { dialogue, decided } = openScene(insideOnly('hold: {for: 1m, otherwise: allow}'))
    dialogue.client('a AUTHENTICATE PLAIN').server('+ ').client(base64('\0ann\0pw'))
    dialogue.toServer('a AUTHENTICATE PLAIN', '*').server('a BAD cancelled')
    expect(dialogue.take('client')).toMatch(/a NO \[NOPERM\] [^\r]*\r\n$/u)
    expect(decided().at(-1)).toBe('inside deny')
    dialogue
      .client(`b AUTHENTICATE PLAIN ${base64('\0ann\0pw')}`)
      .toServer()
      .toClient()
    expect(dialogue.of('held')).toHaveLength(1)
  })

  it('that held the command have been asked already', () => {
    const { dialogue } = openScene(
      insideOnly('hold: {for: 1m, otherwise: deny}').replace(' && user == "ann"', ''),
    )
    dialogue.client('a AUTHENTICATE PLAIN').toServer()
    const ticket = dialogue.of('held').at(-1)?.ticket ?? -1
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'forward' } }).toServer('a AUTHENTICATE PLAIN')
    dialogue.server('+ ').client(base64('\0ann\0pw')).toServer(base64('\0ann\0pw'))
  })

  it('know nobody where a mechanism names nobody', () => {
    const { dialogue } = openScene(`${allow}rules: [{name: known, when: 'user != ""', deny: true}]\n`)
    dialogue.client('a AUTHENTICATE EXTERNAL').server('+ ').client('').toServer('a AUTHENTICATE EXTERNAL', '')
    const other = openScene(`${allow}rules: [{name: known, when: 'user != ""', deny: true}]\n`)
    other.dialogue.client('a AUTHENTICATE EXTERNAL =').toServer('a AUTHENTICATE EXTERNAL =')
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

  it('are known to rules without any limit: the right password behind them comes too late', () => {
    const rule = "rules: [{name: guess, when: 'usage.failedLogins >= 3', close: too many guesses}]\n"
    const { dialogue, decided } = openScene(`${allow}${rule}`)
    for (const tag of ['a', 'b', 'c']) dialogue.client(`${tag} LOGIN ann guess`).server(`${tag} NO wrong`)
    dialogue.toServer('a LOGIN ann guess', 'b LOGIN ann guess', 'c LOGIN ann guess')
    dialogue.client('d LOGIN ann pw').toServer()
    expect(decided().at(-1)).toBe('guess close')
    expect(dialogue.take('client')).toContain('* BYE')
  })

  describe('of a user at other addresses', () => {
    const plain = base64('\0ann\0pw')

    /** Strangers have failed as ann, each once. */
    function afterStrangers(policy = slow): Scene {
      const scene = openScene(policy)
      for (let host = 2; host <= 9; host++) {
        const stranger = scene.ledger.openSession({ address: `192.0.2.${host}`, at: 0 })
        if (isRefusal(stranger)) throw new Error(stranger.why)
        stranger.loginFailed('ann', 0)
        stranger.close(0)
      }
      return scene
    }

    it('have AUTHENTICATE wait that names her', () => {
      const { dialogue, decided } = afterStrangers()
      dialogue.client(`a AUTHENTICATE PLAIN ${plain}`).toServer()
      expect([dialogue.acts, dialogue.waits]).toEqual([['wait'], [4_000]])
      expect(decided()).toEqual(['limit delay', 'default allow', 'login allow'])
      dialogue.input({ kind: 'waited', ticket: 1 }).toServer(`a AUTHENTICATE PLAIN ${plain}`)
      dialogue.server('a OK in').toClient('a OK in').client('b NOOP').toServer('b NOOP')
    })

    it('have the line wait that names her, and go on behind that', () => {
      const { dialogue, decided } = afterStrangers()
      dialogue.client('a AUTHENTICATE PLAIN').toServer('a AUTHENTICATE PLAIN').server('+ ').toClient('+ ')
      dialogue.client(plain, 'b NOOP').toServer()
      expect([dialogue.acts, dialogue.waits]).toEqual([['wait'], [4_000]])
      expect(decided()).toEqual(['default allow', 'limit delay', 'login allow'])
      dialogue.input({ kind: 'waited', ticket: 99 }).toServer()
      dialogue.input({ kind: 'waited', ticket: 1 }).toServer(plain)
      dialogue.server('a OK in').toClient('a OK in').toServer('b NOOP')
    })

    it.each(['\0bob\0pw', '\0anna\0pw'])('have nobody else wait: %j', (line) => {
      const { dialogue } = afterStrangers()
      dialogue.client('a AUTHENTICATE PLAIN').server('+ ').client(base64(line))
      dialogue.toServer('a AUTHENTICATE PLAIN', base64(line))
      expect(dialogue.acts).toEqual([])
    })

    it('are asked about anew where another policy holds behind the wait', () => {
      const scene = afterStrangers()
      scene.dialogue
        .client('a AUTHENTICATE PLAIN')
        .server('+ ')
        .client(plain)
        .toServer('a AUTHENTICATE PLAIN')
      scene.reload(annOnly)
      scene.dialogue.input({ kind: 'waited', ticket: 1 }).toServer('*').server('a BAD cancelled')
      scene.dialogue.toClient('+ ', 'a NO [NOPERM] known')
    })

    it('leave nothing behind of a client that goes meanwhile', () => {
      const { dialogue, ledger } = afterStrangers()
      dialogue.client('a AUTHENTICATE PLAIN').server('+ ').client(plain).toServer('a AUTHENTICATE PLAIN')
      dialogue.input({ kind: 'failed', reason: 'gone' })
      dialogue.input({ kind: 'waited', ticket: 1 }).toServer()
      expect(ledger.kept).toMatchObject({ addresses: 0, users: 0 })
    })

    it('keep nobody from trying again whose server lost its patience', () => {
      const { dialogue } = afterStrangers()
      dialogue.client('a AUTHENTICATE PLAIN').server('+ ').client(plain, 'b AUTHENTICATE PLAIN')
      dialogue.toServer('a AUTHENTICATE PLAIN').server('a BAD too late').toServer('b AUTHENTICATE PLAIN')
      dialogue.input({ kind: 'waited', ticket: 1 }).toServer()
      dialogue.server('+ ').client(plain).toServer()
      dialogue.input({ kind: 'waited', ticket: 2 }).toServer(plain)
    })
  })

  it('of an address have its crowd refused at the line as well', () => {
    const { dialogue, ledger } = openScene(slow)
    const other = ledger.openSession({ address: '192.0.2.1', at: 0 })
    if (isRefusal(other)) throw new Error(other.why)
    for (let times = 0; times < 9; times++) other.loginFailed(`u${times}`, 0)
    dialogue.client('a AUTHENTICATE PLAIN').server('+ ')
    for (let times = 0; times < 3; times++) other.loginDelay('ann', 0)
    dialogue.client(base64('\0bob\0pw')).toServer('a AUTHENTICATE PLAIN', '*').server('a BAD cancelled')
    expect(dialogue.take('client')).toMatch(/\r\na NO \[LIMIT\] /u)
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
