/** How YAML becomes a policy: every key, every shorthand, what extends what, and mistakes with their places. */

import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import type { PolicyDocument } from '../../src/config/policy-document.ts'
import { profileNames } from '../../src/config/policy-file.ts'
import { loadPolicyFile } from '../../src/config/policy-settings.ts'
import { BadConfiguration } from '../../src/config/problem.ts'
import { findWithin } from '../../src/config/yaml-scalar.ts'

type Files = Readonly<Record<string, string>>

const reader = (files: Files) => (path: string) => {
  const value = files[path] ?? (existsSync(path) ? readFileSync(path, 'utf8') : undefined)
  return value === undefined
    ? ({ ok: false, message: 'no such file' } as const)
    : ({ ok: true, value } as const)
}

function load(yaml: string, files: Files = {}): PolicyDocument {
  return loadPolicyFile('/p/policy.yaml', reader({ '/p/policy.yaml': yaml, ...files })).document
}

function faultsOf(yaml: string, files?: Files): readonly string[] {
  try {
    load(yaml, files)
    return []
  } catch (error) {
    if (error instanceof BadConfiguration) return error.message.replaceAll('/p/policy.yaml:', '').split('\n')
    throw error
  }
}

const effectOf = (effect: string) => load(`rules: [{name: a, ${effect}}]`).rules[0]?.effect

describe('a policy', () => {
  it('has defaults for all that it does not say', () => {
    expect(load('{}')).toEqual({
      mode: 'enforce',
      default: 'deny',
      rules: [],
      hideCapabilities: [],
      unknownCommands: [],
      mailboxes: [],
      otherMailboxes: 'visible',
      limits: {},
      allowProxyLogin: false,
      allowCleartextLogin: false,
      id: { keep: undefined, set: {}, forwardAddress: false },
      profiles: [],
      where: '/p/policy.yaml:1:1',
    })
  })

  it('may say everything', () => {
    const document = load(`
policy:
  mode: dry-run
  default: allow
  hideCapabilities: idle
  unknownCommands: [XFOO, UID XBAR]
  mailboxes:
    - {users: "ann*", match: [Work/**, Work], rights: [read, flag]}
    - {match: Shop, rights: all}
    - {match: Secret/**, hidden: true}
  otherMailboxes: visible
  allowProxyLogin: true
  allowCleartextLogin: true
  id: {keep: name, set: {vendor: Us}, forwardAddress: true}
  limits:
    preAuthTime: 30s
    preAuthOctets: 64KiB
    commandsPerSecond: 20
    octetsPerHour: 1GB
    messagesPerHour: 100
    sessionsPerUser: 5
    sessionsPerAddress: 6
    failedLogins: {free: 0, longest: 5m}
    appendOctets: 25MiB
    literalOctets: 1MiB
    attachmentOctets: 1000
`)
    expect(document).toMatchObject({
      mode: 'dry-run',
      default: 'allow',
      hideCapabilities: ['IDLE'],
      unknownCommands: ['XFOO', 'UID XBAR'],
      mailboxes: [
        {
          users: ['ann*'],
          patterns: ['Work/**', 'Work'],
          access: { kind: 'rights', rights: ['read', 'flag'] },
        },
        { users: [], access: { kind: 'rights', rights: ['read', 'flag', 'insert', 'create', 'delete'] } },
        {
          patterns: ['Secret/**'],
          access: { kind: 'hidden' },
          where: '/p/policy.yaml:10:7: mailboxes.2'.replace('mailboxes', 'policy.mailboxes'),
        },
      ],
      allowProxyLogin: true,
      allowCleartextLogin: true,
      id: { keep: ['name'], set: { vendor: 'Us' }, forwardAddress: true },
    })
    expect(document.limits).toEqual({
      preAuthTime: 30_000,
      preAuthOctets: 65_536,
      commandsPerSecond: 20,
      octetsPerHour: 1e9,
      messagesPerHour: 100,
      sessionsPerUser: 5,
      sessionsPerAddress: 6,
      failedLogins: { free: 0, first: 1_000, longest: 300_000, forget: 3_600_000 },
      appendOctets: 26_214_400,
      literalOctets: 1_048_576,
      attachmentOctets: 1_000,
    })
  })

  it.each([
    ['allow: true', { kind: 'allow' }],
    ['deny: true', { kind: 'deny', status: 'NO', code: 'NOPERM', text: 'this is not allowed here' }],
    ['deny: not today', { kind: 'deny', status: 'NO', code: 'NOPERM', text: 'not today' }],
    [
      'deny: {status: BAD}',
      { kind: 'deny', status: 'BAD', code: undefined, text: 'this is not allowed here' },
    ],
    ['deny: {code: LIMIT, text: x}', { kind: 'deny', status: 'NO', code: 'LIMIT', text: 'x' }],
    ['hide: [idle, x-*]', { kind: 'hide', capabilities: ['IDLE', 'X-*'] }],
    ['rewrite: peek', { kind: 'rewrite', rewrites: ['peek'] }],
    ['rewrite: [examine, peek, strip-id]', { kind: 'rewrite', rewrites: ['examine', 'peek', 'strip-id'] }],
    ['hold: true', { kind: 'hold', deadline: 300_000, otherwise: 'deny' }],
    ['hold: 90s', { kind: 'hold', deadline: 90_000, otherwise: 'deny' }],
    [
      'hold: {for: 1h, otherwise: allow, text: no}',
      { kind: 'hold', deadline: 3_600_000, otherwise: 'allow', text: 'no' },
    ],
    ['delay: 2s', { kind: 'delay', millis: 2_000 }],
    ['close: true', { kind: 'close', text: 'this session is not allowed here' }],
    ['close: go away', { kind: 'close', text: 'go away' }],
    ['record: log', { kind: 'record' }],
  ])('has rules that %s', (written, effect) => {
    expect(effectOf(written)).toMatchObject(effect)
  })

  it('has rules that are recorded, and only asked', () => {
    const [rule] = load('rules: [{name: a, deny: true, record: audit, dryRun: true}]').rules
    expect(rule).toMatchObject({ name: 'a', when: undefined, record: 'audit', isDryRun: true })
  })

  it.each([
    ['grants rights are hidden', '{match: A, rights: read}', 'hidden'],
    ['hides others are visible', '{match: A, hidden: true}', 'visible'],
  ])('that %s', (_, rule, others) => {
    expect(load(`mailboxes: [${rule}]`).otherMailboxes).toBe(others)
  })
})

