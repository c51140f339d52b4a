/** Peers that compress, on zlib's one-shot functions: a client on top of a `Peer`, and what a server does about COMPRESS. */

import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib'

import type { Conduct } from './fake-upstream.ts'
import type { Peer } from './peer.ts'

const marker = Buffer.from([0, 0, 0xff, 0xff])
const patienceMs = 10_000

/** A piece of a stream that refers to nothing before it: such pieces, one behind the other, are a stream. */
export const deflated = (text: string): Buffer =>
  deflateRawSync(Buffer.from(text, 'latin1'), { finishFlush: constants.Z_SYNC_FLUSH })

const inflated = (octets: Buffer): string =>
  inflateRawSync(octets, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1')

/** A client whose connection is compressed from here on. */
export class CompressedPeer {
  readonly #peer: Peer
  #wire = ''
  #taken = 0

  constructor(peer: Peer) {
    this.#peer = peer
  }

  send(text: string): this {
    this.#peer.send(deflated(text).toString('latin1'))
    return this
  }

  /** Waits until this was received, and takes everything up to its end away. */
  async until(pattern: RegExp): Promise<string> {
    const deadline = performance.now() + patienceMs
    for (;;) {
      const text = this.#read().slice(this.#taken)
      const found = pattern.exec(text)
      if (found) {
        this.#taken += found.index + found[0].length
        return text.slice(0, found.index + found[0].length)
      }
      if (performance.now() > deadline || this.#peer.hasEnded)
        throw new Error(`no ${pattern} in: ${text.slice(-500)}`)
      await sleep(2)
    }
  }

  run(command: string): Promise<string> {
    const tag = command.split(' ')[0]
    return this.send(`${command}\r\n`).until(new RegExp(`^${tag} (?:OK|NO|BAD) [^\\r]*\\r\\n`, 'm'))
  }

  /** The compression has ended: gives what came behind its last flush back to the peer. */
  end(): Peer {
    this.#read()
    const wire = Buffer.from(this.#wire, 'latin1')
    this.#peer.received = wire.subarray(wire.lastIndexOf(marker) + marker.length).toString('latin1')
    return this.#peer
  }

  #read(): string {
    this.#wire += this.#peer.received
    this.#peer.received = ''
    const wire = Buffer.from(this.#wire, 'latin1')
    // Dovecot ends its stream with a last block, without a flush.
    if (this.#peer.hasEnded) return inflated(wire)
    const last = wire.lastIndexOf(marker)
    return last < 0 ? '' : inflated(wire.subarray(0, last + marker.length))
  }
}

export interface CompressingServer {
  readonly conduct: Conduct
  /** Every line that it got, in the order of all connections; `z ` before those that were compressed. */
  readonly lines: string[]
  /** Says something by itself on the last connection, compressed or not as that is. */
  say(text: string): void
}

/** A server that compresses, and ends that by UNAUTHENTICATE; `answer` is what it says to COMPRESS. */
export function compressingServer(answer = 'OK active'): CompressingServer {
  const lines: string[] = []
  let last: Connection | undefined
  const conduct: Conduct = (socket) => void (last = new Connection(socket, lines, answer))
  return { conduct, lines, say: (text) => last?.say(text) }
}

const capabilities = '[CAPABILITY IMAP4rev1 COMPRESS=DEFLATE UNAUTHENTICATE IDLE]'

class Connection {
  readonly #socket: Socket
  readonly #lines: string[]
  readonly #answer: string
  #isCompressed = false
  #wire: Buffer = Buffer.alloc(0)
  #lineAt = 0

  constructor(socket: Socket, lines: string[], answer: string) {
    this.#socket = socket
    this.#lines = lines
    this.#answer = answer
    this.say('* OK fake ready\r\n')
    socket.on('data', (chunk: Buffer) => {
      this.#wire = Buffer.concat([this.#wire, chunk])
      this.#takeLines()
    })
    socket.on('end', () => void socket.end())
  }

  say(text: string): void {
    this.#socket.write(this.#isCompressed ? deflated(text) : Buffer.from(text, 'latin1'))
  }

  #takeLines(): void {
    for (;;) {
      const text = this.#text()
      const end = text.indexOf('\n', this.#lineAt)
      if (end < 0) return
      const line = text.slice(this.#lineAt, end).trimEnd()
      this.#lineAt = end + 1
      this.#lines.push(this.#isCompressed ? `z ${line}` : line)
      this.#obey(line)
    }
  }

  #text(): string {
    if (!this.#isCompressed) return this.#wire.toString('latin1')
    const last = this.#wire.lastIndexOf(marker)
    return last < 0 ? '' : inflated(this.#wire.subarray(0, last + marker.length))
  }

  #obey(line: string): void {
    const [tag = '', word = ''] = line.split(' ')
    if (word === 'COMPRESS') return this.#compress(tag)
    if (word === 'UNAUTHENTICATE') return this.#unauthenticate(tag)
    if (word === 'IDLE') return this.say('+ idling\r\n')
    if (tag === 'DONE') return this.say('i OK done\r\n')
    if (word === 'LOGIN') return this.say(`${tag} OK ${capabilities} in\r\n`)
    this.say(`${tag} OK done\r\n`)
  }

  #compress(tag: string): void {
    this.say(`${tag} ${this.#answer}\r\n`)
    if (!this.#answer.startsWith('OK')) return
    this.#restart(this.#lineAt)
    this.#isCompressed = true
  }

  /** Says the OK compressed, and something behind it plain, in one segment. */
  #unauthenticate(tag: string): void {
    const last = this.#wire.lastIndexOf(marker)
    const ok = `${tag} OK out\r\n`
    const plain = '* CAPABILITY IMAP4rev1\r\n'
    if (!this.#isCompressed) return this.say(ok + plain)
    this.#socket.write(Buffer.concat([deflated(ok), Buffer.from(plain)]))
    this.#isCompressed = false
    this.#restart(last + marker.length)
  }

  #restart(at: number): void {
    this.#wire = this.#wire.subarray(at)
    this.#lineAt = 0
  }
}
