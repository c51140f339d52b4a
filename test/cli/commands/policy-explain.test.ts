/** imaptap policy explain as a person runs it: which rule, why, what upstream would get, what the client would hear. */

import { writeFileSync } from 'node:fs'
import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { runPolicyExplain } from '../../../src/cli/commands/policy-explain.ts'
import type { ExplainFlags } from '../../../src/cli/policy/trial-words.ts'
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts'

let folder: TempFolder

const policy = `
policy:
  default: deny
  mailboxes:
    - match: ["Secret/**"]
      hidden: true
  rules:
    - name: night
      when: hour < 6
      close: come back by day
    - name: bob-dry
      when: user == "bob"
      deny: not you
      dryRun: true
    - name: ask-moves
      when: '"remove" in actions'
      hold: {for: 2m, otherwise: deny}
    - name: read-only
      when: command == "SELECT"
      rewrite: [examine]
    - name: slow
      when: command == "SEARCH"
      delay: 2s
    - name: no-delete
      when: command == "DELETE"
      deny: {code: NOPERM, text: nothing is deleted here}
    - name: rest
      when: '!("unknown" in actions)'
      allow: true
`

beforeAll(async () => {
  folder = await createTempFolder('explain')
  writeFileSync(folder.join('p.yaml'), policy)
})
afterAll(() => folder.remove())

class Collector extends Writable {
  text = ''

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8')
    done()
  }
}

/** AUTHENTICATE says whose login it is in base64. */
it('refuses a login by what a rule says of its user, in whatever way it names him', () => {
  const when = `command in ["LOGIN", "AUTHENTICATE"] && user == "ann" && !inNetwork(address, "10.0.0.0/8")`
  const rule = `{name: inside, when: '${when}', deny: {code: AUTHORIZATIONFAILED, text: from inside only}}`
  writeFileSync(folder.join('inside.yaml'), `policy: {default: allow, rules: [${rule}]}\n`)
  const file = 'inside.yaml'
  for (const command of ['LOGIN ann pw', 'AUTHENTICATE PLAIN AGFubgBwdw=='])
    expect(run(command, { address: '192.0.2.1' }, file)).toContain('refused by rule inside')
  expect(run('AUTHENTICATE PLAIN AGJvYgBwdw==', { address: '192.0.2.1' }, file)).toContain('allowed')
  expect(run('AUTHENTICATE PLAIN AGFubgBwdw==', { address: '10.1.2.3' }, file)).toContain('allowed')
})

function run(command: string, flags: Omit<ExplainFlags, 'command'> = {}, file = 'p.yaml'): string {
  const out = new Collector()
  const now = (): Date => new Date('2026-11-21T14:00')
  expect(runPolicyExplain(folder.join(file), { command, ...flags }, { out, env: {}, now })).toBe(0)
  return out.text
}

function fields(command: string, flags: Omit<ExplainFlags, 'command'> = {}): Record<string, unknown> {
  return { ...JSON.parse(run(command, { ...flags, json: true })) }
}