describe('what a policy extends', () => {
  it.each(profileNames())('can be the profile %s, by itself and by its name', (name) => {
    const document = load(`extends: ${name}`)
    expect(document.profiles).toEqual([name])
    const path = new URL(`../../profiles/${name}.yaml`, import.meta.url).pathname
    expect(loadPolicyFile(path).document.rules.map((rule) => rule.name)).toEqual(
      document.rules.map((rule) => rule.name),
    )
  })

  const files = {
    '/p/base.yaml':
      'default: deny\nextends: sub/deep.yaml\nrules: [{name: base, deny: true}]\nlimits: {commandsPerSecond: 5, sessionsPerUser: 1}\nhideCapabilities: IDLE\n',
    '/p/sub/deep.yaml': 'policy:\n  rules: [{name: deep, allow: true}]\n  otherMailboxes: hidden\n',
  }

  it('comes behind its own rules, and is overruled by its own words', () => {
    const document = load(
      'default: allow\nextends: ./base.yaml\nrules: [{name: own, allow: true}]\nlimits: {sessionsPerUser: 9}\nhideCapabilities: MOVE',
      files,
    )
    expect(document.rules.map(({ name }) => name)).toEqual(['own', 'base', 'deep'])
    expect(document).toMatchObject({
      default: 'allow',
      limits: { commandsPerSecond: 5, sessionsPerUser: 9 },
      hideCapabilities: ['MOVE', 'IDLE'],
      otherMailboxes: 'hidden',
      profiles: ['./base.yaml', 'sub/deep.yaml'],
    })
    expect(document.rules[2]?.where.rule).toBe('/p/sub/deep.yaml:2:11: policy.rules.0')
  })

  it('is watched with the policy itself', () => {
    const config = loadPolicyFile(
      '/p/policy.yaml',
      reader({ '/p/policy.yaml': 'extends: ./base.yaml', ...files }),
    )
    expect(config.files).toEqual(['/p/policy.yaml', '/p/base.yaml', '/p/sub/deep.yaml'])
  })

  it('is there once, however often it is named', () => {
    expect(load('extends: [./base.yaml, ./sub/deep.yaml]', files).rules.map(({ name }) => name)).toEqual([
      'base',
      'deep',
    ])
  })

  it.each([
    [
      'extends: [read-olny]',
      '1:11: extends.0: unknown profile: did you mean read-only?; a file is named by a path, such as ./read-olny.yaml',
    ],
    ['extends: ./none.yaml', '1:10: extends: /p/none.yaml: no such file'],
    ['extends: ./policy.yaml', '1:10: extends: extends itself'],
    ['extends: ./bad.yaml', '/p/bad.yaml:1:1: defalt: unknown key, did you mean default?'],
  ])('is not %s', (yaml, fault) => {
    expect(faultsOf(yaml, { ...files, '/p/bad.yaml': 'defalt: deny\nrules: []' })).toEqual([fault])
  })
})

