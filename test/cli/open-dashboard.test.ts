import { afterEach, describe, expect, it } from 'vitest'
import type { CaptureConfig } from '../../src/config/config.ts'
import { openDashboard } from '../../src/cli/open-dashboard.ts'
import type { Dashboard } from '../../src/tui/dashboard.ts'
import { FakeUpstream, speakImap } from '../support/fake-upstream.ts'
import { startLiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { FakeInput, FakeOutput, until } from '../tui/support/terminal.ts'

const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Stage {
  readonly input: FakeInput
  readonly output: FakeOutput
  readonly dashboard: Dashboard
  readonly upstream: FakeUpstream
  readonly peer: Peer
  readonly see: (wanted: string | RegExp) => Promise<void>
}

/** A real proxy with one session logged in, and the dashboard before it. */
async function openStage(capture?: CaptureConfig): Promise<Stage> {
  const upstream = await FakeUpstream.start(speakImap())
  closing.push(() => upstream.close())
  const url = `imap://127.0.0.1:${upstream.port}`
  const live = await startLiveProxy({ upstream: url })
  closing.push(() => live.stop())
  const [input, output] = [new FakeInput(), new FakeOutput(100, 30)]
  const at = { protocol: 'imap', host: '127.0.0.1', port: upstream.port } as const
  const keyLog = capture && '/tmp/keys'
  const config = {
    upstream: { ...at, ca: undefined, name: undefined, isInsecure: false },
    listen: [],
    tls: { caDir: undefined, leafKey: 'ecdsa', cert: undefined, key: undefined, keyLog },
    capture,
  } as const
  const dashboard = openDashboard(live.proxy, config, () => undefined, {
    input,
    output,
    env: { TERM: 'xterm-256color' },
  })
  closing.push(() => dashboard.stop())
  const peer = await Peer.open(live.imap)
  closing.push(() => peer.close())
  await peer.until(/ready\r\n/)
  await peer.run('a LOGIN ann secret')
  const see = async (wanted: string | RegExp): Promise<void> => {
    await until(
      () => output.lines(),
      (lines) =>
        lines.some((line) => (typeof wanted === 'string' ? line.includes(wanted) : wanted.test(line))),
    )
  }
  return { input, output, dashboard, upstream, peer, see }
}

const everything: CaptureConfig = {
  path: '/tmp/tap.ndjson',
  secrets: true,
  bodies: true,
  maxSize: 1,
  maxAge: 1,
  quota: 1,
  compress: 'none',
}

describe('what was said at the start', () => {
  it('is said by the dashboard too: a capture, and every way to lose a password', async () => {
    const { input, see } = await openStage(everything)
    await see(/imaptap │ .* CAP/)
    await see('Warning: the capture /tmp/tap.ndjson keeps credentials')
    input.press('5')
    await see('all that is said is kept in /tmp/tap.ndjson')
    await see('keeps credentials: who reads it can log in')
    await see('keeps the text of mails')
    await see('TLS secrets go to /tmp/keys')
  })
})

describe('a breakpoint set at the keyboard', () => {
  it('holds a command until a person lets it go', async () => {
    const { input, peer, see } = await openStage()
    input.press('i~c NOOP\r')
    await see('Held from now on')
    peer.send('n1 NOOP\r\n')
    await see('1 held')
    expect(peer.received).toBe('')
    input.press('6')
    await see('n1 NOOP')
    input.press('F')
    expect(await peer.until(/n1 OK[^\n]*\n/)).toContain('n1 OK')
    await see('INTERCEPT 0 held')
  })

  it('answers in the place of the server', async () => {
    const { input, peer, see } = await openStage()
    input.press('i~c NOOP\r')
    await see('Held from now on')
    peer.send('n1 NOOP\r\n')
    input.press('6')
    await see('n1 NOOP')
    input.press('D')
    expect(await peer.until(/n1 NO[^\n]*\n/)).toContain('refused at a breakpoint')
  })

  it('ends with the dashboard, and what it held goes on', async () => {
    const { input, peer, see, dashboard } = await openStage()
    input.press('i~c NOOP\r')
    await see('Held from now on')
    peer.send('n1 NOOP\r\n')
    await see('1 held')
    dashboard.stop()
    expect(await peer.until(/n1 OK[^\n]*\n/)).toContain('n1 OK')
    expect(await peer.run('n2 NOOP')).toContain('n2 OK')
  })
})
