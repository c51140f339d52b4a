/** What policy check and check-config say of policies, and with which exit code. */

import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actions } from '../../../src/cli/wiring.ts'
import { runCheckConfig } from '../../../src/cli/commands/check-config.ts'
import { runPolicyCheck } from '../../../src/cli/commands/policy-check.ts'
import { exitCodes } from '../../../src/cli/exit-codes.ts'
import { buildProgram } from '../../../src/cli/options.ts'
import { report } from '../../../src/cli/report.ts'
import { withPolicyFaults } from '../../../src/policy/all-faults.ts'
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts'

let temp: TempFolder
beforeAll(async () => {
  temp = await createTempFolder('policy-check')
})
afterAll(() => temp.remove())

function write(name: string, ...lines: readonly string[]): string {
  const path = temp.join(name)
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

async function run(
  check: (write: (text: string) => void) => unknown,
): Promise<{ text: string; exitCode: number }> {
  let text = ''
  const out = (more: string): void => {
    text += more
  }
  try {
    await check(out)
    return { text, exitCode: exitCodes.ok }
  } catch (error) {
    return { exitCode: report(withPolicyFaults(error), { err: { write: out }, isDebug: false }), text }
  }
}

const check = (file: string) => run((out) => runPolicyCheck(file, { write: out }))

describe('policy check', () => {
  it('says what is wrong beside the policy of a whole configuration', async () => {
    const file = write('whole.yaml', 'log: {level: loud}', 'policy: {default: allow}')
    const { text, exitCode } = await check(file)
    expect(exitCode).toBe(exitCodes.badConfiguration)
    expect(text).toContain(`${file}:1:14: log.level: `)
    expect(text).not.toContain(': ok')
  })

  it('says what a sound policy holds, in the order in which it is asked', async () => {
    const file = write(
      'sound.yaml',
      'default: deny',
      'extends: ./base.yaml',
      'rules:',
      '  - name: look',
      '    when: >-',
      '      "look" in actions',
      '      && uid',
      '    allow: true',
      '    record: log',
      '  - {name: slow, when: readOnly, hold: {for: 90s, otherwise: allow}, dryRun: true}',
      'mailboxes: [{users: ann, match: [A, B/**], rights: [read]}, {match: C, hidden: true}, {match: D, rights: []}]',
      'limits: {appendOctets: 25MiB, preAuthTime: 30s, commandsPerSecond: 5, failedLogins: {}}',
    )
    write('base.yaml', 'rules: [{name: base, deny: true}]')
    expect(await check(file)).toEqual({
      exitCode: exitCodes.ok,
      text: [
        `${file}: ok`,
        '  mode        enforce',
        '  otherwise   deny',
        '  extends     ./base.yaml',
        '  rules',
        '    look: allow (to the log) when "look" in actions && uid',
        '    slow: hold 90s, then allow (dry run) when readOnly',
        '    base: deny NO [NOPERM] always',
        '  mailboxes',
        '    A, B/** for ann: read',
        '    C: hidden',
        '    D: seen, and nothing else',
        '    all others: hidden',
        '  limits',
        '    preAuthTime: 30s',
        '    commandsPerSecond: 5',
        '    failedLogins: 3 free, then 1s to 1m, forgotten after 1h',
        '    appendOctets: 25MiB',
        '',
      ].join('\n'),
    })
  })

  it('says every mistake bare, for editors to jump to, and ends with 78', async () => {
    const file = write(
      'mistakes.yaml',
      'default: allow',
      'rules:',
      '  - {name: a, when: \'usr == "ann"\', deny: true}',
      '  - {name: a, when: \'size > "5"\', deny: true}',
    )
    expect(await check(file)).toEqual({
      exitCode: exitCodes.badConfiguration,
      text: [
        `${file}:3:22: rules.0.when: unknown variable usr, did you mean user?`,
        `${file}:4:12: rules.1.name: there is a rule "a" already, at ${file}:3:12: choose another name`,
        `${file}:4:22: rules.1.when: a whole number and text cannot go with >: a number stands without quotes`,
        '',
      ].join('\n'),
    })
  })

  it('says which profiles lose their refusal to a default of allow', async () => {
    const said = (...lines: string[]) => check(write('loose.yaml', ...lines))
    const loose = await said('default: allow', 'extends: [read-only, no-attachments-above]')
    expect(loose.text).toContain('  otherwise   allow: also what read-only would refuse by `default: deny`\n')
    const sound = await said('extends: read-only')
    expect(sound.text).toContain('  otherwise   deny\n')
  })

  it('takes any two profiles together, in either order', async () => {
    const names = ['read-only', 'organise', 'append-only', 'no-attachments-above', 'legacy-device', 'agent']
    for (const one of names)
      for (const other of names.filter((name) => name !== one)) {
        const { text, exitCode } = await check(write('pair.yaml', `extends: [${one}, ${other}]`))
        expect([one, other, exitCode, exitCode === exitCodes.ok ? '' : text]).toEqual([
          one,
          other,
          exitCodes.ok,
          '',
        ])
      }
  })

  it('of a configuration checks the policy that it names, and says which', async () => {
    const own = write('named.yaml', "rules: [{name: a, when: 'uid', allow: true}]")
    const file = write('naming.yaml', 'upstream: imaps://mail.test', 'policy: named.yaml')
    expect(await check(file)).toEqual({
      exitCode: exitCodes.ok,
      text: [
        `${file}: ok`,
        `  policy of   ${own}`,
        '  mode        enforce',
        '  otherwise   deny',
        '  rules',
        '    a: allow when uid',
        '',
      ].join('\n'),
    })
    write('named.yaml', "rules: [{name: a, when: 'uidd', allow: true}]")
    expect(await check(file)).toEqual({
      exitCode: exitCodes.badConfiguration,
      text: `${own}:1:26: rules.0.when: unknown variable uidd, did you mean uid?\n`,
    })
    const without = write('without.yaml', 'upstream: imaps://mail.test')
    expect(await check(without)).toEqual({
      exitCode: exitCodes.badConfiguration,
      text: `${without}:1:1: this is a configuration without a policy: add \`policy:\` with a map, or with the path of a file that holds one\n`,
    })
  })

  it('tells of conditions, names and patterns beside what is wrong in form, from the top down', async () => {
    const file = write(
      'stages.yaml',
      'default: alow',
      'unknownCommands: [XFOO, xbar]',
      'rules:',
      '  - {name: 5, when: \'usr == "ann"\', deny: true}',
      "  - {name: b, when: 'uid and readOnly', alow: true}",
      '  - {name: b, when: \'command == "XFOO"\', allow: true, deny: true}',
      '  - {name: c, when: true, allow: true}',
      '  - {name: d, when: \'mailbox.startsWith("a")\', deny: {stats: NO}}',
      '  - {name: e, when: \'command == "IDLE"\', hide: [IDLE, 5]}',
      '  - {when: (uid}',
      '  - text',
      'mailboxes: [{match: ["a//b", 5], right: all}, 5]',
    )
    expect(await check(file)).toEqual({
      exitCode: exitCodes.badConfiguration,
      text: [
        '1:10: default: expected one of allow, deny, did you mean allow?',
        '2:25: unknownCommands.1: must be a command in capital letters, such as XFOO or UID XFOO',
        '4:12: rules.0.name: expected text, got a number: write it in quotes',
        '4:22: rules.0.when: unknown variable usr, did you mean user?',
        '5:26: rules.1.when: write && in place of `and`',
        '5:41: rules.1.alow: unknown key, did you mean allow?',
        `6:12: rules.2.name: there is a rule "b" already, at ${file}:5:12: choose another name`,
        '6:55: rules.2.deny: a rule has one effect, and this one has allow and deny',
        '7:21: rules.3.when: expected text, got true: write it in quotes',
        '8:22: rules.4.when: a rule that refuses must know every spelling of a mailbox: of `mailbox` use ==, in or glob(mailbox, "...")',
        '8:55: rules.4.deny.stats: unknown key, did you mean status?',
        '9:22: rules.5.when: what is hidden is decided without a command: `command` has no value there',
        '9:55: rules.5.hide.1: expected text, got a number: write it in quotes',
        '10:5: rules.6.name: is missing: text',
        '10:12: rules.6.when: this ( is not closed: a ) is missing',
        '11:5: rules.7: expected a map, got text',
        '12:22: mailboxes.0.match.0: it has a level without a name: write Archive/2024, without / at an end',
        '12:30: mailboxes.0.match.1: expected text, got a number: write it in quotes',
        '12:34: mailboxes.0.right: unknown key, did you mean rights?',
        '12:47: mailboxes.1: expected a map, got a number',
        '',
      ]
        .map((line) => (line === '' ? '' : `${file}:${line}`))
        .join('\n'),
    })
  })

  it('is a word of the command line', async () => {
    const heard: string[] = []
    const program = buildProgram({
      actions: { ...actions, policyCheck: async (file) => heard.push(file) },
      version: '0',
      out: { write: () => undefined },
      done: () => undefined,
    })
    await program.parseAsync(['policy', 'check', 'a.yaml'], { from: 'user' })
    expect(heard).toEqual(['a.yaml'])
  })
})

describe('check-config', () => {
  const checkConfig = (file: string) => run((out) => runCheckConfig(file, {}, { write: out }))

  it('checks the policy of a configuration as well', async () => {
    write('gate.yaml', "rules: [{name: a, when: 'uid', allow: true}]")
    const sound = write('config.yaml', 'upstream: imaps://mail.test', 'policy: gate.yaml')
    expect((await checkConfig(sound)).text).toContain(
      `  policy      enforced, 1 rule, otherwise deny; of ${temp.join('gate.yaml')}\n`,
    )
    const wrong = write(
      'wrong.yaml',
      'upstream: imaps://mail.test',
      'policy:',
      '  mode: dry-run',
      '  rules: [{name: a, when: uidd, allow: true}]',
    )
    expect(await checkConfig(wrong)).toEqual({
      exitCode: exitCodes.badConfiguration,
      text: `${wrong}:4:27: policy.rules.0.when: unknown variable uidd, did you mean uid?\n`,
    })
  })

  it('says which policy holds, and where decisions are written down', async () => {
    const base = write('base2.yaml', 'rules: [{name: base, allow: true}]')
    const file = write(
      'whole.yaml',
      'upstream: imaps://mail.test',
      'policy:',
      '  mode: dry-run',
      '  default: allow',
      '  extends: ./base2.yaml',
      '  rules: [{name: a, when: uid, deny: true}]',
      'audit: {path: /var/log/audit.ndjson, mode: relaxed}',
    )
    const { text } = await checkConfig(file)
    expect(text.split('\n').filter((line) => /^ {2}(?:policy|audit)/.test(line))).toEqual([
      `  policy      only recorded (dry run), 2 rules, extends ./base2.yaml, otherwise allow; of ${file}, ${base}`,
      '  audit       /var/log/audit.ndjson (relaxed: records follow)',
    ])
    const strict = write(
      'strict.yaml',
      'upstream: imaps://x',
      'policy: base2.yaml',
      'audit: {path: /a.ndjson}',
    )
    expect((await checkConfig(strict)).text).toContain(
      '  audit       /a.ndjson (strict: on disk before a command goes on)\n',
    )
  })

  it('tells what is wrong with the policy beside what is wrong with the rest', async () => {
    const gate = write('gate2.yaml', "rules: [{name: a, when: 'uidd', allow: true}]")
    const file = write('both.yaml', 'listn: 5', 'policy: gate2.yaml', 'audit: {path: /a.ndjson}')
    expect(await checkConfig(file)).toEqual({
      exitCode: exitCodes.badConfiguration,
      text: [
        `${file}:1:1: listn: unknown key, did you mean listen?`,
        `${gate}:1:26: rules.0.when: unknown variable uidd, did you mean uid?`,
        '',
      ].join('\n'),
    })
  })
})