describe('a policy by the path of a configuration', () => {
  const files = reader({
    '/p/c.yaml': 'upstream: imaps://x\npolicy: sub/gate.yaml\n',
    '/p/sub/gate.yaml': 'policy: {rules: [{name: a, allow: true}]}\n',
    '/p/twice.yaml': 'policy: c.yaml\n',
    '/p/none.yaml': 'policy: read-only\n',
  })

  it('is that of the file which the configuration names', () => {
    const { document, files: read } = loadPolicyFile('/p/c.yaml', files)
    expect(document.rules.map(({ name }) => name)).toEqual(['a'])
    expect(read).toEqual(['/p/sub/gate.yaml'])
  })

  it('is not looked for any further', () => {
    expect(() => loadPolicyFile('/p/twice.yaml', files)).toThrow(
      '/p/c.yaml:2:9: policy: a policy is expected here, and this leads on to /p/sub/gate.yaml: name that file instead',
    )
  })

  it('that names a profile is told how profiles are used', () => {
    const hint =
      'no such file; read-only is a profile: write `extends: [read-only]` into a policy, or give its file '
    expect(() => loadPolicyFile('/p/none.yaml', files)).toThrow(
      `/p/none.yaml:1:9: policy: /p/read-only: ${hint}`,
    )
    expect(() => loadPolicyFile('read-only', files)).toThrow(`read-only: ${hint}`)
    expect(() => loadPolicyFile('organize', files)).toThrow(
      'organize: no such file; did you mean the profile organise?: write `extends: [organise]`',
    )
    const read = () =>
      loadConfig({ flags: { upstream: 'imaps://x', policy: 'agent' }, env: {}, readFile: files })
    expect(read).toThrow('--policy: agent: no such file; agent is a profile')
  })
})

