/** Which rules fit a command, in which order, and what doubt counts as. */

import { describe, expect, it } from 'vitest'
import { evaluate, hiddenCapabilities } from '../../src/policy/evaluate.ts'
import { decide, fits, makeContext, readLine, readPolicy, withRule } from './support/rule-scene.ts'

const inInbox = { selected: 'INBOX' }

describe('the rules of a policy', () => {
  const policy = readPolicy(`
rules:
  - {name: watch, when: uid, record: audit}
  - {name: peek, rewrite: peek}
  - {name: trial, when: 'command == "UID FETCH"', dryRun: true, deny: true}
  - {name: slow, when: 'client == "Robot"', delay: 2s}
  - {name: no-expunge, when: '"expunge" in actions', deny: nothing is destroyed}
  - {name: reading, when: '"read" in actions', allow: true}
  - {name: moving, when: 'command in ["MOVE", "UID MOVE"]', hold: 5m}
`)
  const names = (line: string, facts = {}) => {
    const { final, passed, dryRuns } = decide(policy, line, { ...inInbox, ...facts })
    return {
      final: final?.name,
      passed: passed.map(({ name }) => name),
      dryRuns: dryRuns.map(({ name }) => name),
    }
  }

  it('are asked in order, up to the first that decides', () => {
    expect(names('FETCH 1 FLAGS')).toEqual({ final: 'reading', passed: ['peek'], dryRuns: [] })
    expect(names('UID FETCH 1 FLAGS', { client: 'Robot/1' })).toEqual({
      final: 'reading',
      passed: ['watch', 'peek', 'slow'],
      dryRuns: ['trial'],
    })
    expect(names('EXPUNGE').final).toBe('no-expunge')
    expect(names('UID MOVE 1 x').final).toBe('moving')
  })

  it('leave what none of them decides to the default', () => {
    expect(names('CREATE x')).toEqual({ final: undefined, passed: ['peek'], dryRuns: [] })
  })
})

describe('a condition that comes to no answer', () => {
  const policy = readPolicy(`
default: allow
rules:
  - {name: grant, when: 'size / (octets - octets) == 1', allow: true}
  - {name: note, when: 'size / (octets - octets) == 2', record: log}
  - {name: view, when: 'size / (octets - octets) == 3', rewrite: examine}
  - {name: refusal, when: 'size / (octets - octets) == 4', deny: true}
`)

  it('fits what restricts and not what grants, and is told once', () => {
    const first = decide(policy, 'SELECT x')
    expect(first.final?.name).toBe('refusal')
    expect(first.passed.map(({ name }) => name)).toEqual(['view'])
    expect(first.failures.map(({ why }) => why)).toEqual(
      ['grant', 'note', 'view', 'refusal'].map(
        (name) => `the condition of rule "${name}" failed: division by zero`,
      ),
    )
    const second = decide(policy, 'SELECT x')
    expect(second.final?.name).toBe('refusal')
    expect(second.failures).toEqual([])
  })

  it('may fail for a mistake of our own as well', () => {
    const broken = makeContext().describe(readLine('NOOP'))
    Object.defineProperty(broken, 'user', {
      get: () => {
        throw new Error('broken')
      },
    })
    const asked = readPolicy('default: allow\nrules: [{name: a, when: \'user == "x"\', deny: true}]')
    const { final, failures } = evaluate(asked, broken)
    expect(final?.name).toBe('a')
    expect(failures[0]?.why).toContain('broken')
  })
})

describe('capabilities', () => {
  it('are hidden from everybody, and from whom a rule fits', () => {
    const policy = readPolicy(`
default: allow
hideCapabilities: [X-*]
rules:
  - {name: no-idle, when: 'client == "Old"', hide: [idle]}
  - {name: some-day, hide: MOVE, dryRun: true}
`)
    expect(hiddenCapabilities(policy, makeContext().describe(undefined))).toEqual(['X-*'])
    const old = makeContext({ client: 'Old/1' }).describe(undefined)
    expect(hiddenCapabilities(policy, old)).toEqual(['X-*', 'IDLE'])
    expect(decide(policy, 'NOOP', { client: 'Old/1' })).toMatchObject({ final: undefined, passed: [] })
  })
})

describe('the index of rules', () => {
  it('asks none that cannot fit, whatever the order of its parts', () => {
    const policy = readPolicy(`
default: allow
rules:
  - {name: a, when: 'uid && (command == "UID COPY" || command == "UID MOVE")', deny: true}
  - {name: b, when: '"x" == user && "expunge" in actions', deny: true}
  - {name: c, when: 'command == "NOOP" || uid', deny: true}
`)
    const asked = (command: string, ...actions: string[]) =>
      [...policy.index.rulesFor(command, actions)].map(({ name }) => name)
    expect(asked('UID COPY', 'insert')).toEqual(['a', 'c'])
    expect(asked('UID EXPUNGE', 'expunge')).toEqual(['b', 'c'])
    expect(asked('NOOP', 'session')).toEqual(['c'])
    expect(asked('constructor')).toEqual(['c'])
  })
})

describe('a condition about a user', () => {
  it.each([
    ['user == "ann"', 'deny: true', true],
    ['user == "ann" && command == "NOOP"', 'hold: true', true],
    ['user.startsWith("an") && size(user) == 3', 'deny: true', true],
    ['user == "anna"', 'deny: true', false],
    // Whoever speaks of domains means them.
    ['!user.endsWith("@example.org")', 'deny: true', false],
    ['isAuthenticated && !user.endsWith("example.org")', 'deny: true', false],
    ['user.endsWith("example.org") == false', 'deny: true', false],
    ['!user.matches("@example[.]org$")', 'deny: true', false],
    ['user.endsWith("nn")', 'deny: true', true],
    ['user == "ann@example.com"', 'deny: true', false],
    ['user == "ann"', 'allow: true', false],
    ['user == "ann@example.org"', 'allow: true', true],
  ])('without a domain restricts him with any: %s, %s: %s', (when, effect, isFitting) => {
    expect(fits(when, 'NOOP', { user: 'ann@example.org' }, effect)).toBe(isFitting)
  })

  it('puts what he does on record under any of his names', () => {
    const policy = readPolicy(
      `rules: [{name: note, when: 'user == "ann"', record: audit}, {name: all, allow: true}]`,
    )
    const noted = (user: string) => decide(policy, 'NOOP', { user }).passed.map(({ name }) => name)
    for (const user of ['ann', 'ann+x', 'ann@example.org', 'ann @example.org'])
      expect(noted(user)).toEqual(['note'])
    expect(noted('anna')).toEqual([])
  })

  it.each([
    ['user == "ann"', 'ann+x'],
    ['user == "ann"', 'ann+x@example.org'],
    ['user == "ann@example.org"', 'ann+x@example.org'],
  ])('restricts him with any detail: %s, %s', (when, user) => {
    expect(fits(when, 'NOOP', { user })).toBe(true)
    expect(fits(when, 'NOOP', { user }, 'allow: true')).toBe(false)
  })

  it('hides capabilities from him with a domain too', () => {
    const hiding = readPolicy(withRule('user == "ann"', 'hide: [QUOTA]'))
    const hiddenFrom = (user: string) => hiddenCapabilities(hiding, makeContext({ user }).describe(undefined))
    expect([hiddenFrom('ann@example.org'), hiddenFrom('bob@example.org')]).toEqual([['QUOTA'], []])
  })
})
