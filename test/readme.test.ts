/** Keeps README.md true: its commands and programs run, its YAML loads, its flags, keys, codes and records are the real ones. */

import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from '../src/cli/exit-codes.ts'
import { loadConfig } from '../src/config/load.ts'
import { isMap, settings } from '../src/config/settings.ts'
import { allBindings } from '../src/tui/key-table.ts'
import { requireTool } from './support/tools.ts'
import { createTempFolder, type TempFolder } from './support/temp-folder.ts'

interface Block {
  readonly language: string
  /** What stands behind the language: `run`, `output`, `record`, `jq`, `file=NAME`. */
  readonly mark: string
  readonly text: string
}

const root = join(import.meta.dirname, '..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = readBlocks(readme)

let folder: TempFolder

beforeAll(async () => {
  folder = await createTempFolder('readme')
  const shim = `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'bin/imaptap.js')}' "$@"\n`
  mkdirSync(folder.join('bin'))
  writeFileSync(folder.join('bin/imaptap'), shim)
  chmodSync(folder.join('bin/imaptap'), 0o755)
  for (const { mark, text } of blocks) {
    const [, name] = /^file=(.+)$/.exec(mark) ?? []
    if (name !== undefined) writeFileSync(folder.join(name), text)
  }
})

afterAll(() => folder.remove())

describe('what the README says to run', () => {
  const runnable = blocks.flatMap((block, at) =>
    block.mark === 'run' ? [{ block, next: blocks[at + 1], name: block.text.split('\n')[0] }] : [],
  )

  it('is there', () => {
    expect(runnable.map(({ block }) => block.language)).toEqual(expect.arrayContaining(['sh', 'ts']))
  })

  it.each(runnable)('runs: $name ...', ({ block, next }) => {
    const printed = block.language === 'ts' ? runProgram(block.text) : runShell(block.text)
    if (next?.mark === 'output') expect(printed.replaceAll(folder.path, '/home/ann')).toBe(next.text)
  })
})

it.skipIf(requireTool('jq', { package: 'jq' }) === undefined)(
  'finds slow commands with jq as the README says',
  () => {
    const records = marked('record').map((line) => line.replace(/"durationMs":[\d.]+/, '"durationMs":501'))
    writeFileSync(
      folder.join('imaptap.log'),
      `${marked('record')
        .concat(records[3] ?? '')
        .join('\n')}\n`,
    )
    expect(runShell(marked('jq').join('\n'))).toBe('ann\tFETCH\t1 BODY[HEADER.FIELDS (SUBJECT)]\t501\n')
  },
)

describe('the configuration in the README', () => {
  it('loads', () => {
    const config = loadConfig({ flags: { config: folder.join('imaptap.yaml') }, env: {} })
    expect(config).toMatchObject({
      upstream: { host: 'imap.example.com' },
      log: { wire: true },
      dashboard: false,
    })
  })

  it('stands beside a table that has every setting with its flag', () => {
    const rows = tableRows('| Flag | YAML | What |')
    for (const { path, flag } of settings) {
      const row = rows.find(
        (cells) => cells[0]?.includes(`\`--${flag} `) || cells[0]?.includes(`\`--${flag}\``),
      )
      expect(row?.[1], flag).toContain(`\`${path.join('.')}\``)
    }
  })
})

describe('the flags in the README', () => {
  it('are those of imaptap proxy --help, all of them', () => {
    const told = flagsOf(
      tableRows('| Flag | YAML | What |')
        .map(([cell]) => cell ?? '')
        .join('\n'),
    )
    const help = runShell('imaptap proxy --help').split('\nEvery flag')[0] ?? ''
    const real = flagsOf(help.replace(/^Usage:.*$/m, '').replace(/\(needs --key\)|of --cert/g, ''))
    expect([...told].toSorted()).toEqual([...real].toSorted())
  })

  it('exist wherever imaptap is called', () => {
    const calls = readme.matchAll(
      /^(?:.*`)?imaptap ((?:ca \w+|policy \w+|audit verify|approvals|attach|check-config|demo|encode|kill|lint|parse|proxy|sessions|show|stats|tail|view)?)([^`\n]*)/gm,
    )
    // Asked once each, and only where a flag stands: to start a program takes longer than all the rest.
    const helps = new Map<string, ReadonlySet<string>>()
    const ask = (command: string): ReadonlySet<string> => {
      const known = helps.get(command) ?? flagsOf(runShell(`imaptap ${command} --help`))
      helps.set(command, known)
      return known
    }
    for (const [line, command = '', rest = ''] of calls) {
      for (const flag of flagsOf(rest.split(/ > |\|/)[0] ?? ''))
        expect(ask(command === '' ? 'proxy' : command), line).toContain(flag)
    }
  })
})

