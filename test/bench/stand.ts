/** The stand of one case: an upstream and a load client on their cores, and the peers that are started between them. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Figures, Order, Outcome } from './load/order.ts'
import type { Certificates } from './machine/certificates.ts'
import type { Cores } from './machine/machine.ts'
import { end, freePort, launch, untilListening, type Child } from './machine/processes.ts'
import type { Peer, RunningPeer } from './peers/peer.ts'

export interface Ground {
  readonly folder: string
  readonly certificates: Certificates
  readonly cores: Cores
  /** Octets of the TLS records that upstream writes; 0 leaves that to TLS. */
  readonly recordOctets: number
}

/** Takes orders one at a time; rejects with the reason when one fails. */
export class LoadClient {
  readonly #child: Child
  #settle: (outcome: Outcome) => void = () => undefined

  constructor(child: Child) {
    this.#child = child
    child.process.on('message', (outcome: Outcome) => this.#settle(outcome))
    child.process.on('exit', () => this.#settle(this.#gone()))
  }

  async order(order: Order): Promise<Figures> {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    this.#settle = resolve
    if (this.#child.process.connected) this.#child.process.send(order)
    else resolve(this.#gone())
    const outcome = await promise
    if (outcome.kind === 'done') return outcome.figures
    throw new Error(`${order.kind}: ${outcome.reason}`)
  }

  #gone(): Outcome {
    return { kind: 'failed', reason: `the load client ended: ${this.#child.said()}` }
  }
}

export class Stand {
  readonly client: LoadClient
  readonly #ground: Ground
  readonly #upstream: Child
  readonly #load: Child
  readonly #upstreamPort: number

  private constructor(ground: Ground, upstreamPort: number, upstream: Child, load: Child) {
    this.#ground = ground
    this.#upstreamPort = upstreamPort
    this.#upstream = upstream
    this.#load = load
    this.client = new LoadClient(load)
  }

  static async open(ground: Ground): Promise<Stand> {
    const port = await freePort()
    const { certificate, key } = ground.certificates
    const upstream = ourProcess(ground, 'upstream/server.ts', [
      certificate,
      key,
      String(port),
      String(ground.recordOctets),
    ])
    const load = ourProcess(ground, 'load/client.ts', [])
    await untilListening(upstream, port)
    return new Stand(ground, port, upstream, load)
  }

  /** Starts a peer on the proxy's core; `mark` names the folder of its files. */
  async start(peer: Peer, mark: string, profileFolder: string | undefined): Promise<RunningPeer> {
    const folder = join(this.#ground.folder, mark)
    mkdirSync(folder, { recursive: true })
    return await peer.start({
      folder,
      certificates: this.#ground.certificates,
      port: await freePort(),
      upstreamPort: this.#upstreamPort,
      upstreamPid: this.#upstream.pid,
      cores: this.#ground.cores.proxy,
      profileFolder: peer.isNode ? profileFolder : undefined,
    })
  }

  async close(): Promise<void> {
    await Promise.all([end(this.#upstream), end(this.#load)])
  }
}

function ourProcess(ground: Ground, file: string, args: readonly string[]): Child {
  const program = fileURLToPath(new URL(file, import.meta.url))
  const command = [process.execPath, program, ...args]
  return launch({ command, cores: ground.cores.others, hasChannel: true })
}
