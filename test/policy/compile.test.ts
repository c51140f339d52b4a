/** A policy made ready, and every mistake in it at its place. */

import { describe, expect, it } from 'vitest'
import { withDryRun } from '../../src/policy/compile.ts'
import { decide, faultsOf, readPolicy } from './support/rule-scene.ts'

describe('a mistake in a policy is told at its place', () => {
  it('within conditions of every style', () => {
    const yaml = [
      'rules:',
      '  - name: plain',
      '    when: isAuthenticated && usr == "ann"',
      '    allow: true',
      '  - name: single',
      "    when: 'command == \"NOOP\" && usr == ''ann'''",
      '    allow: true',
      '  - name: double',
      '    when: "command == \\"CHECK\\" && usr == \\"ann\\""',
      '    allow: true',
      '  - name: literal',
      '    when: |',
      '      command == "IDLE" &&',
      '        usr == "ann"',
      '    allow: true',
      '  - name: folded',
      '    when: >-',
      '      command == "LIST"',
      '      && usr == "ann"',
      '    allow: true',
      '  - name: over lines',
      '    when: command == "LSUB" &&',
      '      usr == "ann"',
      '    allow: true',
    ].join('\n')
    const message = 'unknown variable usr, did you mean user?'
    expect(faultsOf(yaml)).toEqual([
      `3:30: rules.0.when: ${message}`,
      `6:33: rules.1.when: ${message}`,
      `9:36: rules.2.when: ${message}`,
      `14:9: rules.3.when: ${message}`,
      `19:10: rules.4.when: ${message}`,
      `23:7: rules.5.when: ${message}`,
    ])
  })

  it('at the end of a condition where something is missing', () => {
    const yaml = 'rules:\n  - name: a\n    when: uid &&\n    allow: true\n'
    expect(faultsOf(yaml)).toEqual(['3:17: rules.0.when: something is missing at the end'])
  })

  it('of two rules with one name', () => {
    const yaml = 'rules:\n  - {name: a, when: uid, deny: true}\n  - {name: a, allow: true}\n'
    expect(faultsOf(yaml)).toEqual([
      '3:12: rules.1.name: there is a rule "a" already, at 2:12: choose another name',
    ])
  })

  it.each([
    ['behind a rule without a condition', '{name: a, allow: true}', '{name: b, when: uid, deny: true}'],
    [
      'behind a condition that is always true',
      '{name: a, when: 1 == 1, allow: true}',
      '{name: b, deny: true}',
    ],
    [
      'behind the same condition',
      '{name: a, when: uid, deny: true}',
      '{name: b, when: uid && readOnly, allow: true}',
    ],
    [
      'behind a wider choice of commands',
      '{name: a, when: \'command in ["COPY", "MOVE"]\', deny: true}',
      '{name: b, when: \'uid && command == "MOVE"\', allow: true}',
    ],
  ])('of a rule that can never match: %s', (_, first, second) => {
    expect(faultsOf(`default: allow\nrules:\n  - ${first}\n  - ${second}\n`)).toEqual([
      expect.stringMatching(/^4:5: rules\.1: this rule can never match: "a" at 3:5 /u),
    ])
  })

  it.each([
    ['a dry run decides nothing', '{name: a, dryRun: true, deny: true}', '{name: b, allow: true}'],
    ['a rewrite decides nothing', '{name: a, rewrite: peek}', '{name: b, allow: true}'],
    [
      'a denial behind a grant of a mailbox fits its other spellings',
      '{name: a, when: \'mailbox == "A"\', allow: true}',
      '{name: b, when: \'mailbox == "A"\', deny: true}',
    ],
  ])('and not where %s', (_, first, second) => {
    expect(faultsOf(`default: allow\nrules:\n  - ${first}\n  - ${second}\n`)).toEqual([])
  })

  it('of a policy that refuses everything', () => {
    expect(faultsOf('default: deny\n')).toEqual([
      '1:1: has no rules, and refuses everything: add a rule with `allow: true`, or `default: allow`',
    ])
    expect(faultsOf('rules: [{name: a, deny: true}]\n')).toEqual([
      expect.stringContaining('has no rule that allows, and refuses everything'),
    ])
  })

  it('of mailbox rules', () => {
    const yaml = [
      'default: allow',
      'mailboxes:',
      '  - match: [A, B]',
      '    rights: all',
      '  - match: [C, B]',
      '    hidden: true',
      '  - match: D//E',
      '    hidden: true',
    ].join('\n')
    expect(faultsOf(yaml)).toEqual([
      '5:16: mailboxes.1.match.1: this pattern can never match: the mailbox rule at 3:5 comes first',
      expect.stringMatching(/^7:12: mailboxes\.2\.match: /u),
    ])
  })

  it('of a command that is known here all the same', () => {
    expect(faultsOf('default: allow\nunknownCommands: MOVE\n')[0]).toContain(
      'names MOVE, which is known here',
    )
  })
})

describe('a policy', () => {
  const yaml =
    'default: allow\nrules:\n  - {name: a, when: uid, deny: true}\n  - {name: b, when: readOnly, deny: true}\n'

  it('knows the commands that it names itself', () => {
    const policy = readPolicy(
      'unknownCommands: XFOO\nrules: [{name: a, when: \'command == "XFOO"\', allow: true}]\n',
    )
    expect(decide(policy, 'XFOO 1').final?.name).toBe('a')
  })

  it('counts hits, and keeps them with the names of rules over a reload', () => {
    const policy = readPolicy(yaml)
    policy.hits.note(decide(policy, 'UID FETCH 1 FLAGS', { selected: 'INBOX' }), 500)
    expect(policy.hits.of('a')).toEqual({ count: 1, dryRuns: 0, lastAt: 500 })
    expect(policy.hits.of('b')).toEqual({ count: 0, dryRuns: 0, lastAt: undefined })
    const again = readPolicy(yaml.replace('name: b', 'name: c'), {}, policy)
    again.hits.note(decide(again, 'UID FETCH 1 FLAGS', { selected: 'INBOX' }), 700)
    expect(again.hits.of('a')).toEqual({ count: 2, dryRuns: 0, lastAt: 700 })
    expect(again.hits.of('b').count).toBe(0)
  })

  it('is another policy once a rule of it is only asked, and the same again after', () => {
    const policy = readPolicy(yaml)
    const dry = withDryRun(policy, 'a', true)
    const line = 'UID FETCH 1 FLAGS'
    expect(decide(dry, line, { selected: 'x' })).toMatchObject({ final: undefined, dryRuns: [{ name: 'a' }] })
    expect(decide(policy, line, { selected: 'x' }).final?.name).toBe('a')
    expect(decide(withDryRun(dry, 'a', false), line, { selected: 'x' }).final?.name).toBe('a')
    expect(withDryRun(policy, undefined, true).mode).toBe('dry-run')
    expect(withDryRun(withDryRun(policy, undefined, true), 'a', true).mode).toBe('dry-run')
  })
})
