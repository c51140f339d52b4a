/** attach, sessions, kill and tail before a real proxy: what they print, and how they end. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RecordDecoder } from '../../../src/capture/decode.ts'
import { runAttach } from '../../../src/cli/commands/attach.ts'
import { runKill } from '../../../src/cli/commands/kill.ts'
import { runSessions } from '../../../src/cli/commands/sessions.ts'
import { runTail } from '../../../src/cli/commands/tail.ts'
import { ControlClient } from '../../../src/control/control-client.ts'
import { openAttachedDashboard } from '../../../src/cli/control/attached-dashboard.ts'
import type { TailFlags } from '../../../src/cli/control/control-words.ts'
import { FakeUpstream, speakImap } from '../../support/fake-upstream.ts'
import { startLiveProxy, type LiveProxy } from '../../support/live-proxy.ts'
import { Peer } from '../../support/peer.ts'
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts'
import { FakeInput, FakeOutput, until } from '../../tui/support/terminal.ts'

let folder: TempFolder
let upstream: FakeUpstream
let live: LiveProxy
let env: Record<string, string>
const closing: (() => unknown)[] = []

beforeEach(async () => {
  folder = await createTempFolder('cc')
  upstream = await FakeUpstream.start(speakImap())
  const socket = folder.join('c.sock')
  env = { IMAPTAP_CONTROL__SOCKET: socket }
  live = await startProxyAt(socket)
})

afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await upstream.close()
  await folder.remove()
})

async function startProxyAt(socket: string): Promise<LiveProxy> {
  const started = await startLiveProxy({
    upstream: `imap://127.0.0.1:${upstream.port}`,
    control: { socket },
  })
  closing.push(() => started.stop())
  return started
}

async function openSession(): Promise<Peer> {
  const peer = await Peer.open(live.imap)
  closing.push(() => peer.close())
  await peer.until(/ready\r\n/)
  await peer.run('a LOGIN ann secret')
  return peer
}

class Printed {
  text = ''
  readonly write = (text: string): boolean => {
    this.text += text
    return true
  }
}

describe('sessions', () => {
  it('prints a table, also of none', async () => {
    const [before, after] = [new Printed(), new Printed()]
    expect(await runSessions({}, { env, out: before })).toBe(0)
    expect(before.text).toMatch(/^ID +STATE +USER +CLIENT .* IN\/OUT\n$/)
    const peer = await openSession()
    await peer.run('b SELECT INBOX')
    await runSessions({}, { env, out: after })
    expect(after.text.split('\n')[1]).toMatch(
      /^S1 +selected +ann +127\.0\.0\.1:\d+ +INBOX +imap:.* -\/- +- +0s +2 +\d+\/\d+$/,
    )
  })

  it('prints one JSON object with its schema', async () => {
    await openSession()
    const out = new Printed()
    await runSessions({ json: true }, { env, out })
    const printed: unknown = JSON.parse(out.text)
    expect(out.text.trimEnd()).not.toContain('\n')
    expect(printed).toMatchObject({
      schema: 1,
      pid: process.pid,
      upstream: `imap://127.0.0.1:${upstream.port}`,
      sessions: [{ id: 'S1', state: 'authenticated', user: 'ann', commands: 1 }],
    })
  })

  it('shows no control of a name that a client chose', async () => {
    const peer = await openSession()
    await peer.run('b SELECT "\x1b[31mred\u0007"')
    for (const json of [true, false]) {
      const out = new Printed()
      await runSessions({ json }, { env, out })
      expect(out.text.replaceAll('\n', '')).toMatch(/^[\x20-\x7e\u00a0-\uffff]+$/)
      expect(out.text).toContain('red')
    }
  })
})

describe('kill', () => {
  it('ends those that are there, and says which are not', async () => {
    const [one, two, three] = [await openSession(), await openSession(), await openSession()]
    const out = new Printed()
    await expect(runKill(['S1', 'S9', 'S3'], {}, { env, out })).rejects.toMatchObject({
      message: 'there is no session S9',
      exitCode: 1,
    })
    expect(out.text).toBe('S1 was ended\nS3 was ended\n')
    await Promise.all([one.end(), three.end()])
    expect(await two.run('b NOOP')).toContain('b OK')
    expect(await runKill(['S2'], {}, { env, out })).toBe(0)
  })
})

describe('tail', () => {
  /** What it prints until the proxy ends, which it does after `act`. */
  async function tail(flags: TailFlags, act: () => Promise<unknown>): Promise<string> {
    const out = new PassThrough()
    let text = ''
    out.on('data', (chunk: Buffer) => (text += chunk.toString()))
    const subscribe = vi.spyOn(live.proxy.bus, 'subscribe')
    const run = runTail(flags, { env, out, hasColour: false })
    await vi.waitFor(() => expect(subscribe).toHaveBeenCalled())
    await act()
    await live.proxy.stop()
    await expect(run).rejects.toMatchObject({
      message: `${env['IMAPTAP_CONTROL__SOCKET']}: it has ended`,
      exitCode: 1,
    })
    return text
  }

  it('prints lines for people', async () => {
    const text = await tail({}, openSession)
    expect(
      text.split('\n').map((line) => line.replace(/^[\d:.]{12} /, '').replace(/ \d+\.\dms/, ' 1.0ms')),
    ).toEqual([
      expect.stringMatching(/^S1 {4}open {3}from 127\.0\.0\.1:\d+ on imap:/),
      'S1    a LOGIN ann ‹redacted 6› -> OK 1.0ms 20/11 octets ann',
      expect.stringMatching(/^S1 {4}close {2}.*\(1 commands/),
      '',
    ])
  })

  it('prints what a filter lets through, with the wire where it is wanted', async () => {
    const text = await tail({ filter: '~c SELECT', wire: true }, async () => {
      const peer = await openSession()
      await peer.run('b SELECT INBOX')
    })
    expect(text).toContain('C b SELECT INBOX')
    expect(text).toContain('b SELECT INBOX -> OK')
    expect(text).not.toContain('LOGIN')
  })

  it('prints a capture that can be read, sessions that were there before included', async () => {
    const peer = await openSession()
    const text = await tail({ json: true, wire: true }, () => peer.run('b SELECT INBOX'))
    const [header = '', ...lines] = text.trimEnd().split('\n')
    expect(JSON.parse(header)).toMatchObject({ imaptap: 'capture', version: 1, secrets: false })
    const decoder = new RecordDecoder()
    const events = lines.map((line) => decoder.decode(line))
    expect(events[0]).toMatchObject({ kind: 'opened', view: { user: 'ann' } })
    const selected = events.find((event) => event !== 'again' && event?.kind === 'exchange-completed')
    expect(selected).toMatchObject({ exchange: { name: 'SELECT' }, view: { mailbox: { name: 'INBOX' } } })
  })

  it('says where a filter is wrong before it looks for anybody', async () => {
    const run = runTail({ filter: '~c (' }, { env: {}, out: new PassThrough(), hasColour: false })
    await expect(run).rejects.toMatchObject({
      message: expect.stringMatching(/^--filter: at \d+: /),
      exitCode: 2,
    })
  })
})