describe('a mistake is told with its place', () => {
  it.each([
    ['rule: []', '1:1: rule: unknown key, did you mean rules?'],
    ['rules: [{name: a, alow: true}]', '1:19: rules.0.alow: unknown key, did you mean allow?'],
    [
      'rules: [{name: a, deny: {stauts: NO}}]',
      '1:26: rules.0.deny.stauts: unknown key, did you mean status?',
    ],
    ['limits: {octetPerHour: 5MB}', '1:10: limits.octetPerHour: unknown key, did you mean octetsPerHour?'],
    ['limits: {failedLogins: {fre: 1}}', '1:25: limits.failedLogins.fre: unknown key, did you mean free?'],
    [
      'rules: [{name: 5, allow: true}]',
      '1:16: rules.0.name: expected text, got a number: write it in quotes',
    ],
    [
      'rules: [{name: a, effect: deny}]',
      '1:19: rules.0.effect: unknown key: there are name, when, allow, deny, hide, rewrite, hold, delay, close, record, dryRun',
    ],
    ['rules: [{allow: true}]', 'rules.0.name: is missing: text'],
    [
      '- name: a\n  allow: true',
      '1:1: expected a map, got a list: rules stand in a list of their own, under `rules:`',
    ],
    ['just text', '1:1: expected a map, got text'],
    [
      'rules:\n  - name: a\n  allow: true',
      '3:1: this stands in another column than what it belongs to: indent lines of one map or list alike',
    ],
    [
      'rules: [{name: a, deny: no}]',
      '1:25: rules.0.deny: no is text here, which the client would be told: write true, or a sentence',
    ],
    ['rules: [{name: a, allow: false}]', '1:26: rules.0.allow: expected true'],
    [
      'mailboxes: [{match: A, hidden: yes}]',
      '1:32: mailboxes.0.hidden: expected true: write true, without quotes, or leave it out',
    ],
    [
      'mailboxes: [{match: A, rights: "read, flag"}]',
      'or delete or a list, got text: a list is written [one, two]',
    ],
    ['limits: {preAuthTime: 30}', '1:23: limits.preAuthTime: must be a duration such as 2s, 5m or 24h'],
    [
      'limits: {commandsPerSecond: "5"}',
      '1:29: limits.commandsPerSecond: expected a number, got text: write it without quotes',
    ],
    ['extends: read-only, organise', '1:10: extends: a list is written [read-only, organise]'],
    ['rules: {name: a}', '1:8: rules: expected a list, got a map'],
    [
      'rules: [{name: a, when: true, allow: true}]',
      '1:25: rules.0.when: expected text, got true: write it in quotes',
    ],
    ['rules: [{name: a}]', '1:9: rules.0: has no effect: add one of allow, deny'],
    [
      'rules: [{name: a, allow: true, deny: true}]',
      '1:32: rules.0.deny: a rule has one effect, and this one has allow and deny',
    ],
    [
      'rules: [{name: a, rewrite: exmine}]',
      '1:28: rules.0.rewrite: expected examine or peek or strip-id or a list, got text, did you mean examine?',
    ],
    ['rules: [{name: a, hold: soon}]', '1:25: rules.0.hold: must be a duration such as 2s, 5m or 24h'],
    ['rules: [{name: a, deny: "[ALERT] x"}]', 'must not begin with ['],
    ['rules: [{name: a, deny: "a\\nb"}]', 'must be one line without control characters'],
    ['rules: [{name: a, deny: {code: "A B"}}]', 'must be a response code such as NOPERM'],
    ['unknownCommands: [xfoo]', 'must be a command in capital letters'],
    ['limits: {commandsPerSecond: 0}', '1:29: limits.commandsPerSecond: must be 1 at least'],
    ['limits: {appendOctets: big}', '1:24: limits.appendOctets: must be a size such as'],
    [
      'mailboxes: [{match: A}]',
      '1:13: mailboxes.0: says either what may be done (rights: all) or hidden: true',
    ],
    [
      'mailboxes: [{match: A, rights: [raed]}]',
      '1:33: mailboxes.0.rights.0: expected one of read, flag, insert, create, delete, did you mean read?',
    ],
    ['mode: dryrun', '1:7: mode: expected one of enforce, dry-run, did you mean dry-run?'],
    [
      'rules:\n  - name: a\n    when: "read" in actions\n    allow: true',
      'write `when: >-`, and the condition on the next line',
    ],
    [
      'rules:\n  - name: a\n    when: !uid\n    allow: true',
      'write `when: >-`, and the condition on the next line',
    ],
    [
      'rules:\n  - when: user == "a: b"\n    name: a\n    allow: true',
      'write `when: >-`, and the condition on the next line',
    ],
    ['root:x:0:0::\nann: b', 'not a policy'],
    ['policy: other.yaml', '1:9: policy: /p/other.yaml: no such file'],
    [
      'upstream: imaps://x',
      '1:1: this is a configuration without a policy: add `policy:` with a map, or with the path of a file that holds one',
    ],
    [
      'extends: ./read-only.yaml',
      '1:10: extends: /p/read-only.yaml: no such file; read-only is a profile: write `extends: [read-only]` into a policy, or give its file ',
    ],
  ])('%s', (yaml, fault) => {
    expect(faultsOf(yaml).join('\n')).toContain(fault)
  })

  it('and that of one part hides none of another', () => {
    const yaml = [
      'default: alow',
      'extends: [./base.yaml, read-olny]',
      'rules:',
      '  - {name: a, when: true, deny: true, allow: true}',
      '  - {name: b, alow: true}',
      'mailboxes:',
      '  - {match: A, right: all}',
      'limits: {appendOctets: big}',
    ].join('\n')
    expect(faultsOf(yaml, { '/p/base.yaml': 'rules: [{name: c}]' })).toEqual([
      '/p/base.yaml:1:9: rules.0: has no effect: add one of allow, deny, hide, rewrite, hold, delay, close, record',
      '1:10: default: expected one of allow, deny, did you mean allow?',
      '2:24: extends.1: unknown profile: did you mean read-only?; a file is named by a path, such as ./read-olny.yaml',
      '4:21: rules.0.when: expected text, got true: write it in quotes',
      '4:27: rules.0.deny: a rule has one effect, and this one has allow and deny',
      '5:15: rules.1.alow: unknown key, did you mean allow?',
      '7:16: mailboxes.0.right: unknown key, did you mean rights?',
      '8:24: limits.appendOctets: must be a size such as 64KiB, 25MiB or 1GB',
    ])
  })

  it('and with what a configuration says of other things', () => {
    const files = reader({
      '/p/c.yaml': 'upstream: http://x\nlisten: 5\npolicy: gate.yaml\naudit: {path: a}\n',
      '/p/gate.yaml': 'mode: dry\n',
    })
    const read = () => loadConfig({ flags: { config: '/p/c.yaml' }, env: {}, readFile: files })
    expect(read).toThrow(
      [
        '/p/c.yaml:1:11: upstream: must start with imaps://, imap+starttls:// or imap://',
        '/p/c.yaml:2:9: listen: expected text or a list, got a number: write it in quotes',
        '/p/gate.yaml:1:7: mode: expected one of enforce, dry-run',
      ].join('\n'),
    )
  })

  it('and no file is one as well', () => {
    expect(() => loadPolicyFile('/p/none.yaml', reader({}))).toThrow('/p/none.yaml: no such file')
  })
})

