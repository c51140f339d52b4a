/** What becomes of a command by what the rules said of it, in the order of the rules; as dialogues. */

import { describe, expect, it } from 'vitest'

import { isTold } from '../../src/relay/decided-words.ts'
import { enterScene, openScene, selectScene } from './support/guarded-scene.ts'
import { firstAlias } from './support/mailbox-world.ts'

const rules = (...rows: readonly string[]): string =>
  `default: allow\nrules:\n${rows.map((row) => `  - ${row}\n`).join('')}`

describe('a rule that denies', () => {
  it('answers in its own words', () => {
    const { dialogue, decided } = enterScene(
      rules(`{name: no, when: 'command == "CREATE"', deny: {status: BAD, code: CLIENTBUG, text: not you}}`),
    )
    dialogue.client('a CREATE x').toServer().toClient('a BAD [CLIENTBUG] not you')
    expect(decided()).toEqual(['no deny'])
  })

  it('ends what the rules before it have only begun', () => {
    const { dialogue, decided } = enterScene(
      rules(
        `{name: slow, when: 'command == "CREATE"', delay: 1s}`,
        `{name: no, when: 'command == "CREATE"', deny: true}`,
      ),
    )
    dialogue.client('a CREATE x').toServer()
    expect(dialogue.take('client')).toMatch(/^a NO /u)
    expect([dialogue.acts, decided()]).toEqual([[], ['slow delay', 'no deny']])
  })

  it('in a dry run is told of, and lets the next decide', () => {
    const { dialogue } = enterScene(rules('{name: no, deny: true, dryRun: true}', '{name: yes, allow: true}'))
    dialogue.client('a NOOP').toServer('a NOOP')
    expect(dialogue.of('decided').map(({ decided: { rule, isDryRun } }) => [rule, isDryRun])).toEqual([
      ['no', true],
      ['yes', false],
    ])
  })
})

describe('a rule that only records', () => {
  it('says so in its own word, also in front of a denial', () => {
    const { dialogue, decided } = enterScene(
      rules(
        '{name: noted, record: audit}',
        '{name: told, record: log}',
        '{name: no, when: \'command == "CREATE"\', deny: true}',
      ),
    )
    dialogue.client('a CREATE x').toServer()
    expect(dialogue.of('decided').map(({ decided: { level } }) => level)).toEqual(['audit', 'log', 'audit'])
    expect(dialogue.of('decided').map(({ decided: one }) => isTold(one))).toEqual([false, true, true])
    expect(decided()).toEqual(['noted record', 'told record', 'no deny'])
  })
})

describe('a dry run', () => {
  it.each([
    'hold: 5m',
    'delay: 2s',
    'rewrite: examine',
    'allow: true',
    'record: audit',
    'deny: true',
    'close: true',
  ])('of a rule is always told, and does nothing: %s', (effect) => {
    const { dialogue } = enterScene(rules(`{name: dry, ${effect}, dryRun: true}`))
    dialogue.client('a SELECT INBOX').toServer('a SELECT INBOX')
    const [first] = dialogue.of('decided')
    expect(first?.decided).toMatchObject({ rule: 'dry', isDryRun: true })
    expect(first && isTold(first.decided)).toBe(true)
  })

  it('of a rule that allows does not allow', () => {
    const { dialogue, decided } = enterScene(
      `default: deny\nrules: [{name: dry, when: 'command == "CREATE"', allow: true, dryRun: true}, {name: noop, when: 'command == "STATUS"', allow: true}]\n`,
    )
    dialogue.client('a CREATE x').toServer()
    expect(dialogue.take('client')).toMatch(/^a NO \[NOPERM\] /u)
    expect(decided()).toEqual(['dry allow', 'default deny'])
  })

  it('of a whole policy tells what would be done, and not what would pass', () => {
    const { dialogue } = openScene(
      `mode: dry-run\n${rules('{name: slow, when: \'command == "SELECT"\', delay: 2s}', '{name: yes, allow: true}')}`,
    )
    dialogue.client('a LOGIN ann pw').server('a OK in').client('b SELECT INBOX')
    const told = dialogue.of('decided').filter(({ decided }) => isTold(decided))
    expect(told.map(({ decided: { rule, effect, isDryRun } }) => [rule, effect, isDryRun])).toEqual([
      ['slow', 'delay', true],
    ])
  })
})

describe('without a rule that decides', () => {
  const deny = 'default: deny\nrules: [{name: look, when: \'"look" in actions\', allow: true}]\n'

  it('the default does, but of what only opens and closes a session', () => {
    const { dialogue } = enterScene(deny)
    dialogue.client('a CREATE x').toServer().toClient('a NO [NOPERM] not permitted by the policy')
    dialogue.client('b NOOP').toServer('b NOOP').server('b OK done').take('client')
    dialogue.client('c LOGOUT').toServer('c LOGOUT')
  })
})

describe('a rule that rewrites', () => {
  const view = rules('{name: view, rewrite: [examine, peek]}')

  it('has the server get less', () => {
    const { dialogue, decided } = enterScene(view)
    dialogue.client('a SELECT INBOX').toServer('a EXAMINE INBOX').server('a OK [READ-ONLY] in').take('client')
    dialogue.client('b FETCH 1 BODY[]').toServer('b FETCH 1 BODY.PEEK[]')
    expect(decided()).toEqual(['view rewrite', 'default allow', 'view rewrite', 'default allow'])
  })

  it('refuses what cannot be had in less', () => {
    const { dialogue, decided } = selectScene(
      rules(`{name: view, when: 'command == "FETCH"', rewrite: peek}`),
      'INBOX',
    )
    dialogue.client('a FETCH 1 RFC822').toServer()
    expect(dialogue.take('client')).toMatch(/^a NO \[CANNOT\] /u)
    expect(decided()).toContain('view deny')
  })
})

