/** Runs the demo: a mail server, the proxy before it and clients that use it; knows the proxy only by its door. */

import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TLSSocketOptions } from 'node:tls'
import type { Config, Listen } from '../config/config.ts'
import type { ObservedEvent } from '../findings/finding.ts'
import type { TallySummary } from './client/tally.ts'
import { DemoReport, writeExchangeLine } from './demo-report.ts'
import { startImapServer, type RunningImapServer } from './imap-server.ts'
import { playScript } from './scripted-client.ts'

/** As much of the proxy as the demo needs. */
export interface DemoProxy {
  readonly addresses: readonly Listen[]
  readonly bus: { subscribe(listener: (event: ObservedEvent) => void): () => void }
  start(): Promise<void>
  stop(): Promise<void>
}

export interface DemoCertificates {
  /** For the mail server. */
  readonly tls: TLSSocketOptions
  /** PEM of the authority that signed it, and that the proxy mints with. */
  readonly authority: string
}

/** What the demo touches outside itself, so that a test can stand in for it. */
export interface DemoWorld<P extends DemoProxy> {
  readonly out: { write(text: string): unknown }
  /** Keys come in and a screen goes out. */
  readonly isTerminal: boolean
  createProxy(config: Config): Promise<P>
  mint(caDir: string, name: string): Promise<DemoCertificates>
  openDashboard(proxy: P, config: Config, quit: () => void): Promise<{ stop(): void }>
  /** Returns what ends the listening. */
  onInterrupt(listener: () => void): () => void
}

export interface DemoOptions {
  readonly once: boolean
}

const HOST = '127.0.0.1'
/** What every certificate of the demo is made out to. */
const NAME = 'localhost'
/** A round takes about two seconds; one that does not end is a fault to report, not to wait for. */
const ROUND_LIMIT_MS = 30_000
/** How long a session may take to close once its client has left. */
const SETTLE_LIMIT_MS = 2000

/** Returns the exit code. */
export async function playDemo<P extends DemoProxy>(
  options: DemoOptions,
  world: DemoWorld<P>,
): Promise<number> {
  const caDir = await mkdtemp(join(tmpdir(), 'imaptap-demo-'))
  const forget = () => rmSync(caDir, { recursive: true, force: true })
  // A CA key lies there: it goes also when the process is made to exit.
  process.once('exit', forget)
  try {
    const { tls, authority } = await world.mint(caDir, NAME)
    const server = await startImapServer({ host: HOST, tls, newMailEveryMs: options.once ? 300 : 4000 })
    try {
      const config = await writeConfig(caDir, authority, server)
      const proxy = await world.createProxy(config)
      const stage: DemoStage<P> = { world, proxy, config, authority }
      return await (options.once ? playRound(stage) : playOn(stage))
    } finally {
      await server.stop()
    }
  } finally {
    process.off('exit', forget)
    forget()
  }
}

interface DemoStage<P extends DemoProxy> {
  readonly world: DemoWorld<P>
  readonly proxy: P
  readonly config: Config
  readonly authority: string
}

async function playRound<P extends DemoProxy>(stage: DemoStage<P>): Promise<number> {
  const { proxy, world } = stage
  const report = new DemoReport()
  proxy.bus.subscribe((event) => report.observe(event))
  const signal = AbortSignal.timeout(ROUND_LIMIT_MS)
  const done = await playThrough(stage, {
    once: true,
    signal,
    // Stopping the proxy at once would cut off the last session's goodbye.
    settle: () => report.allClosed(SETTLE_LIMIT_MS),
  })
  const differences = report.compare(done)
  if (signal.aborted) differences.unshift(`The round did not end within ${ROUND_LIMIT_MS / 1000} s`)
  const verdict = differences.length === 0 ? 'all as expected' : 'not as expected'
  const lines = [
    `imaptap demo: one round, ${verdict}`,
    ...report.lines(),
    ...differences.map((one) => `! ${one}`),
  ]
  world.out.write(`${lines.join('\n')}\n`)
  return differences.length === 0 ? 0 : 1
}

/** Until the user has seen enough: that is how it ends well. */
async function playOn<P extends DemoProxy>(stage: DemoStage<P>): Promise<number> {
  const { world } = stage
  const stop = new AbortController()
  const quit = () => stop.abort()
  const stopListening = world.onInterrupt(quit)
  const show = world.isTerminal ? showDashboard : printExchanges
  try {
    const { sessions, commands } = await playThrough(stage, {
      once: false,
      signal: stop.signal,
      show: () => show(stage, quit),
    })
    world.out.write(`imaptap demo: ${sessions} sessions with ${commands} commands went by\n`)
  } finally {
    stopListening()
  }
  return 0
}

interface Play {
  readonly once: boolean
  readonly signal: AbortSignal
  /** Returns what ends the showing. */
  readonly show?: () => Promise<() => void>
  /** Awaited between the end of the script and the end of the proxy. */
  readonly settle?: () => Promise<void>
}

/** The proxy runs while the script plays; when this returns every session has ended and was told of. */
async function playThrough<P extends DemoProxy>(stage: DemoStage<P>, play: Play): Promise<TallySummary> {
  const { proxy, authority } = stage
  const { once, signal, show, settle } = play
  await proxy.start()
  let hide: (() => void) | undefined
  try {
    hide = await show?.()
    const ports = { tlsPort: findPort(proxy, 'imaps'), startTlsPort: findPort(proxy, 'imap') }
    const done = await playScript({ host: HOST, ...ports, ca: authority, name: NAME, once, signal })
    await settle?.()
    return done
  } finally {
    await proxy.stop()
    hide?.()
  }
}

async function showDashboard<P extends DemoProxy>(
  stage: DemoStage<P>,
  quit: () => void,
): Promise<() => void> {
  const dashboard = await stage.world.openDashboard(stage.proxy, stage.config, quit)
  return () => dashboard.stop()
}

async function printExchanges<P extends DemoProxy>({ proxy, world }: DemoStage<P>): Promise<() => void> {
  const doors = proxy.addresses.map(({ protocol, host, port }) => `${protocol}://${host}:${port}`)
  world.out.write(`imaptap demo: the proxy listens on ${doors.join(' and ')}; Ctrl-C ends it\n`)
  return proxy.bus.subscribe((event) => {
    if (event.kind === 'exchange-completed') world.out.write(`${writeExchangeLine(event)}\n`)
  })
}

async function writeConfig(caDir: string, authority: string, server: RunningImapServer): Promise<Config> {
  const ca = join(caDir, 'trusted.pem')
  await writeFile(ca, authority)
  const listen = { host: HOST, port: 0 }
  return {
    upstream: { protocol: 'imaps', host: HOST, port: server.port, ca, name: NAME, isInsecure: false },
    listen: [
      { protocol: 'imaps', ...listen },
      { protocol: 'imap', ...listen },
    ],
    hideCapabilities: [],
    compress: 'follow',
    tls: { caDir, leafKey: 'ecdsa', cert: undefined, key: undefined, keyLog: undefined },
    log: { file: undefined, level: 'silent', wire: false },
    findings: { isEnabled: true, ignore: [] },
    dashboard: false,
  }
}

function findPort(proxy: DemoProxy, protocol: Listen['protocol']): number {
  const found = proxy.addresses.find((address) => address.protocol === protocol)
  if (!found) throw new Error(`the proxy has no ${protocol} listener`)
  return found.port
}
