/** The control socket between real processes: scripts that look in, viewers that hang, daemons that die. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FakeUpstream, speakImap } from '../support/fake-upstream.ts'
import { Peer } from '../support/peer.ts'
import { startProxy, type Proxy } from '../support/proxy.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

let folder: TempFolder
let upstream: FakeUpstream
const closing: (() => unknown)[] = []

beforeEach(async () => {
  folder = await createTempFolder('ec')
  upstream = await FakeUpstream.start(speakImap())
  closing.push(() => upstream.close())
})

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  await folder.remove()
})

async function startDaemon(): Promise<Proxy> {
  const args = ['--control', folder.join('c.sock')]
  const proxy = await startProxy({ upstream: `imap://127.0.0.1:${upstream.port}`, args })
  closing.push(() => proxy.stop())
  return proxy
}

async function openSession({ ports }: Proxy): Promise<Peer> {
  const peer = await Peer.open(ports.imap)
  closing.push(() => peer.close())
  await peer.until(/ready\r\n/)
  await peer.run('a LOGIN ann secret')
  return peer
}

const env = (): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  NO_COLOR: '1',
  IMAPTAP_CONTROL__SOCKET: folder.join('c.sock'),
})

interface Viewer {
  readonly child: ChildProcess
  out(): string
  err(): string
  readonly ended: Promise<number | null>
}

function view(...words: readonly string[]): Viewer {
  const child = spawn(process.execPath, [main, ...words], { env: env(), stdio: ['ignore', 'pipe', 'pipe'] })
  closing.push(() => child.kill('SIGKILL'))
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const ended = once(child, 'close').then(() => child.exitCode)
  return { child, out: () => out, err: () => err, ended }
}

/** Commands until the viewer has seen one of them: before, it may not listen yet. */
async function runUntilSeen(peer: Peer, viewer: Viewer): Promise<void> {
  for (let count = 0; !viewer.out().includes('NOOP'); count++) {
    await peer.run(`n${count} NOOP`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const residentKiB = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

describe('scripts', () => {
  it('list and kill sessions, and are told by exit codes', async () => {
    const daemon = await startDaemon()
    const peer = await openSession(daemon)
    const listed = view('sessions')
    expect(await listed.ended).toBe(0)
    expect((lstatSync(folder.join('c.sock')).mode & 0o777).toString(8)).toBe('600')
    const [, name = ''] = /^ID .*\n(S\d+) +authenticated +ann /.exec(listed.out()) ?? []
    const killed = view('kill', name, 'S99')
    expect(await killed.ended).toBe(1)
    expect(killed.out()).toBe(`${name} was ended\n`)
    expect(killed.err()).toBe(
      'imaptap: there is no session S99\n         see which there are: imaptap sessions\n',
    )
    expect(await peer.end()).toContain('BYE')
  })

  it('may close the pipe of a tail, which ends quietly', async () => {
    const peer = await openSession(await startDaemon())
    const command = `'${process.execPath}' '${main}' tail | head -n 1`
    const child = spawn('sh', ['-c', command], { env: env(), stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    let isOver = false
    const over = once(child, 'close').then(() => (isOver = true))
    for (let count = 0; !isOver; count++) {
      await peer.run(`n${count} NOOP`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await over
    expect(out).toMatch(/^[\d:.]{12} S\d +n\d+ NOOP -> OK [^\n]*\n$/)
    expect(err).toBe('')
  }, 30_000)
})

describe('a viewer that was stopped', () => {
  it('is dropped, and neither the daemon nor its sessions wait for it', async () => {
    const daemon = await startDaemon()
    const peer = await openSession(daemon)
    const viewer = view('tail', '--wire', '--json')
    await runUntilSeen(peer, viewer)
    viewer.child.kill('SIGSTOP')
    const before = residentKiB(daemon.pid)
    for (let done = 0; done < 20_000; done += 100) {
      const lines = Array.from({ length: 100 }, (_, at) => `t${done + at} SELECT "${'x'.repeat(900)}"\r\n`)
      await peer.send(lines.join('')).until(new RegExp(`^t${done + 99} OK[^\\n]*\\n`, 'm'))
    }
    // 32 MiB may wait for it; the rest is room for what the collector has not looked at yet.
    expect(residentKiB(daemon.pid) - before).toBeLessThan(200 * 1024)
    const other = view('sessions')
    expect(await other.ended).toBe(0)
    viewer.child.kill('SIGCONT')
    expect(await viewer.ended).toBe(1)
    expect(viewer.err()).toMatch(/^imaptap: .*c\.sock: .* let this viewer go.* read too slowly\n$/)
  }, 90_000)
})

describe('a daemon that dies', () => {
  it('takes its viewers with it, in one line, and its socket is replaced by the next', async () => {
    const daemon = await startDaemon()
    const peer = await openSession(daemon)
    const viewer = view('tail')
    await runUntilSeen(peer, viewer)
    process.kill(daemon.pid, 'SIGKILL')
    expect(await viewer.ended).toBe(1)
    expect(viewer.err()).toBe(`imaptap: ${folder.join('c.sock')}: imaptap has gone without a word\n`)
    const late = view('sessions')
    expect(await late.ended).toBe(1)
    expect(late.err()).toMatch(/^imaptap: nobody listens on .*c\.sock: the imaptap that made it has ended\n/)
    const next = await startDaemon()
    expect(await view('sessions').ended).toBe(0)
    await next.stop()
    expect(existsSync(folder.join('c.sock'))).toBe(false)
  }, 30_000)

  it('is not followed by one that would take the place of a living one', async () => {
    await startDaemon()
    const words = [
      'proxy',
      '--no-dashboard',
      '--upstream',
      'imap://127.0.0.1:9',
      '--listen',
      'imap://127.0.0.1:0',
    ]
    const places = ['--ca-dir', folder.join('ca'), '--control', folder.join('c.sock')]
    const second = spawnSync(process.execPath, [main, ...words, ...places], { encoding: 'utf8', env: env() })
    expect(second.status).toBe(1)
    expect(second.stderr).toMatch(
      /^imaptap: another process listens on the control socket .*c\.sock\n +choose /,
    )
  }, 30_000)
})