describe('rules that delay', () => {
  it('have the command wait once', () => {
    const { dialogue } = enterScene(
      rules(
        `{name: one, when: 'command == "CREATE"', delay: 1s}`,
        `{name: two, when: 'command == "CREATE"', delay: 2s}`,
      ),
    )
    dialogue.client('a CREATE x').toServer()
    expect(dialogue.acts).toEqual(['wait'])
    dialogue.input({ kind: 'waited', ticket: 1 }).toServer('a CREATE x')
  })
})

describe('a rule that closes', () => {
  it('ends the session and says why', () => {
    const { dialogue, decided } = enterScene(
      rules(`{name: out, when: 'command == "CREATE"', close: go away}`),
    )
    dialogue.client('a CREATE x').toServer()
    expect(dialogue.take('client')).toBe('* BYE [UNAVAILABLE] imaptap: go away\r\n')
    expect(decided()).toEqual(['out close'])
  })
})

describe('a rule that holds', () => {
  const hold = rules(
    `{name: ask, when: 'command == "CREATE"', hold: {for: 5m, otherwise: deny, text: nobody agreed}}`,
  )
  const held = (text = hold) => {
    const scene = enterScene(text)
    scene.dialogue.client('a CREATE x').toServer()
    const ticket = scene.dialogue.of('held')[0]?.ticket ?? 0
    return { ...scene, ticket }
  }

  it('waits for a person, who may agree', () => {
    const { dialogue, ticket } = held()
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'forward' } }).toServer('a CREATE x')
  })

  it('or may not', () => {
    const { dialogue, ticket } = held()
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'answer', status: 'NO', text: 'x' } }).toServer()
    dialogue.toClient('a NO [NOPERM] nobody agreed')
  })

  it('is asked again of what a person put in its place', () => {
    const { dialogue, ticket, decided } = held()
    const octets = Buffer.from('a DELETE y\r\n')
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'replace', octets } }).toServer('a DELETE y')
    expect(decided()).toEqual(['ask hold', 'default allow'])
  })

  it('asks for a hidden name as for one that nobody has, and tells only the person', () => {
    const text = `mailboxes: [{match: Secret, hidden: true}]\n${rules(
      `{name: ask, when: '"remove" in actions', hold: {for: 5m, otherwise: deny, text: nobody agreed}}`,
    )}`
    const play = (name: string) => {
      const scene = selectScene(text, 'INBOX')
      const { dialogue } = scene
      dialogue.client(`a UID MOVE 5 ${name}`).toServer().toClient()
      const asked = dialogue.of('held')[0]
      dialogue.input({ kind: 'ruled', ticket: asked?.ticket ?? 0, ruling: { kind: 'forward' } })
      const [, upstream = ''] = /^a UID MOVE 5 (.*)\r\n$/u.exec(dialogue.take('server')) ?? []
      dialogue.server(`a NO [TRYCREATE] no mailbox ${upstream}`)
      return { upstream, approval: asked?.approval, heard: dialogue.take('client').replaceAll(name, '?') }
    }
    const hidden = play('Secret')
    const missing = play('Nobody')
    expect(hidden.heard).toBe('a NO [TRYCREATE] no mailbox ?\r\n')
    expect(missing.heard).toBe(hidden.heard)
    expect([hidden.upstream, missing.upstream]).toEqual([firstAlias, 'Nobody'])
    expect(missing.approval).toEqual({ rule: 'ask', otherwise: 'deny', note: 'about "INBOX", "Nobody"' })
    expect(hidden.approval).toMatchObject({
      rule: 'ask',
      note: expect.stringContaining('is hidden from this user'),
    })
  })

  it('does not do what another policy refuses meanwhile, whatever the person says', () => {
    const { dialogue, ticket, reload } = held()
    reload(rules(`{name: never, when: 'command == "CREATE"', deny: never}`))
    dialogue
      .input({ kind: 'ruled', ticket, ruling: { kind: 'forward' } })
      .toServer()
      .toClient('a NO [NOPERM] never')
  })

  it('does not reach what another policy hides meanwhile', () => {
    const { dialogue, reload } = enterScene(hold.replaceAll('CREATE', 'DELETE'))
    dialogue.client('a DELETE Secret').toServer()
    const ticket = dialogue.of('held')[0]?.ticket ?? 0
    reload("default: allow\nmailboxes: [{match: Secret, hidden: true}, {match: '**', rights: all}]\n")
    dialogue.input({ kind: 'ruled', ticket, ruling: { kind: 'forward' } }).toServer(`a DELETE ${firstAlias}`)
  })
})

describe('what waited for its time', () => {
  it('is decided anew when another policy holds', () => {
    const { dialogue, reload } = enterScene(rules(`{name: slow, when: 'command == "CREATE"', delay: 5s}`))
    dialogue.client('a CREATE x').toServer()
    reload(rules(`{name: never, when: 'command == "CREATE"', deny: never}`))
    dialogue.input({ kind: 'waited', ticket: 1 }).toServer().toClient('a NO [NOPERM] never')
  })
})
