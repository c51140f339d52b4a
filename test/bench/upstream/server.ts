/** The in-memory IMAP server of the bench, a process of its own; answers from ready octets and keeps no mail. */

import { readFileSync } from 'node:fs'
import { createServer, type TLSSocket } from 'node:tls'
import { fetchCommand, makeCorpus, type CorpusName } from './corpus.ts'

const CAPABILITIES = 'IMAP4rev1 LITERAL+ IDLE UIDPLUS ENABLE ID NAMESPACE MOVE SPECIAL-USE'
/** Octets of one write: large enough that calls do not count, small enough to stay in the cache. */
const LARGE_PIECE = 256 * 1024

/** One key agreement for all: the newest OpenSSL would choose a dearer one with some peers and not with others. */
const KEY_AGREEMENT = 'X25519'

const [, , certificate = '', key = '', port = '0', records = '0'] = process.argv
/** Above 0: each record is one write and waits for the one before, as a server does that flushes record by record. */
const recordOctets = Number(records)
const pieceOctets = recordOctets > 0 ? recordOctets : LARGE_PIECE

/** What follows the tag of a FETCH, and the pieces that answer it. */
const corpora = new Map<string, readonly Buffer[]>()
for (const name of ['bodies', 'metadata', 'metadata-few', 'message', 'page'] satisfies CorpusName[]) {
  corpora.set(fetchCommand(name), slice(makeCorpus(name)))
}

function slice(octets: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = []
  for (let at = 0; at < octets.length; at += pieceOctets) pieces.push(octets.subarray(at, at + pieceOctets))
  return pieces
}

/** One client. Small answers to what arrived together leave together. */
class Conversation {
  readonly #socket: TLSSocket
  #partial = ''
  #answers = ''
  #idleTag = ''
  readonly #outgoing: (string | Buffer)[] = []
  #sent = 0
  readonly #written = (): void => this.#pump()

  constructor(socket: TLSSocket) {
    this.#socket = socket
    socket.setNoDelay(true)
    if (recordOctets > 0) socket.setMaxSendFragment(recordOctets)
    socket.on('data', (chunk: Buffer) => this.#receive(chunk))
    socket.on('drain', () => this.#pump())
    socket.on('error', () => socket.destroy())
    socket.write(`* OK [CAPABILITY ${CAPABILITIES}] bench ready\r\n`)
  }

  #receive(chunk: Buffer): void {
    const lines = (this.#partial + chunk.toString('latin1')).split('\r\n')
    this.#partial = lines.pop() ?? ''
    for (const line of lines) this.#answer(line)
    this.#flush()
  }

  #answer(line: string): void {
    if (this.#idleTag !== '') return this.#endIdle()
    const space = line.indexOf(' ')
    const tag = line.slice(0, space)
    const command = line.slice(space + 1)
    const corpus = corpora.get(command)
    if (corpus) return this.#fetch(tag, corpus)
    const word = command.split(' ', 1)[0] ?? ''
    this.#answers += this.#reply(tag, word)
  }

  #reply(tag: string, word: string): string {
    switch (word) {
      case 'NOOP':
        return `${tag} OK NOOP completed\r\n`
      case 'STORE':
        return `* 5 FETCH (FLAGS (\\Seen))\r\n${tag} OK STORE completed\r\n`
      case 'CAPABILITY':
        return `* CAPABILITY ${CAPABILITIES}\r\n${tag} OK CAPABILITY completed\r\n`
      case 'LOGIN':
        return `${tag} OK [CAPABILITY ${CAPABILITIES}] logged in\r\n`
      case 'SELECT':
        return `* 10000 EXISTS\r\n* FLAGS (\\Seen \\Answered)\r\n* OK [UIDVALIDITY 7] yes\r\n* OK [UIDNEXT 14001] yes\r\n${tag} OK [READ-WRITE] selected\r\n`
      case 'IDLE':
        this.#idleTag = tag
        return '+ idling\r\n'
      // What a gateway asks before it lets a mailbox be named.
      case 'LIST':
        return `* LIST (\\Noselect) "/" ""\r\n${tag} OK LIST completed\r\n`
      case 'NAMESPACE':
        return `* NAMESPACE (("" "/")) NIL NIL\r\n${tag} OK NAMESPACE completed\r\n`
      case 'LOGOUT':
        return `* BYE bench\r\n${tag} OK LOGOUT completed\r\n`
      default:
        return `${tag} BAD not a command of this bench\r\n`
    }
  }

  #endIdle(): void {
    this.#answers += `${this.#idleTag} OK IDLE terminated\r\n`
    this.#idleTag = ''
  }

  #fetch(tag: string, corpus: readonly Buffer[]): void {
    this.#flushAnswers()
    this.#outgoing.push(...corpus, `${tag} OK FETCH completed\r\n`)
  }

  #flush(): void {
    const isLoggedOut = this.#answers.startsWith('* BYE')
    this.#flushAnswers()
    this.#pump()
    if (isLoggedOut) this.#socket.end()
  }

  #flushAnswers(): void {
    if (this.#answers !== '') this.#outgoing.push(this.#answers)
    this.#answers = ''
  }

  #pump(): void {
    while (this.#sent < this.#outgoing.length) {
      if (this.#isFull()) return
      this.#write(this.#outgoing[this.#sent++] ?? '')
    }
    this.#outgoing.length = 0
    this.#sent = 0
  }

  #isFull(): boolean {
    return recordOctets > 0 ? this.#socket.writableLength > 0 : this.#socket.writableNeedDrain
  }

  #write(piece: string | Buffer): void {
    const octets = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece
    if (recordOctets > 0) this.#socket.write(octets, this.#written)
    else this.#socket.write(octets)
  }
}

const server = createServer({
  cert: readFileSync(certificate),
  key: readFileSync(key),
  ecdhCurve: KEY_AGREEMENT,
  noDelay: true,
})
server.on('secureConnection', (socket) => new Conversation(socket))
// A client or proxy that gives up during its handshake is none of the server's business.
server.on('tlsClientError', () => undefined)
server.listen({ host: '127.0.0.1', port: Number(port), backlog: 4096 })
// The bench that started this process is gone.
process.on('disconnect', () => process.exit(0))
