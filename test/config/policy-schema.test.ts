/** What the words of a policy may be, and what to write in the place of those that it may not have. */

import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../../src/config/policy-document.ts'
import { loadPolicyFile } from '../../src/config/policy-settings.ts'
import { BadConfiguration } from '../../src/config/problem.ts'

function load(yaml: string): PolicyDocument {
  return loadPolicyFile('/p/policy.yaml', (path) =>
    path === '/p/policy.yaml' ? { ok: true, value: yaml } : { ok: false, message: 'no such file' },
  ).document
}

function faultsOf(yaml: string): readonly string[] {
  try {
    load(yaml)
    return []
  } catch (error) {
    if (error instanceof BadConfiguration) return error.message.replaceAll('/p/policy.yaml:', '').split('\n')
    throw error
  }
}

describe('what a timer waits for', () => {
  it.each([
    ['rules: [{name: a, delay: 30d}]', ['1:26: rules.0.delay: must be 24h at most']],
    ['rules: [{name: a, delay: 24.1h}]', ['1:26: rules.0.delay: must be 24h at most']],
    ['rules: [{name: a, hold: 30d}]', ['1:25: rules.0.hold: must be 24h at most']],
    ['rules: [{name: a, hold: {for: 30d}}]', ['1:31: rules.0.hold.for: must be 24h at most']],
    ['limits: {preAuthTime: 30d}', ['1:23: limits.preAuthTime: must be 24h at most']],
    [
      'limits: {failedLogins: {first: 30d, longest: 60d}}',
      [
        '1:32: limits.failedLogins.first: must be 24h at most',
        '1:46: limits.failedLogins.longest: must be 24h at most',
      ],
    ],
  ])('is 24h at most: %s', (yaml, faults) => {
    expect(faultsOf(yaml)).toEqual(faults)
  })

  it('may be all of that, and what is only compared may be longer', () => {
    const { rules, limits } = load(
      'rules: [{name: a, delay: 24h}, {name: b, hold: 1d}]\nlimits: {preAuthTime: 1440m, failedLogins: {first: 24h, longest: 24h, forget: 30d}}',
    )
    expect(rules.map(({ effect }) => effect)).toMatchObject([
      { millis: 86_400_000 },
      { deadline: 86_400_000 },
    ])
    expect(limits).toEqual({
      preAuthTime: 86_400_000,
      failedLogins: { free: 3, first: 86_400_000, longest: 86_400_000, forget: 2_592_000_000 },
    })
  })

  it.each([
    [
      '{first: 5m, longest: 2m}',
      '1:45: limits.failedLogins.longest: must not be shorter than `first`, which is 5m',
    ],
    ['{longest: 0.5s}', '1:34: limits.failedLogins.longest: must not be shorter than `first`, which is 1s'],
    [
      '{first: 5m}',
      '1:32: limits.failedLogins.first: is longer than `longest`, which is 1m by default: write `longest` as well',
    ],
    [
      '{first: 5m, longest: soon}',
      '1:45: limits.failedLogins.longest: must be a duration such as 2s, 5m or 24h',
    ],
  ])('grows: failedLogins are not %s', (delays, fault) => {
    expect(faultsOf(`limits: {failedLogins: ${delays}}`)).toEqual([fault])
  })
})

describe('what nobody can mean is told with what to write', () => {
  it.each([
    [
      'rules: [{name: a, allow: false}]',
      '1:26: rules.0.allow: expected true: leave it out, and write deny: true to refuse',
    ],
    [
      'rules: [{name: a, deny: false}]',
      '1:25: rules.0.deny: expected true or text or a map, got false: leave it out instead',
    ],
    [
      'mailboxes: [{match: A, hidden: false}]',
      '1:32: mailboxes.0.hidden: expected true: leave it out, and write rights',
    ],
    [
      'mailboxes: [{match: A, rights: none}]',
      '1:32: mailboxes.0.rights: there is no right none: write [] where nothing may be done, or hidden: true where it shall not be seen',
    ],
    [
      'mailboxes: [{match: A, rights: write}]',
      '1:32: mailboxes.0.rights: there is no right write: write some of flag, insert, create, delete, such as [read, flag, insert]',
    ],
    [
      'mailboxes: [{match: A, rights: [read-write]}]',
      '1:33: mailboxes.0.rights.0: there is no right read-write: write some of flag',
    ],
    [
      'mailboxes: [{match: A, rights: [all]}]',
      '1:33: mailboxes.0.rights.0: all stands alone: write rights: all, without a list',
    ],
    [
      'limits: {failedLogins: 3}',
      '1:24: limits.failedLogins: must be a map such as {free: 3, first: 1s, longest: 1m}',
    ],
    [
      'rules: {no-delete: {deny: true}}',
      '1:8: rules: expected a list, got a map: each entry begins with a dash, such as `- name: no-deleting`',
    ],
    [
      'mailboxes: {INBOX: read}',
      '1:12: mailboxes: expected a list, got a map: each entry begins with a dash, such as `- match: INBOX`',
    ],
    ['rules: [{name: a, deny: {message: x}}]', '1:26: rules.0.deny.message: unknown key, did you mean text?'],
    [
      'rules: [{name: a, hold: {deadline: 5m}}]',
      '1:26: rules.0.hold.deadline: unknown key, did you mean for?',
    ],
    [
      'rules: [{name: a, deny: {constructor: x}}]',
      '1:26: rules.0.deny.constructor: unknown key: there are status, code, text',
    ],
    ['rules: [{name: "a ", deny: true}]', '1:16: rules.0.name: has a space at an end: write a'],
    [
      'mailboxes: [{match: A, users: "ann, bob", hidden: true}]',
      '1:31: mailboxes.0.users: is one name with a comma in it: a list is written [ann, bob]',
    ],
    [
      'mailboxes: [{match: A, users: [ann, "@example.com"], hidden: true}]',
      '1:37: mailboxes.0.users.1: is the name of nobody: write *@example.com for everybody there',
    ],
    [
      'extends: read_only',
      '1:10: extends: /p/read_only: no such file; did you mean the profile read-only?: write `extends: [read-only]` into a policy',
    ],
    [
      'extends: no-attachments-above 5MiB',
      'no-attachments-above is a profile: write `extends: [no-attachments-above]` and `limits: {attachmentOctets: 5MiB}` into a policy',
    ],
    ['extends: read-only organise', '1:10: extends: a list is written [read-only, organise]'],
  ])('%s', (yaml, fault) => {
    expect(faultsOf(yaml).join('\n')).toContain(fault)
  })

  it.each(['agent\n5MiB', 'read-only ', 'x y', '5MiB', ' 5MiB', 'constructor', 'no-attachments-above -5MiB'])(
    'and a name of no profile, %j, is one mistake',
    (name) => {
      expect(faultsOf(`extends: [${JSON.stringify(name)}]`)).toHaveLength(1)
    },
  )
})
