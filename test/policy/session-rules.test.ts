/** A session asks only rules that can fit it, and nobody can tell from what comes of it. */

import { describe, expect, it } from 'vitest'

import { evaluate } from '../../src/policy/evaluate.ts'
import { SessionRules } from '../../src/policy/session-rules.ts'
import { selectScene } from './support/guarded-scene.ts'
import { makeContext, readLine, readPolicy, type SceneFacts } from './support/rule-scene.ts'

const policy = readPolicy(`
default: allow
rules:
  - {name: ben, when: 'user == "ben" && "read" in actions', deny: true}
  - {name: late, when: 'hour > 20 && (user.startsWith("a") || user == "eve")', deny: true}
  - {name: robots, when: '(client.matches("^Robot")) && octets > 2 && user != "ben"', deny: true}
  - {name: elsewhere, when: 'inNetwork(address, "198.51.100.0/24") && uid', deny: true}
  - {name: not, when: '!(tls.isOn && user == "ann") && (user == "ben" || uid)', deny: true}
  - {name: big, when: 'octets > 10 * MiB', deny: true}
  - {name: rest, allow: true}
`)

const left = (facts: SceneFacts, line = 'FETCH 1 FLAGS'): readonly string[] => {
  const context = makeContext({ selected: 'INBOX', ...facts }).describe(readLine(line, { selected: 'INBOX' }))
  return new SessionRules().of(policy.index, context).map(({ name }) => name)
}

describe('rules that are left for a session', () => {
  // `not` is always asked: of what stands behind a `!` the parser does not say where it ends.
  it.each<[string, SceneFacts, readonly string[]]>([
    ['whoever it is', { user: 'ann' }, ['late', 'not', 'big', 'rest']],
    ['a user whom a rule names', { user: 'ben' }, ['ben', 'not', 'big', 'rest']],
    ['a client', { user: 'ann', client: 'Robot/1' }, ['late', 'robots', 'not', 'big', 'rest']],
    ['an address', { user: 'cat', address: '198.51.100.7' }, ['elsewhere', 'not', 'big', 'rest']],
  ])('are those that may fit: %s', (_, facts, names) => {
    expect(left(facts)).toEqual(names)
  })

  it('come to what all of them come to', () => {
    for (const user of ['', 'ann', 'ben', 'eve'])
      for (const client of ['', 'Robot/1', 'Mail/2'])
        for (const hour of [7, 22])
          for (const address of ['192.0.2.1', '198.51.100.7'])
            for (const line of ['NOOP', 'UID FETCH 1 FLAGS', 'FETCH 1 BODY[]', 'CREATE x', 'SEARCH ALL']) {
              const facts: SceneFacts = { selected: 'INBOX', user, client, hour, address }
              const context = makeContext(facts).describe(readLine(line, facts))
              const rules = new SessionRules().of(policy.index, context)
              expect(evaluate(policy, context, rules)).toEqual(evaluate(policy, context))
            }
  })

  it('are kept for the next command of its kind, and for no other', () => {
    const rules = new SessionRules()
    const context = makeContext({ selected: 'INBOX' })
    const ask = (line: string) =>
      rules.of(policy.index, context.describe(readLine(line, { selected: 'INBOX' })))
    const first = ask('NOOP')
    expect(ask('FETCH 1 FLAGS')).not.toBe(first)
    expect(ask('NOOP')).toBe(first)
  })

  it('are others under another policy', () => {
    const rules = new SessionRules()
    const context = makeContext({}).describe(readLine('NOOP'))
    const other = readPolicy('rules: [{name: other, allow: true}]')
    expect(rules.of(policy.index, context).map(({ name }) => name)).toContain('big')
    expect(rules.of(other.index, context).map(({ name }) => name)).toEqual(['other'])
  })
})

describe('a session whose user or client changes', () => {
  const yaml = `policy:
  default: allow
  rules:
    - {name: ann, when: 'user == "ann" && command == "NOOP"', deny: ann does not}
    - {name: robots, when: 'client == "Robot" && command == "CHECK"', deny: robots do not}
`

  it('is asked the rules of who it is now', () => {
    const { dialogue } = selectScene(yaml, 'INBOX')
    dialogue.client('a NOOP').toClient('a NO [NOPERM] ann does not')
    dialogue.client('b CHECK').toServer('b CHECK').server('b OK done').toClient('b OK done')
    dialogue.client('c ID ("name" "Robot")').toServer('c ID ("name" "Robot")')
    dialogue.server('* ID NIL', 'c OK done').toClient('* ID NIL', 'c OK done')
    dialogue.client('d CHECK').toClient('d NO [NOPERM] robots do not')
  })

  it('and is asked those of another policy as soon as it holds', () => {
    const { dialogue, reload } = selectScene(yaml, 'INBOX')
    dialogue.client('a NOOP').toClient('a NO [NOPERM] ann does not')
    reload(yaml.replace('"ann" &&', '"ben" &&'))
    dialogue.client('b NOOP').toServer('b NOOP')
  })
})
