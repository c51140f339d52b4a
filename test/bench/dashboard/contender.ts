/** Starts a proxy with the dashboard in a pseudo terminal, or without it, and clients of its own; knows no figures. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { processTree } from '../machine/accounting.ts'
import type { Certificates } from '../machine/certificates.ts'
import type { Cores } from '../machine/machine.ts'
import { freePort, launch, untilListening, type Child } from '../machine/processes.ts'
import { nodeCommand } from '../peers/node-command.ts'
import { FrameCounter } from './frame-counter.ts'
import type { PacedFigures, PacedOrder, PacedOutcome } from './order.ts'

const PROXY = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))
const CLIENT = fileURLToPath(new URL('paced-client.ts', import.meta.url))
const SIZE = { columns: 160, rows: 45 }

export interface Variant {
  readonly name: string
  readonly flags: readonly string[]
  readonly hasDashboard: boolean
  readonly hasFindings: boolean
}

export const variants: readonly Variant[] = [
  { name: 'log only', flags: [], hasDashboard: false, hasFindings: false },
  { name: 'log, findings', flags: ['--findings'], hasDashboard: false, hasFindings: true },
  { name: 'dashboard', flags: ['--no-findings'], hasDashboard: true, hasFindings: false },
  { name: 'dashboard, findings', flags: [], hasDashboard: true, hasFindings: true },
]

export interface Place {
  readonly folder: string
  readonly certificates: Certificates
  readonly cores: Cores
  readonly upstreamPort: number
  readonly profileFolder: string | undefined
}

export class Contender {
  readonly variant: Variant
  readonly port: number
  /** The proxy's own process, not that of its terminal. */
  readonly pid: number
  readonly #terminal: Child
  readonly #client: Child
  readonly drawn = new FrameCounter()

  private constructor(
    variant: Variant,
    started: {
      readonly port: number
      readonly pid: number
      readonly terminal: Child
      readonly client: Child
    },
  ) {
    this.variant = variant
    this.port = started.port
    this.pid = started.pid
    this.#terminal = started.terminal
    this.#client = started.client
    started.terminal.process.stdout?.on('data', (chunk: Buffer) => this.drawn.take(chunk))
  }

  static async start(variant: Variant, place: Place): Promise<Contender> {
    const port = await freePort()
    const folder = join(place.folder, variant.name.replaceAll(/\W+/gu, '-'))
    mkdirSync(folder, { recursive: true })
    const profileFolder =
      place.profileFolder && join(place.profileFolder, variant.name.replaceAll(/\W+/gu, '-'))
    const site = {
      folder,
      certificates: place.certificates,
      port,
      upstreamPort: place.upstreamPort,
      upstreamPid: 0,
      cores: place.cores.proxy,
      profileFolder,
    }
    const command = nodeCommand(site, [PROXY, ...proxyFlags(variant, { ...place, folder, port })])
    const terminal = launch({
      command: variant.hasDashboard ? inTerminal(command, place.cores.proxy) : command,
      cores: variant.hasDashboard ? place.cores.others : place.cores.proxy,
      hasInput: variant.hasDashboard,
    })
    await untilListening(terminal, port)
    const client = launch({
      command: [process.execPath, CLIENT],
      cores: place.cores.others,
      hasChannel: true,
    })
    const pid = processTree(terminal.pid).at(-1) ?? terminal.pid
    return new Contender(variant, { port, pid, terminal, client })
  }

  type(keys: string): void {
    if (this.variant.hasDashboard) this.#terminal.process.stdin?.write(keys)
  }

  async order(order: PacedOrder): Promise<PacedFigures> {
    const { promise, resolve, reject } = Promise.withResolvers<PacedFigures>()
    const { process: client } = this.#client
    const hear = (outcome: PacedOutcome): void => {
      if (outcome.kind === 'done') resolve(outcome.figures)
      else reject(new Error(`${this.variant.name}: ${outcome.reason}`))
    }
    const leave = (): void => reject(new Error(`the client ended: ${this.#client.said()}`))
    client.once('message', hear)
    client.once('exit', leave)
    client.send(order)
    try {
      return await promise
    } finally {
      client.off('message', hear)
      client.off('exit', leave)
    }
  }

  /** In good order, so that a profile is written. */
  end(): void {
    process.kill(this.pid, 'SIGTERM')
  }
}

function proxyFlags(
  { flags, hasDashboard }: Variant,
  { folder, port, certificates, upstreamPort }: Place & { readonly port: number },
): readonly string[] {
  const { authority, certificate, key } = certificates
  const upstream = ['--upstream', `imaps://127.0.0.1:${upstreamPort}`, '--upstream-ca', authority]
  const listen = ['--listen', `imaps://127.0.0.1:${port}`, '--cert', certificate, '--key', key]
  // The log is on in each of them: what differs is the dashboard.
  const log = ['--log', join(folder, 'imaptap.log'), '--no-control']
  return [
    'proxy',
    ...upstream,
    ...listen,
    ...log,
    ...(hasDashboard ? ['--dashboard'] : ['--no-dashboard']),
    ...flags,
  ]
}

/** `script` is the terminal, on the core of the others: what the dashboard draws comes out of its stdout. */
function inTerminal(command: readonly string[], core: string | undefined): readonly string[] {
  const pinned = core === undefined ? command : ['taskset', '-c', core, ...command]
  const words = pinned.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const { columns, rows } = SIZE
  const shell = `stty cols ${columns} rows ${rows}; TERM=xterm-256color exec ${words}`
  return ['script', '-qefc', shell, '/dev/null']
}
