/** What policy check and check-config say of policies, and with which exit code. */

import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actions } from '../../../src/cli/wiring.ts'
import { runCheckConfig } from '../../../src/cli/commands/check-config.ts'
import { runPolicyCheck } from '../../../src/cli/commands/policy-check.ts'
import { exitCodes } from '../../../src/cli/exit-codes.ts'
import { buildProgram } from '../../../src/cli/options.ts'
import { report } from '../../../src/cli/report.ts'
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
    return { exitCode: report(error, { err: { write: out }, isDebug: false }), text }
  }
}

const check = (file: string) => run((out) => runPolicyCheck(file, { write: out }))

describe('policy check', () => {
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
        `${file}:4:22: rules.1.when: a whole number and text cannot go with >`,
        '',
      ].join('\n'),
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
    expect((await checkConfig(sound)).text).toContain('  policy      1 rule, otherwise deny\n')
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
})
