/** What is told of a policy beside what is wrong in its form, and when there is nothing to add. */

import { describe, expect, it } from 'vitest'

import { loadConfig } from '../../src/config/load.ts'
import { BadConfiguration } from '../../src/config/problem.ts'
import { withPolicyFaults } from '../../src/policy/all-faults.ts'

function errorOf(files: Readonly<Record<string, string>>): unknown {
  const readFile = (path: string) => {
    const value = files[path]
    return value === undefined
      ? ({ ok: false, message: 'no such file' } as const)
      : ({ ok: true, value } as const)
  }
  try {
    loadConfig({ flags: { config: '/c.yaml' }, env: {}, readFile })
  } catch (error) {
    return error
  }
  throw new Error('the configuration is sound')
}

const told = (files: Readonly<Record<string, string>>): string | undefined => {
  const error = withPolicyFaults(errorOf(files))
  return error instanceof BadConfiguration ? error.message : undefined
}

describe('what is wrong with a configuration', () => {
  it('is told with all that is wrong with a policy whose form is sound', () => {
    const rules = 'rules: [{name: a, when: uidd, deny: true}]'
    expect(told({ '/c.yaml': 'listn: 5\npolicy: p.yaml', '/p.yaml': rules })).toBe(
      [
        '/c.yaml:1:1: listn: unknown key, did you mean listen?',
        '/p.yaml:1:1: has no rule that allows, and refuses everything: add a rule with `allow: true`, or `default: allow`',
        '/p.yaml:1:25: rules.0.when: unknown variable uidd, did you mean uid?',
      ].join('\n'),
    )
  })

  it('is told, of a policy in the same file and broken itself, in the order of the file, and each once', () => {
    const yaml = ['policy:', '  mode: dry', '  rules: [{name: a, when: uidd, alow: true}]', 'listn: 5'].join(
      '\n',
    )
    expect(told({ '/c.yaml': yaml })).toBe(
      [
        '/c.yaml:2:9: policy.mode: expected one of enforce, dry-run',
        '/c.yaml:3:27: policy.rules.0.when: unknown variable uidd, did you mean uid?',
        '/c.yaml:3:33: policy.rules.0.alow: unknown key, did you mean allow?',
        '/c.yaml:4:1: listn: unknown key, did you mean listen?',
      ].join('\n'),
    )
  })

  it('says nothing of what the whole of a broken policy comes to', () => {
    const yaml = 'upstream: imaps://x\npolicy: {rules: [{name: a, deny: true}, {name: b, alow: true}]}'
    expect(told({ '/c.yaml': yaml })).toBe(
      '/c.yaml:2:51: policy.rules.1.alow: unknown key, did you mean allow?',
    )
  })

  it.each([
    ['extends: ./none.yaml', '/p.yaml:1:10: extends: /none.yaml: no such file'],
    [
      'unknownCommands: 5',
      '/p.yaml:1:18: unknownCommands: expected text or a list, got a number: write it in quotes',
    ],
  ])('calls no command unknown that the unread part may name: %s', (broken, message) => {
    const rules = `rules: [{name: a, when: 'command in ["XFOO", "MVOE", "move"]', deny: true}]`
    expect(told({ '/c.yaml': 'upstream: imaps://x\npolicy: p.yaml', '/p.yaml': `${broken}\n${rules}` })).toBe(
      `${message}\n/p.yaml:2:54: rules.0.when: there is no command "move", did you mean "MOVE"?`,
    )
  })

  it('calls a command unknown where all that could name it was read', () => {
    const rules = 'default: allow\nrules: [{name: a, when: command == "XFOO", deny: true}]'
    expect(told({ '/c.yaml': 'listn: 5\npolicy: p.yaml', '/p.yaml': rules })).toContain(
      'there is no command "XFOO" here: name it in unknownCommands',
    )
  })

  it('takes rules without a name in two files for no twins', () => {
    const files = {
      '/p.yaml': 'extends: ./b.yaml\nrules: [{allow: true}]',
      '/b.yaml': 'rules: [{deny: true}]',
    }
    expect(told({ '/c.yaml': 'upstream: imaps://x\npolicy: p.yaml', ...files })).toBe(
      '/b.yaml:1:9: rules.0.name: is missing: text\n/p.yaml:2:9: rules.0.name: is missing: text',
    )
  })

  it('stays as it is where there is no policy, and where it is another error', () => {
    const error = errorOf({ '/c.yaml': 'listn: 5\nlog: {}' })
    expect(withPolicyFaults(error)).toBe(error)
    const other = new Error('x')
    expect(withPolicyFaults(other)).toBe(other)
  })
})
