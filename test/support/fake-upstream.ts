/** A scripted upstream on loopback: TCP or TLS, it greets or misbehaves as it is told, connection by connection. */

import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls'

/** What is done with one accepted connection. */
export type Conduct = (socket: Socket) => void

export class FakeUpstream {
  /** For the connections to come. */
  conduct: Conduct
  /** Every connection so far, oldest first. */
  readonly sockets: Socket[] = []
  readonly #server: Server

  private constructor(conduct: Conduct) {
    this.conduct = conduct
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket))
  }

  static async start(conduct: Conduct = speakImap()): Promise<FakeUpstream> {
    const upstream = new FakeUpstream(conduct)
    upstream.#server.listen(0, '127.0.0.1')
    await once(upstream.#server, 'listening')
    return upstream
  }

  get port(): number {
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('the upstream does not listen')
    return address.port
  }

  /** Connections that are still open. */
  get open(): number {
    return this.sockets.filter((socket) => !socket.closed).length
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #accept(socket: Socket): void {
    this.sockets.push(socket)
    socket.on('error', () => undefined)
    this.conduct(socket)
  }
}

export const saySilence: Conduct = (socket) => void socket.resume().on('end', () => socket.end())

/** Says this at once, and stays. */
export const say =
  (text: string): Conduct =>
  (socket) =>
    void socket
      .resume()
      .on('end', () => socket.end())
      .write(text, 'latin1')

export const sayAndLeave =
  (text: string): Conduct =>
  (socket) =>
    void socket.resume().end(text, 'latin1')

export const reset: Conduct = (socket) => void socket.resetAndDestroy()

/** What the server does about one command, in place of its plain OK. */
export type Act = (socket: Socket, tag: string) => void

export interface ImapOptions {
  /** With its CRLF; empty for a connection that was greeted before. */
  readonly greeting?: string
  /** By the command's word, upper case. */
  readonly acts?: Readonly<Record<string, Act>>
  /** Hears every line. */
  readonly onLine?: (line: string) => void
}

/** Greets, says OK to every command, and leaves after LOGOUT; half-closed clients get their answers. */
export function speakImap({
  greeting = '* OK fake ready\r\n',
  acts = {},
  onLine,
}: ImapOptions = {}): Conduct {
  return (socket) => {
    socket.write(greeting, 'latin1')
    readLines(socket, (line) => {
      onLine?.(line)
      const [tag = '', word = ''] = line.split(' ')
      const act = acts[word.toUpperCase()] ?? plainActs[word.toUpperCase()]
      if (act) act(socket, tag)
      else socket.write(`${tag} OK done\r\n`)
    })
    socket.on('end', () => void socket.end())
  }
}

const plainActs: Readonly<Record<string, Act>> = {
  LOGOUT: (socket, tag) => void socket.end(`* BYE bye\r\n${tag} OK done\r\n`),
}

/** TLS from the first octet; the conduct begins once it stands. */
export function behindTls(identity: SecureContextOptions, conduct: Conduct): Conduct {
  const secureContext = createSecureContext(identity)
  return (socket) => {
    const secured = new TLSSocket(socket, { isServer: true, secureContext })
    secured.on('error', () => undefined)
    secured.once('secure', () => conduct(secured))
    secured.resume()
    socket.on('end', () => socket.end())
  }
}

/** Greets, and goes on under TLS after STARTTLS. */
export function behindStartTls(identity: SecureContextOptions, conduct: Conduct): Conduct {
  return answerStartTls((tag) => `${tag} OK go\r\n`, behindTls(identity, conduct))
}

/** Greets, and says this to STARTTLS; what follows it is the conduct's. */
export function answerStartTls(answer: (tag: string) => string, conduct: Conduct): Conduct {
  return (socket) => {
    socket.write('* OK [CAPABILITY IMAP4rev1 STARTTLS] fake ready\r\n')
    const stop = readLines(socket, (line) => {
      const [tag = '', word = ''] = line.split(' ')
      if (word.toUpperCase() !== 'STARTTLS') return void socket.write(`${tag} OK done\r\n`)
      stop()
      socket.write(answer(tag))
      conduct(socket)
    })
  }
}

/** Returns the way to stop reading. */
function readLines(socket: Socket, onLine: (line: string) => void): () => void {
  let held = ''
  const take = (chunk: Buffer): void => {
    held += chunk.toString('latin1')
    for (let end = held.indexOf('\n'); end >= 0; end = held.indexOf('\n')) {
      const line = held.slice(0, end).trimEnd()
      held = held.slice(end + 1)
      onLine(line)
    }
  }
  socket.on('data', take)
  return () => void socket.off('data', take)
}
