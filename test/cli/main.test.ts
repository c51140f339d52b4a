/** The real program as a person runs it: words in; text, streams and exit code out. */

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const bin = fileURLToPath(new URL('../../bin/imaptap.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'it-cli-'))
afterAll(() => rmSync(folder, { recursive: true }))

interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function imaptap(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
  node = process.execPath,
): Ran {
  const ran = spawnSync(node, [bin, ...words], {
    encoding: 'utf8',
    timeout: 15_000,
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, NO_COLOR: '1', ...env },
  })
  return { code: ran.status, out: ran.stdout, err: ran.stderr }
}

function place(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return name
}

describe('help', () => {
  it('is what imaptap alone prints, and what help and --help print', () => {
    const alone = imaptap([])
    expect(alone).toMatchObject({ code: 0, err: '' })
    expect(alone.out).toContain('imaptap --upstream imaps://imap.example.com')
    expect(imaptap(['--help'])).toEqual(alone)
    expect(imaptap(['help'])).toEqual(alone)
  })

  it.each([
    [[]],
    [['proxy']],
    [['ca']],
    [['ca', 'export']],
    [['check-config']],
    [['demo']],
    [['parse']],
    [['encode']],
    [['show']],
    [['lint']],
    [['stats']],
    [['filter']],
    [['attach']],
    [['sessions']],
    [['kill']],
    [['tail']],
  ])('of %j fits 80 columns', (command) => {
    const help = imaptap([...command, '--help'])
    expect(help).toMatchObject({ code: 0, err: '' })
    expect(help.out.split('\n').filter((line) => line.length > 80)).toEqual([])
    expect(imaptap(['help', ...command])).toEqual(help)
  })

  it('of proxy is had behind any of its flags', () => {
    expect(imaptap(['-q', '--help']).out).toContain('--leaf-key')
  })
})

it('--version names the program and its version', () => {
  expect(imaptap(['--version'])).toEqual({
    code: 0,
    out: expect.stringMatching(/^imaptap \d+\.\d+\.\d+\n$/),
    err: '',
  })
})

describe('a wrong word', () => {
  it.each([
    [['prxy'], "unknown command 'prxy', did you mean proxy?"],
    [['nope', '--help'], "unknown command 'nope'"],
    [['ca', 'shw'], "unknown command 'shw', did you mean show?"],
    [['ca'], 'a command is missing'],
    [['--upstrem', 'imaps://x'], "unknown option '--upstrem', did you mean --upstream?"],
    [['--upstrem=imaps://x'], "unknown option '--upstrem', did you mean --upstream?"],
    [['--upstream'], "option '--upstream <url>' argument missing"],
    [['proxy', 'extra'], "too many arguments for 'proxy': expected 0, got 1\n"],
    [['check-config', 'a', 'b', 'c'], "too many arguments for 'check-config': expected 1, got 3\n"],
    [
      ['-q', '-v', '--upstream', 'imaps://x'],
      "option '-q, --quiet' cannot be used with option '-v, --verbose'",
    ],
    [['check-config'], "missing required argument 'file'"],
  ])('%j is a usage error in one line and an advice', (words, message) => {
    const { code, out, err } = imaptap(words)
    expect([code, out]).toEqual([2, ''])
    expect(err.startsWith(`imaptap: ${message}`)).toBe(true)
    expect(err.trimEnd().split('\n')).toHaveLength(2)
  })

  it.each([
    [['imaps://bob:hunter2@host']],
    [['proxy', 'imaps://bob:hunter2@host']],
    [['--upstream', 'imaps://bob:hunter2@host']],
    [['--upstream=imaps://bob:hunter2@host']],
    [['--upstrem=imaps://bob:hunter2@host']],
    [['--upstream', 'bob:hunter2@host']],
    [['--listen', 'imaps://bob:hunter2@host']],
    [['proxy', 'bob:hunter2@host']],
    [['proxy', 'hunter2. Expected 1 argument but got 1: x']],
    [['--upstream', 'imaps://x', 'b', 'bob:hunter2 @host']],
    [['ca', 'init', 'bob:hunter2\n@host']],
    [['demo', 'imaps://hunter2']],
    [['bob:hunter2@host']],
    [['imaps://bob:hunter2 x@host']],
    [['ca', 'bob:hunter2@host']],
    [['ca', "bob:hunter2'\n@host"]],
    [['help', 'bob:hunter2@host']],
    [['--bob:hunter2@host']],
    [['--bob:hunter2=x@host']],
    [['-qhunter2@host']],
  ])('with a password in it is refused without the password: %j', (words) => {
    const { code, out, err } = imaptap(words)
    expect(code).toBe(2)
    expect(err).toMatch(/^imaptap: /)
    expect(out + err).not.toContain('hunter2')
  })
})

describe('a command within a group', () => {
  it.each([
    ['policy explain', ['policy', 'explain', 'p.yaml'], "required option '--command <text>' not specified"],
    ['policy', ['policy', 'chek', 'p.yaml'], "unknown command 'chek', did you mean check?"],
  ])('%s is named by the advice', (command, words, message) => {
    expect(imaptap(words)).toMatchObject({
      code: 2,
      err: `imaptap: ${message}\n         see: imaptap ${command} --help\n`,
    })
  })

  it('tells what conditions have wrong beside what is wrong in form', () => {
    const file = place('all.yaml', 'mode: dry\nrules:\n  - {name: a, when: uid and x, allow: true}\n')
    expect(imaptap(['policy', 'check', file])).toEqual({
      code: 78,
      out: '',
      err: `${file}:1:7: mode: expected one of enforce, dry-run\n${file}:3:25: rules.0.when: write && in place of \`and\`\n`,
    })
  })
})

describe('proxy', () => {
  it('names every wrong flag at once', () => {
    const { code, err } = imaptap([
      '--upstream',
      'http://x',
      '--leaf-key',
      'dsa',
      '--listen',
      'imap://x:99999',
    ])
    expect(code).toBe(2)
    expect(err.split('\n')).toEqual([
      'imaptap: --upstream: must start with imaps://, imap+starttls:// or imap://',
      'imaptap: --listen: needs a port between 0 and 65535',
      'imaptap: --leaf-key: expected one of ecdsa, rsa, did you mean rsa?',
      '         see: imaptap proxy --help',
      '',
    ])
  })

  it('needs a terminal for the dashboard', () => {
    const { code, err } = imaptap(['--upstream', 'imaps://x', '--dashboard'])
    expect(code).toBe(2)
    expect(err).toMatch(/^imaptap: the dashboard needs a terminal/)
  })
})

describe('check-config', () => {
  it('says ok and what the file would do', () => {
    const file = place('good.yaml', 'upstream: imap+starttls://10.0.0.5\nhideCapabilities: [idle]\n')
    const { code, out, err } = imaptap(['check-config', file])
    expect([code, err]).toEqual([0, ''])
    expect(out).toMatch(/^good\.yaml: ok\n/)
    expect(out).toContain('imap+starttls://10.0.0.5:143')
    expect(out).toContain('imaps://127.0.0.1:1993')
    expect(out).toMatch(/hides +IDLE/)
  })

  it('prints every problem with its place, on stderr, and exits 78', () => {
    const file = place('bad.yaml', 'upstream: imaps://bob:hunter2@x\nlog: {level: loud}\n')
    const { code, out, err } = imaptap(['check-config', file])
    expect([code, out]).toEqual([78, ''])
    expect(err.split('\n')).toEqual([
      expect.stringMatching(/^bad\.yaml:1:11: upstream: must not carry a user name or password/),
      'bad.yaml:2:14: log.level: expected one of debug, info, warn, error, silent',
      '',
    ])
  })

  it('shows the first problems of a file of the wrong kind, and counts the others', () => {
    const rows = Array.from({ length: 50 }, (_, index) => `k${index}: 1`)
    const { code, err } = imaptap(['check-config', place('many.yaml', ['log: {}', ...rows].join('\n'))])
    expect(code).toBe(78)
    expect(err.trimEnd().split('\n')).toHaveLength(21)
    expect(err).toContain('imaptap: and 30 more')
  })

  it.each([
    ['nothing.yaml', 'nothing.yaml: no such file\n'],
    [place('shadow', 'root:$6$hash:19000:0:99999:7:::\n'), 'shadow:1:1: not an imaptap configuration\n'],
    ['.', '.: is a folder, not a file\n'],
  ])('%s is told in one line', (file, line) => {
    expect(imaptap(['check-config', file])).toEqual({ code: 78, out: '', err: line })
  })

  it('takes what the file leaves open from the environment', () => {
    const file = place('part.yaml', 'log: {level: debug}\n')
    expect(imaptap(['check-config', file]).code).toBe(78)
    expect(imaptap(['check-config', file], { IMAPTAP_UPSTREAM: 'imaps://x' }).code).toBe(0)
  })
})

describe('colour', () => {
  it('is for those who ask, never for those who refuse', () => {
    const coloured = imaptap(['nope'], { NO_COLOR: '', FORCE_COLOR: '1' }).err
    expect(coloured).toContain('\u001b[31mimaptap:')
    expect(imaptap(['nope']).err).not.toContain('\u001b')
  })
})

/** Old ones that this machine happens to have; the first of the tests needs none. */
const oldNodes = ['/usr/local/bin/node', '/usr/bin/node'].filter((path) => {
  const version = existsSync(path)
    ? spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout
    : ''
  return /^(1[2-9]|2[01])\./.test(version)
})
const pretence =
  "--import=data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.1.0'}})"

it.each([
  { node: process.execPath, env: { NODE_OPTIONS: pretence } },
  ...oldNodes.map((node) => ({ node, env: {} })),
])('a Node that is too old is refused in one line: $node', ({ node, env }) => {
  const { code, out, err } = imaptap(['--version'], env, node)
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(
    /^imaptap: needs Node 22\.18\+, 24\.11\+ or 26\+; this is \d+\.\d+\.\d+ \(\/.*node\)\n$/,
  )
})
