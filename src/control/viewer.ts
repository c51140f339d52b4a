/** The daemon's end of one viewer: its requests come out, lines go in and wait in bounds; knows no session. */

import type { Socket } from 'node:net'
import { LineReader } from './line-reader.ts'
import { controlLimits, readRequest, writeAnswer, writeBye, type Request } from './protocol.ts'

export interface ViewerEars {
  onRequest(viewer: Viewer, request: Request): void
  /** Once, however it ended. */
  onGone(viewer: Viewer): void
}

export class Viewer {
  /** It has said which version it speaks. */
  isGreeted = false
  readonly #socket: Socket
  readonly #ears: ViewerEars
  readonly #reader = new LineReader(controlLimits.requestOctets)
  #patience: NodeJS.Timeout | undefined
  #isOver = false

  constructor(socket: Socket, ears: ViewerEars) {
    this.#socket = socket
    this.#ears = ears
    this.#patience = setTimeout(() => this.dismiss('no hello came in time'), controlLimits.helloMillis)
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    // A viewer that is gone is no fault of ours, and `close` follows.
    socket.on('error', () => undefined)
    socket.once('close', () => this.#leave())
  }

  greet(): void {
    this.isGreeted = true
    clearTimeout(this.#patience)
  }

  /**
   * Octets that others may be sent too. One write may go beyond the limit, so that the beginnings of very many sessions
   * reach a viewer that reads; the next may not.
   */
  send(octets: string | Buffer): void {
    if (this.#isOver) return
    if (this.#socket.writableLength > controlLimits.backlogOctets)
      return this.dismiss('it has let this viewer go, which read too slowly')
    this.#socket.write(octets)
  }

  /** The last word, for which there is a little time. */
  dismiss(reason: string): void {
    if (this.#isOver) return
    this.#leave()
    this.#socket.write(writeBye(reason))
    this.#socket.destroySoon()
    this.#patience = setTimeout(() => this.#socket.destroy(), controlLimits.partingMillis)
    this.#socket.once('close', () => clearTimeout(this.#patience))
  }

  #read(chunk: Buffer): void {
    if (this.#isOver) return
    const lines = this.#reader.push(chunk)
    for (const line of lines ?? []) this.#hear(line)
    if (!lines) this.dismiss(`a request may have ${controlLimits.requestOctets} octets`)
  }

  #hear(line: string): void {
    if (this.#isOver) return
    const read = readRequest(line)
    if (read.kind === 'malformed') return this.dismiss(read.text)
    if (read.kind === 'unknown') return this.send(writeAnswer(read.id, read.text))
    this.#ears.onRequest(this, read.request)
  }

  #leave(): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#patience)
    this.#ears.onGone(this)
  }
}