describe('the imaptap that is meant', () => {
  const look = (more: Record<string, string>) => runSessions({}, { env: more, out: new Printed() })

  const here = () => ({ XDG_RUNTIME_DIR: folder.path, TMPDIR: folder.path })

  it('is found when it is the only one', async () => {
    mkdirSync(folder.join('imaptap'), { mode: 0o700 })
    await startProxyAt(folder.join('imaptap', 'control-1.sock'))
    expect(await look(here())).toBe(0)
  })

  it('has to be named when there are several, and they are listed', async () => {
    mkdirSync(folder.join('imaptap'), { mode: 0o700 })
    await startProxyAt(folder.join('imaptap', 'control-1.sock'))
    await startProxyAt(folder.join('imaptap', 'control-2.sock'))
    await expect(look(here())).rejects.toMatchObject({
      message: expect.stringMatching(
        /^there are 2 of them, .*--socket PATH:\n {2}.*control-1\.sock  imap:.* process \d+\n {2}.*control-2\.sock /,
      ),
      exitCode: 2,
    })
    const out = new Printed()
    expect(await runSessions({ socket: folder.join('imaptap', 'control-2.sock') }, { env: {}, out })).toBe(0)
  })

  it.each([
    ['that never was', () => 'nobody.sock', /^no control socket at /],
    [
      'that is a file',
      () => {
        writeFileSync(folder.join('file'), '')
        return 'file'
      },
      /file is no socket$/,
    ],
  ])('is told of when it is one %s', async (_, place, message) => {
    const run = runSessions({ socket: folder.join(place()) }, { env: {}, out: new Printed() })
    await expect(run).rejects.toMatchObject({
      message: expect.stringMatching(message),
      advice: expect.any(String),
    })
  })
})

