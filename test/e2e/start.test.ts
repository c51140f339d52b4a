/** The real program where it cannot start: one clear line, a way out, and an exit code that scripts can trust. */

import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { findFreePorts } from '../support/ports.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'

const bin = fileURLToPath(new URL('../../bin/imaptap.js', import.meta.url))
const freeListen = ['--listen', 'imap://127.0.0.1:0']

let folder: TempFolder
beforeAll(async () => {
  folder = await createTempFolder('start')
})
afterAll(() => folder.remove())

interface Refusal {
  readonly code: number | null
  readonly lines: readonly string[]
}

/** Words that stand before the program's, and take its rights away. */
type Prefix = readonly string[]

/** Runs the program, which must end by itself. */
function refuse(words: readonly string[], prefix: Prefix = []): Refusal {
  const [command = '', ...args] = [...prefix, process.execPath, bin, 'proxy', '--no-dashboard', ...words]
  const env = { PATH: process.env['PATH'], HOME: folder.path, NO_COLOR: '1' }
  const ran = spawnSync(command, args, { encoding: 'utf8', timeout: 10_000, cwd: folder.path, env })
  expect(ran.signal, `it went on:\n${ran.stderr}`).toBeNull()
  expect(ran.stdout).toBe('')
  expect(ran.stderr).not.toMatch(/unexpected|\n +at /)
  return { code: ran.status, lines: ran.stderr.trimEnd().split('\n') }
}

function expectRefusal(refusal: Refusal, code: number, reason: RegExp, advice: RegExp): void {
  expect(refusal.lines[0]).toMatch(/^imaptap: /)
  expect(refusal.lines[0]).toMatch(reason)
  expect(refusal.lines.slice(1).join('\n')).toMatch(advice)
  expect(refusal.lines.length).toBeLessThanOrEqual(2)
  expect(refusal.code).toBe(code)
}

const upstream = ['--upstream', 'imap://127.0.0.1:9']

describe('the proxy does not start', () => {
  it.each([
    ['127.0.0.1', 'localhost', 2, /is the proxy itself/, /--help/],
    ['0.0.0.0', '127.0.0.3', 2, /is the proxy itself/, /--help/],
    // Seen only when the addresses are looked up.
    ['127.0.0.1', '0.0.0.0', 1, /is a listener of imaptap itself/, /the real server/],
  ] as const)('with its listener on %s for an upstream at %s', async (listen, host, code, reason, advice) => {
    const [port = 0] = await findFreePorts(1, listen)
    const words = ['--listen', `imap://${listen}:${port}`, '--upstream', `imap://${host}:${port}`]
    expectRefusal(refuse(words), code, reason, advice)
  })

  it('on a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const refusal = refuse([...upstream, '--listen', `imap://127.0.0.1:${port}`])
    server.close()
    expectRefusal(
      refusal,
      1,
      new RegExp(`127\\.0\\.0\\.1:${port} is taken by another program`),
      /another port: --listen/,
    )
  })

  it('on an address of another machine', () => {
    const refusal = refuse([...upstream, '--listen', 'imap://192.0.2.1:0'])
    expectRefusal(refusal, 1, /192\.0\.2\.1 is no address of this machine/, /127\.0\.0\.1/)
  })

  it('with a CA key that others can read', () => {
    const caDir = folder.join('loose')
    const args = [bin, 'ca', 'init', '--ca-dir', caDir]
    expect(spawnSync(process.execPath, args, { encoding: 'utf8' }).status).toBe(0)
    chmodSync(`${caDir}/ca-key.pem`, 0o644)
    const refusal = refuse([...upstream, ...freeListen, '--ca-dir', caDir])
    expectRefusal(refusal, 1, /can be read or changed by others \(mode 0644\)/, /chmod 600 .*ca-key\.pem/)
  })

  it('with a CA folder that is a file', () => {
    writeFileSync(folder.join('no-folder'), '')
    const refusal = refuse([...upstream, ...freeListen, '--ca-dir', folder.join('no-folder')])
    expectRefusal(refusal, 1, /cannot create the CA's folder .*no-folder/, /--ca-dir DIR/)
  })

  it.each([
    ['in a folder that does not exist', 'nowhere/a.log', /nowhere\/a\.log/],
    ['that is a folder', '.', /cannot use \./],
  ])('with a log %s', (_what, log, reason) => {
    expectRefusal(refuse([...upstream, ...freeListen, '--log', log]), 1, reason, /check the path/)
  })

  it.each([
    ['is not there', 'missing.pem', 2, /missing\.pem/, /--help/],
    ['is a folder', '.', 1, /cannot read \.: EISDIR/, /--upstream-ca FILE/],
    ['is no PEM', 'garbage.pem', 1, /garbage\.pem is not a readable PEM certificate/, /--upstream-ca FILE/],
  ] as const)('with an authority for upstream that %s', (_what, file, code, reason, advice) => {
    writeFileSync(folder.join('garbage.pem'), 'not a certificate')
    const refusal = refuse(['--upstream', 'imaps://127.0.0.1:9', ...freeListen, '--upstream-ca', file])
    expectRefusal(refusal, code, reason, advice)
  })

  it('with a key log that cannot be written', () => {
    const refusal = refuse([...upstream, ...freeListen, '--key-log', 'nowhere/keys'])
    expectRefusal(refusal, 1, /nowhere\/keys/, /check the path/)
  })

  it.each([
    ['a URL of another protocol', ['--upstream', 'http://x'], /--upstream: must start with imaps:\/\//],
    ['no upstream', [], /upstream/],
    ['an unknown flag', [...upstream, '--verbse'], /unknown option '--verbse', did you mean --verbose\?/],
  ])('with %s', (_what, words, reason) => {
    expectRefusal(refuse(words), 2, reason, /imaptap (?:proxy )?--help/)
  })
})

const isRoot = process.getuid?.() === 0
/** Root without its powers is held to the modes of files and ports as everybody is. */
const setpriv = isRoot ? requireTool('setpriv', { package: 'util-linux' }) : ''
const asNobody: Prefix = isRoot ? [setpriv ?? '', '--bounding-set=-all'] : []
const lowestFreePort = readLowestFreePort()
if (lowestFreePort <= 143) process.stderr.write('SKIPPED: this system gives port 143 to everybody\n')

describe.skipIf(setpriv === undefined)('without the rights of root the proxy does not start', () => {
  it.skipIf(lowestFreePort <= 143)('on a privileged port', () => {
    const words = [...upstream, '--listen', 'imap://127.0.0.1:143']
    expectRefusal(refuse(words, asNobody), 1, /not allowed to listen on 127\.0\.0\.1:143/, /1143/)
  })

  it('with a CA folder that it may not enter', () => {
    mkdirSync(folder.join('private'), { mode: 0o000 })
    const refusal = refuse([...upstream, ...freeListen, '--ca-dir', folder.join('private')], asNobody)
    chmodSync(folder.join('private'), 0o700)
    expectRefusal(refusal, 1, /cannot read .*private.*EACCES/, /--ca-dir DIR/)
  })

  it('with a log that it may not write', () => {
    writeFileSync(folder.join('foreign.log'), '', { mode: 0o400 })
    const words = [...upstream, ...freeListen, '--log', 'foreign.log']
    expectRefusal(refuse(words, asNobody), 1, /foreign\.log.*EACCES/, /rights/)
  })
})

/** Containers often give all ports to everybody. */
function readLowestFreePort(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'))
  } catch {
    return 1024
  }
}