describe('a configuration', () => {
  const files = {
    '/etc/tap/imaptap.yaml': 'upstream: imaps://mail.test\npolicy: gate/way.yaml\n',
    '/etc/tap/inline.yaml':
      'upstream: imaps://mail.test\npolicy:\n  default: allow\n  rules: [{name: here, deny: true}]\n',
    '/etc/tap/gate/way.yaml': 'default: allow\nrules: [{name: there, deny: true}]\n',
    '/etc/tap/wrong.yaml': 'upstream: imaps://mail.test\npolicy: {defualt: allow}\n',
  }
  const loadFrom = (flags: { config?: string; policy?: string; upstream?: string }, env = {}) =>
    loadConfig({ flags, env, readFile: reader(files) })

  it('names a file of its own, from where it lies itself', () => {
    const { policy } = loadFrom({ config: '/etc/tap/imaptap.yaml' })
    expect(policy?.files).toEqual(['/etc/tap/gate/way.yaml'])
    expect(policy?.document.rules[0]?.name).toBe('there')
  })

  it('has the policy in itself, and is watched then', () => {
    const { policy } = loadFrom({ config: '/etc/tap/inline.yaml' })
    expect(policy?.files).toEqual(['/etc/tap/inline.yaml'])
    expect(policy?.document.rules[0]?.where.name).toBe('/etc/tap/inline.yaml:4:18: policy.rules.0.name')
  })

  it('is overruled by the flag and the variable', () => {
    const flag = loadFrom({ config: '/etc/tap/inline.yaml', policy: '/etc/tap/gate/way.yaml' })
    expect(flag.policy?.document.rules[0]?.name).toBe('there')
    const variable = loadFrom({ upstream: 'imaps://x.test' }, { IMAPTAP_POLICY: '/etc/tap/gate/way.yaml' })
    expect(variable.policy?.document.rules[0]?.name).toBe('there')
  })

  it('can be read again', () => {
    const { policy } = loadFrom({ config: '/etc/tap/imaptap.yaml' })
    expect(policy?.readAgain?.()?.document.rules[0]?.name).toBe('there')
  })

  it('says what is wrong with its policy', () => {
    expect(() => loadFrom({ config: '/etc/tap/wrong.yaml' })).toThrow(
      '/etc/tap/wrong.yaml:2:10: policy.defualt: unknown key, did you mean default?',
    )
    expect(() => loadFrom({ upstream: 'imaps://x.test', policy: '/none.yaml' })).toThrow(
      '--policy: /none.yaml: no such file',
    )
  })

  it('has no policy unless somebody asks for one', () => {
    expect(loadFrom({ upstream: 'imaps://x.test' }).policy).toBeUndefined()
  })
})

describe('a place within a text of YAML', () => {
  it.each([
    ['"a \\" \\x41 \\n b"', 'a " A \n b', 'b', 14],
    ["'it''s b'", "it's b", 'b', 7],
    ['>-\n  one\n  two', 'one two', 't', 11],
    ['"\\u00e9b"', '\u00e9b', 'b', 7],
  ])('of %s', (file, value, sought, place) => {
    expect(findWithin(file, 0, { value, offset: value.indexOf(sought) })).toBe(place)
  })
})