describe('policy explain', () => {
  it('names the rule that decides, and says of each before it why it does not', () => {
    const text = run('DELETE Work', { user: 'bob' })
    expect(text).toMatch(/^DELETE Work\n {2}as bob from 127\.0\.0\.1, INBOX selected\n/)
    expect(text).toMatch(/^ {2}night +does not fit +close +if hour < 6$/m)
    expect(text).toMatch(/^~ bob-dry +dry run +deny NO/m)
    expect(text).toMatch(/^> no-delete +decides +deny NO \[NOPERM\] +if command == "DELETE"$/m)
    expect(text).toMatch(/^ {2}rest +not asked /m)
    expect(text).toMatch(/^verdict +refused by rule no-delete/m)
    expect(text).toMatch(/^upstream +nothing$/m)
    expect(text).toMatch(/^client +A1 NO \[NOPERM\] nothing is deleted here$/m)
  })

  it('shows what upstream gets octet for octet, literals and line ends included', () => {
    expect(fields('SELECT "Entw&APw-rfe"')).toMatchObject({ upstream: 'A1 EXAMINE Entw&APw-rfe\r\n' })
    expect(fields('NOOP', { selected: 'Entwürfe' })).toMatchObject({ upstream: 'A1 NOOP\r\n' })
    expect(fields('NOOP')).toMatchObject({ upstream: 'A1 NOOP\r\n', waitMillis: 0 })
    expect(fields('APPEND Drafts {}', { literal: ['Subject: x\n\nhé'] })).toMatchObject({
      upstream: 'A1 APPEND Drafts {17}\r\nSubject: x\r\n\r\nhé\r\n',
    })
    const text = run('SELECT Work')
    expect(text).toMatch(/^upstream +A1 EXAMINE Work\\r\\n$/m)
    expect(text).toMatch(/^\+ read-only +fits +rewrite examine/m)
  })

  it('says that a person is asked, or how long it waits', () => {
    const held = run('UID MOVE 5 Trash')
    expect(held).toMatch(/^verdict +held for approval by rule ask-moves$/m)
    expect(held).toContain('when nobody rules in time: deny')
    expect(held).toMatch(/^upstream +A1 UID MOVE 5 Trash\\r\\n$/m)
    expect(run('SEARCH ALL')).toMatch(/after 2s$/m)
  })

  it('says that a mailbox is hidden, and shows no name that means anything', () => {
    const text = run('STATUS Secret/Plans (MESSAGES)')
    expect(text).toContain('the mailbox is hidden')
    expect(run('UID MOVE 5 Secret/Plans')).toMatch(
      /^verdict +held for approval by rule ask-moves; the mailbox is hidden: upstream gets a name that nobody has$/m,
    )
    expect(text).toMatch(/^upstream +A1 STATUS <no-such-name>\/Plans \(MESSAGES\)/m)
  })

  it('says what no rule is asked about', () => {
    expect(fields('FOO BAR(')).toMatchObject({
      verdict: expect.stringContaining('refused by rule strict'),
      client: [{ line: expect.stringMatching(/^A1 BAD /), isOurs: true }],
    })
    expect(fields('FOO BAR(')).not.toHaveProperty('upstream')
    const rules = fields('FOO BAR(')['rules']
    expect(rules).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'rest', fate: 'not asked' })]),
    )
  })

  it('takes the circumstances that it is given', () => {
    expect(fields('NOOP', { time: '2026-11-21T03:00' })).toMatchObject({
      stoppedAt: expect.stringMatching(/^LOGIN/),
    })
    expect(run('NOOP', { time: '2026-11-21T03:00' })).toContain(
      'does not get so far, because of: LOGIN "user"',
    )
    expect(run('NOOP', { selected: '', client: 'Mutt/2', address: '192.0.2.1' })).toContain(
      'as user from 192.0.2.1 with Mutt/2, no mailbox selected',
    )
  })

  it('shows no password, and none of the words that it invents', () => {
    expect(run('NOOP', { time: '2026-11-21T03:00' })).not.toContain('trial')
  })

  it.each<[ExplainFlags, RegExp]>([
    [{ command: 'NOOP\r\nb DELETE x' }, /one line/],
    [{ command: 'APPEND x {}' }, /1 \{\} and there are 0 --literal/],
    [{ command: 'NOOP', literal: ['x'] }, /0 \{\} and there are 1/],
    [{ command: 'NOOP', time: 'noon' }, /--time: noon is no time/],
    [{ command: ' ' }, /^--command is empty$/],
    [{ command: 'NOOP', user: '' }, /^--user is empty$/],
    [{ command: 'NOOP', address: 'ten' }, /^--address: ten is no address$/],
    [{ command: 'NOOP', listener: 'ten' }, /^--listener: /],
    [{ command: 'NOOP', separator: '//' }, /^--separator is one character$/],
    [{ command: 'A1 UID MOVE 5 Trash' }, /^--command is written without its tag: leave A1 out$/],
    [{ command: 'APPEND x {5}' }, /^--command announces a literal, \{5\}, and has nothing behind it$/],
    [{ command: 'LOGIN {3+} x' }, /^--command announces a literal, \{3\+\}, and has nothing behind it$/],
  ])('says what is wrong with its words: %j', ({ command, ...flags }, message) => {
    expect(() => run(command, flags)).toThrow(message)
  })

  it('repeats nothing of what stands behind a tag, and prints the tag', () => {
    const failureOf = (command: string): unknown => {
      try {
        return run(command)
      } catch (error) {
        return error
      }
    }
    expect(failureOf('a1 login  ann "it\'s secret"')).toMatchObject({
      message: '--command is written without its tag: leave a1 out',
      advice: 'begin at LOGIN',
    })
    expect(failureOf('\u001b[31mA1 uid move 5 Trash')).toMatchObject({
      message: String.raw`--command is written without its tag: leave \x1b[31mA1 out`,
      advice: 'begin at UID',
    })
    expect(failureOf(`${'a'.repeat(100)} NOOP`)).toMatchObject({
      message: expect.stringMatching(/leave a{39}… out$/),
    })
  })

  it.each(['UID EXAMINE x', 'XFOO STATUS', 'x-foo list'])('takes no verb for a tag: %s', (command) => {
    expect(fields(command)).toMatchObject({ verdict: expect.stringContaining('refused') })
  })

  it('names the hidden capability that a command uses, and not to the client', () => {
    writeFileSync(folder.join('hides.yaml'), 'default: allow\nhideCapabilities: [X-*, CONDSTORE, XLIST]\n')
    const explainHere = (command: string): Record<string, unknown> => {
      const out = new Collector()
      runPolicyExplain(
        folder.join('hides.yaml'),
        { command, json: true },
        { out, env: {}, now: () => new Date() },
      )
      return { ...JSON.parse(out.text) }
    }
    expect(explainHere('XLIST "" *')).toMatchObject({
      verdict: 'refused by rule capabilities: it uses XLIST, which is hidden',
      client: [{ line: 'A1 BAD this is not available here', isOurs: true }],
    })
    expect(explainHere('SELECT Work (CONDSTORE)')).toMatchObject({
      verdict: 'refused by rule capabilities: it uses CONDSTORE, which is hidden',
    })
  })

  it('names the rule that hides what a command uses, wherever it stands, and no other is asked', () => {
    writeFileSync(
      folder.join('hiding.yaml'),
      `default: allow
rules:
  - {name: all, allow: true}
  - {name: trial, hide: [MOVE], dryRun: true}
  - {name: tidy, when: user == "ann", hide: [IDLE]}
`,
    )
    const fatesOf = (command: string): readonly unknown[] => {
      const out = new Collector()
      const here = { out, env: {}, now: () => new Date() }
      runPolicyExplain(folder.join('hiding.yaml'), { command, user: 'ann', json: true }, here)
      const { rules, verdict }: { rules: readonly { name: string; fate: string }[]; verdict: string } =
        JSON.parse(out.text)
      return [...rules.map(({ name, fate }) => `${name}: ${fate}`), verdict]
    }
    expect(fatesOf('IDLE')).toEqual([
      'all: not asked',
      'trial: does not fit',
      'tidy: decides',
      'refused by rule tidy: it uses IDLE, which is hidden',
    ])
    expect(fatesOf('MOVE 1 Work')).toEqual([
      'all: decides',
      'trial: dry run',
      'tidy: does not fit',
      'allowed by rule all: it always applies',
    ])
    expect(fatesOf('XLIST')).toEqual([
      'all: not asked',
      'trial: not asked',
      'tidy: not asked',
      expect.anything(),
    ])
  })

  it('says how a name in other letters is written', () => {
    expect(run('SELECT Entwürfe')).toMatch(
      /^hint +a name in a command is in modified UTF-7: write Entw&APw-rfe for Entwürfe$/m,
    )
    expect(fields('COPY 1 "Über uns"')).toMatchObject({
      hint: 'a name in a command is in modified UTF-7: write "&ANw-ber uns" for "Über uns"',
    })
    expect(fields('UID SEARCH SUBJECT "für"')).toMatchObject({
      hint: 'a command is ASCII: write {} for "für", and what it holds by --literal',
    })
    expect(fields(' uid  search SUBJECT "[für]"')).toMatchObject({
      hint: 'a command is ASCII: write {} for "[für]", and what it holds by --literal',
    })
    expect(fields('SELECT "Entw&APw-rfe"')).not.toHaveProperty('hint')
    expect(run('SELECT Work')).not.toMatch(/^hint/m)
  })

  it('says of other letters that stand in no name what else to write, and repeats no password', () => {
    expect(fields('LOGIN ann "pässwort"')).toMatchObject({
      hint: 'a command is ASCII: write {} for its words, and what they hold by --literal',
    })
    expect(fields('AUTHENTICATE PLAIN pässwort')).toMatchObject({
      hint: 'a command is ASCII: what follows its mechanism is base64',
    })
    expect(fields('FETCH 1 BODY[é]')).toMatchObject({
      hint: 'a command is ASCII: nothing to fetch is called BODY[é]',
    })
    expect(run('SELECT é\u001b[31m')).toMatch(/^hint .* for é\\x1b\[31m$/m)
  })

  it('takes for a command what could be a tag, and for a text what could be a literal', () => {
    expect(fields('LIST "" {}', { literal: ['LIST'] })).toMatchObject({ upstream: expect.any(String) })
    expect(fields('NOOP LIST')).toHaveProperty('verdict')
    expect(fields('SEARCH SUBJECT "{5}"')).toMatchObject({ upstream: 'A1 SEARCH SUBJECT "{5}"\r\n' })
  })

  it('tells of a mistake in the policy as the proxy would, with its place', () => {
    writeFileSync(
      folder.join('bad.yaml'),
      'policy:\n  rules:\n    - name: x\n      when: usr == "x"\n      deny: true\n',
    )
    const world = { out: new Collector(), env: {}, now: () => new Date() }
    expect(() => runPolicyExplain(folder.join('bad.yaml'), { command: 'NOOP' }, world)).toThrow(
      /bad\.yaml:4:\d+.*usr/,
    )
  })
})