describe('the other tables of the README', () => {
  it('name every key of the dashboard', () => {
    const keys = tableRows('| Key | What |')
      .map(([cell]) => cell ?? '')
      .join(' ')
    const absent = allBindings()
      .map(({ shown }) => shown)
      .filter((shown) => !keys.includes(`\`${shown}\``))
    expect(absent).toEqual([])
  })

  it('name every exit code, and in the list those that occur', () => {
    const [, section = ''] = readme.split('## Exit codes')
    const [list = '', rest = ''] = (section.split('##')[0] ?? '').trim().split('\n\n')
    const { upstreamUnavailable, ...occurring } = exitCodes
    for (const code of Object.values(occurring)) expect(list).toContain(`\`${code}\``)
    expect(list).not.toContain(`\`${upstreamUnavailable}\``)
    expect(rest).toContain(`\`${upstreamUnavailable}\``)
  })

  it('name every event of the log, with real records', () => {
    const sources = readdirSync(join(root, 'src/log')).map((name) =>
      readFileSync(join(root, 'src/log', name), 'utf8'),
    )
    const events = new Set(
      [...sources.join('\n').matchAll(/\bevent: '([a-z.]+)'/g)].flatMap(([, name]) => name ?? []),
    )
    const absent = [...events].filter((name) => !readme.includes(`\`${name}\``))
    expect(absent).toEqual([])
    const shown = marked('record')
      .map((line): unknown => JSON.parse(line))
      .map((record) => isMap(record) && record['event'])
    expect([...events]).toEqual(expect.arrayContaining(shown))
  })

  it('explain every sign of the list that the help explains', () => {
    const legend = tableRows('| Sign | What |').flat().join(' ')
    for (const sign of ['○', '◐', '●', '◌', '·', '✖', 'NOW', 'p95', 'IN/OUT', 'E1 W0', '↓', 'wait', 'shared'])
      expect(legend).toContain(sign)
  })

  it('point to files that are there, also in the package', () => {
    const targets = [...readme.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].flatMap(([, target]) => target ?? [])
    const packed = readFileSync(join(root, 'package.json'), 'utf8')
    const isThere = (target: string): boolean =>
      existsSync(join(root, target)) && packed.includes(`"${target}"`)
    expect(targets.filter((target) => !/^https?:/.test(target) && !isThere(target))).toEqual([])
    const named = [...readme.matchAll(/`((?:src|certs|test)\/[^`\s]+)`/g)].flatMap(([, name]) => name ?? [])
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([])
  })
})

function readBlocks(text: string): readonly Block[] {
  const found = text.matchAll(/^```(\w*) ?([^\n]*)\n([\s\S]*?)^```$/gm)
  return [...found].map(([, language = '', mark = '', body = '']) => ({ language, mark, text: body }))
}

/** The lines of all blocks that bear this mark. */
function marked(wanted: string): readonly string[] {
  return blocks.filter(({ mark }) => mark === wanted).flatMap(({ text }) => text.trim().split('\n'))
}

function tableRows(head: string): readonly (readonly string[])[] {
  const [, rest = ''] = readme.split(`${head}\n`)
  const [table = ''] = rest.split('\n\n')
  return table
    .split('\n')
    .slice(1)
    .map((row) => row.split('|').slice(1, -1))
}

function flagsOf(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag))
}

function runShell(commands: string): string {
  return run('sh', ['-ec', commands])
}

function runProgram(text: string): string {
  const index = JSON.stringify(join(root, 'src/index.ts'))
  writeFileSync(folder.join('program.mts'), text.replaceAll("'imaptap'", index))
  return run(process.execPath, ['program.mts'])
}

function run(program: string, words: readonly string[]): string {
  return execFileSync(program, words, {
    cwd: folder.path,
    encoding: 'utf8',
    timeout: 15_000,
    env: { PATH: `${folder.join('bin')}:${process.env['PATH'] ?? ''}`, HOME: folder.path, NO_COLOR: '1' },
  })
}
