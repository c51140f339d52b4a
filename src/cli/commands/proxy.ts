/** The proxy command: starts, welcomes, waits for an end and drains; it does not know how traffic flows. */

import type { Config, Listen } from '../../config/config.ts'
import type { Flags } from '../../config/flags.ts'
import { loadConfig } from '../../config/load.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { Output } from '../options.ts'
import { explainStartFault } from '../start-fault.ts'
import { writeWarnings, writeWelcome } from '../welcome.ts'

/** As much of a running proxy as this command needs. */
export interface Proxy {
  start(): Promise<void>
  /** Drains: sessions end in their own time, within bounds. */
  stop(): Promise<void>
  /** Reads the policy again, for whom it is told; absent where a proxy has nothing to read again, and SIGHUP ends it. */
  readonly reload?: ((by: string) => void) | undefined
  /** The listeners as they are, ports chosen. */
  readonly addresses: readonly Listen[]
  /** The certificate of the local CA, when one signs what clients see. */
  readonly caPath: string | undefined
}

export interface Dashboard {
  /** Gives the terminal back. */
  stop(): void
}

export type EndSignal = 'SIGINT' | 'SIGTERM'

/** Everything outside that the command touches, so that a test can stand in for it. */
export interface ProxyWorld<P extends Proxy> {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly err: Output
  /** Both stdin and stdout are terminals: keys come in, a screen goes out. */
  readonly isTerminal: boolean
  createProxy(config: Config): Promise<P>
  openDashboard(proxy: P, config: Config, quit: () => void): Promise<Dashboard>
  onSignal(signal: EndSignal | 'SIGHUP', listener: () => void): void
  /** The name by which `pkill -x` finds the process. */
  nameProcess(name: string): void
  /** Ends the process at once. */
  exit(exitCode: number): void
}

export async function runProxy<P extends Proxy>(flags: Flags, world: ProxyWorld<P>): Promise<number> {
  const asked = loadConfig({ flags, env: world.env })
  await requireKnownFindings(asked)
  const hasDashboard = wantsDashboard(asked, world)
  const config = settleFindings(hasDashboard ? keepOffTheScreen(asked) : asked, hasDashboard)
  const end = awaitEnd(world)
  const proxy = await startProxy(config, world)
  if (proxy.reload) {
    world.onSignal('SIGHUP', () => proxy.reload?.('SIGHUP'))
    // Not before, and no other process of imaptap: `pkill -HUP -x imaptap` would end it.
    world.nameProcess('imaptap')
  }
  for (const line of writeWarnings(config, world.env)) world.err.write(`imaptap: warning: ${line}\n`)
  if (hasDashboard) return drainAfter(proxy, await showDashboard(proxy, config, { world, end }))
  if (flags.quiet !== true && config.log.level !== 'silent') welcome(proxy, config, world.err)
  return drainAfter(proxy, await end.promise)
}

/** All checks are loaded only where some are named. */
async function requireKnownFindings({ findings: { ignore } }: Config): Promise<void> {
  if (ignore.length === 0) return
  const { requireFindings } = await import('../reading/known-words.ts')
  requireFindings(ignore, '--ignore-finding or findings.ignore')
}

/** Lines written to the terminal would run across the dashboard; a file of their own they may have. */
function keepOffTheScreen(config: Config): Config {
  return config.log.file === undefined ? { ...config, log: { ...config.log, level: 'silent' } } : config
}

/** Reading everything costs, so it is done where somebody is there to see what comes of it. */
function settleFindings(config: Config, hasDashboard: boolean): Config {
  const isEnabled = config.findings.isEnabled ?? hasDashboard
  return { ...config, findings: { ...config.findings, isEnabled } }
}

async function startProxy<P extends Proxy>(config: Config, world: ProxyWorld<P>): Promise<P> {
  try {
    const proxy = await world.createProxy(config)
    await proxy.start()
    return proxy
  } catch (error) {
    throw explainStartFault(error)
  }
}

function welcome(proxy: Proxy, config: Config, err: Output): void {
  const lines = writeWelcome({ config, addresses: proxy.addresses, caFile: proxy.caPath })
  err.write(lines.map((line) => `imaptap: ${line}\n`).join(''))
}

function wantsDashboard<P extends Proxy>(config: Config, world: ProxyWorld<P>): boolean {
  if (config.dashboard === false) return false
  const isAsked = config.dashboard === true
  const obstacle = findObstacle(config, world)
  if (obstacle === undefined) return true
  if (!isAsked) return false
  throw new Failure(`the dashboard ${obstacle}`, exitCodes.usage, 'leave it out, or use --no-dashboard')
}

function findObstacle<P extends Proxy>(config: Config, world: ProxyWorld<P>): string | undefined {
  if (!world.isTerminal) return 'needs a terminal for stdin and stdout'
  if (world.env['TERM'] === 'dumb') return 'needs a terminal that can move its cursor (TERM is dumb)'
  return config.log.file === '-' ? 'and a log on stdout (--log -) cannot share the terminal' : undefined
}

interface End {
  readonly promise: Promise<number>
  readonly finish: (exitCode: number) => void
}

/** The first signal ends with a drain; the second does not wait for it. */
function awaitEnd<P extends Proxy>(world: ProxyWorld<P>): End {
  const { promise, resolve } = Promise.withResolvers<number>()
  let isEnding = false
  const hear = (exitCode: number) => () => {
    if (isEnding) world.exit(exitCode)
    isEnding = true
    resolve(exitCode)
  }
  world.onSignal('SIGINT', hear(exitCodes.interrupted))
  world.onSignal('SIGTERM', hear(exitCodes.terminated))
  return {
    promise,
    finish: (exitCode) => {
      isEnding = true
      resolve(exitCode)
    },
  }
}

async function showDashboard<P extends Proxy>(
  proxy: P,
  config: Config,
  { world, end }: { readonly world: ProxyWorld<P>; readonly end: End },
): Promise<number> {
  const dashboard = await world.openDashboard(proxy, config, () => end.finish(exitCodes.ok))
  try {
    return await end.promise
  } finally {
    dashboard.stop()
  }
}

async function drainAfter(proxy: Proxy, exitCode: number): Promise<number> {
  await proxy.stop()
  return exitCode
}
