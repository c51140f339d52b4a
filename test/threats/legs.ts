/** The gateway under a policy before an upstream of the test's choice, real or scripted, with what it got on each connection; knows no threat. */

import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll } from 'vitest'

import type { Conduct } from '../support/fake-upstream.ts'
import { FakeUpstream, saySilence } from '../support/fake-upstream.ts'
import { openIdentities, type Identities } from '../support/identities.ts'
import { startLiveProxy, type LiveOptions, type LiveProxy } from '../support/live-proxy.ts'
import { Peer } from '../support/peer.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { readPolicy } from './support.ts'

/** Nothing but what is always refused. */
export const allowing = '  default: allow\n'

export interface LegsOptions extends Partial<Omit<LiveOptions, 'policy'>> {
  readonly protocol?: 'imap' | 'imap+starttls' | 'imaps'
  /** What stands under `policy:`, indented by two. */
  readonly policy?: string
}

export class Legs {
  readonly live: LiveProxy
  readonly identities: Identities
  readonly #upstream: FakeUpstream
  readonly #folder: TempFolder
  readonly #peers: Peer[] = []
  /** What upstream got on each connection, oldest first, one character for an octet. */
  raw: string[] = []

  private constructor(
    parts: { readonly live: LiveProxy; readonly upstream: FakeUpstream },
    identities: Identities,
    folder: TempFolder,
  ) {
    this.live = parts.live
    this.#upstream = parts.upstream
    this.identities = identities
    this.#folder = folder
  }

  static async start({ protocol = 'imap', policy = allowing, ...options }: LegsOptions): Promise<Legs> {
    const folder = await createTempFolder('legs')
    const identities = await openIdentities(folder.join('ca'))
    const upstream = await FakeUpstream.start(saySilence)
    const live = await startLiveProxy({
      upstream: `${protocol}://127.0.0.1:${upstream.port}`,
      upstreamCa: identities.caFile,
      ...options,
      policy: readPolicy(policy),
    })
    return new Legs({ live, upstream }, identities, folder)
  }

  get caFile(): string {
    return this.identities.caFile
  }

  /** Of the authority that upstream's certificates are from. */
  get caFolder(): string {
    return this.#folder.join('ca')
  }

  /** For the connections to come; what was received before is forgotten. */
  serve(conduct: Conduct): this {
    this.raw = []
    this.#upstream.conduct = (socket) => {
      const { raw } = this
      const at = raw.push('') - 1
      socket.on('data', (chunk: Buffer) => (raw[at] += chunk.toString('latin1')))
      conduct(socket)
    }
    return this
  }

  /** All that upstream got. */
  get received(): string {
    return this.raw.join('')
  }

  /** In the clear. */
  async open(): Promise<Peer> {
    return this.#keep(await Peer.open(this.live.imap))
  }

  /** The same, behind the greeting. */
  async greet(): Promise<Peer> {
    const peer = await this.open()
    await peer.until(/^\* OK [^\r]*\r\n/u)
    return peer
  }

  async openTls(): Promise<Peer> {
    return this.#keep(await Peer.openTls(this.live.imaps, { ca: this.live.ca, servername: 'localhost' }))
  }

  closePeers(): void {
    for (const peer of this.#peers.splice(0)) peer.close()
  }

  async stop(): Promise<void> {
    this.closePeers()
    await this.live.stop()
    await this.#upstream.close()
    await this.#folder.remove()
  }

  #keep(peer: Peer): Peer {
    this.#peers.push(peer)
    return peer
  }
}

/** One gateway for all tests of a file or a `describe`. */
export function useLegs(options: LegsOptions = {}): () => Legs {
  let legs: Legs | undefined
  beforeAll(async () => {
    legs = await Legs.start(options)
  })
  afterEach(() => legs?.closePeers())
  afterAll(() => legs?.stop())
  return () => {
    if (!legs) throw new Error('the gateway is not up')
    return legs
  }
}

/** Hands every octet to a real server, and back. */
export const passTo =
  (port: () => number): Conduct =>
  (socket: Socket) => {
    const server = connect({ port: port(), host: '127.0.0.1', noDelay: true })
    server.on('error', () => undefined).on('data', (chunk: Buffer) => void socket.write(chunk))
    server.on('close', () => void socket.destroy())
    socket.on('data', (chunk: Buffer) => void server.write(chunk))
    socket.on('end', () => void server.end()).on('close', () => void server.destroy())
  }

/** Says one text at once, and another when the client's first line has come; then it stays. */
export const sayThen =
  (greeting: string, answer: (tag: string, line: string) => string): Conduct =>
  (socket) => {
    socket.write(greeting, 'latin1')
    let held = ''
    socket.on('data', (chunk: Buffer) => {
      held += chunk.toString('latin1')
      for (let end = held.indexOf('\r\n'); end >= 0; end = held.indexOf('\r\n')) {
        const line = held.slice(0, end)
        held = held.slice(end + 2)
        socket.write(answer(line.split(' ')[0] ?? '', line), 'latin1')
      }
    })
    socket.on('end', () => void socket.end())
  }