describe('attach', () => {
  it('needs a terminal', async () => {
    const openDashboard = () => Promise.reject(new Error('opened'))
    await expect(runAttach({}, { env, isTerminal: false, openDashboard })).rejects.toMatchObject({
      exitCode: 2,
    })
  })

  it('shows the sessions of the daemon as its own dashboard does, kills, and leaves it alone', async () => {
    // The newest stands first, and is chosen.
    const [other, peer] = [await openSession(), await openSession()]
    await peer.run('b SELECT INBOX')
    const [input, output] = [new FakeInput(), new FakeOutput(80, 24)]
    const run = runAttach(
      {},
      {
        env,
        isTerminal: true,
        openDashboard: (client, quit) =>
          openAttachedDashboard(client, quit, { input, output, env: { TERM: 'xterm-256color' } }),
      },
    )
    await until(
      () => output.lines(),
      (lines) => lines.some((line) => />S2 .*ann .*INBOX/.test(line)),
    )
    await peer.run('c NOOP')
    input.press('K')
    await until(
      () => output.lines(),
      (lines) => lines.some((line) => line.includes('Kill S2')),
    )
    input.press('y')
    await peer.end()
    await until(
      () => output.lines(),
      (lines) => lines.some((line) => line.includes('1 closed')),
    )
    // One session lives, and nobody asks: it does not end with a dashboard that only looks on.
    input.press('q')
    expect(await run).toBe(0)
    expect(await other.run('d NOOP')).toContain('d OK')
    expect(await output.isAlternate()).toBe(false)
    expect(await runSessions({}, { env, out: new Printed() })).toBe(0)
  })

  it('looks for findings itself where the daemon does not, in sessions that it has heard from their beginning', async () => {
    const old = await openSession()
    await old.run('b SELECT INBOX')
    const [input, output] = [new FakeInput(), new FakeOutput(100, 24)]
    const client = await ControlClient.open(env['IMAPTAP_CONTROL__SOCKET'] ?? '')
    closing.push(() => client.close())
    const terminal = { input, output, env: { TERM: 'xterm-256color' } }
    const dashboard = await openAttachedDashboard(client, () => undefined, terminal)
    closing.push(() => dashboard.stop())
    const fresh = await openSession()
    await fresh.run('b SELECT INBOX')
    // Nobody asked for it: RFC 9051 section 7.5.1.
    for (const socket of upstream.sockets) socket.write('* 1 EXPUNGE\r\n')
    const lines = await until(
      () => output.lines(),
      (seen) => seen.some((line) => /S2 .* E\d/.test(line)),
    )
    expect(lines.find((line) => line.includes('S1 '))).not.toMatch(/ E\d/)
  })

  it('ends with a word when the daemon does', async () => {
    let stops = 0
    const opened = vi.fn(() => Promise.resolve({ stop: () => void (stops += 1) }))
    const run = runAttach({}, { env, isTerminal: true, openDashboard: opened })
    await vi.waitFor(() => expect(opened).toHaveBeenCalled())
    await live.proxy.stop()
    await expect(run).rejects.toMatchObject({
      message: expect.stringContaining(': it has ended'),
      exitCode: 1,
    })
    expect(stops).toBe(1)
  })
})
