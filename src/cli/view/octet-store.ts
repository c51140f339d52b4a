/** Captures as one run of octets that can be read at any place, compressed ones unpacked; knows lines, and no record. */

import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Piece {
  readonly file: number
  /** The place of its first octet. */
  readonly from: number
}

/** Octets read at once: the lines of a session lie among those of others. */
const WINDOW = 32 * 1024
/** Octets of one line at most, as the reader of captures has it. */
const LONGEST = 64 * 1024 * 1024
const LF = 0x0a

export class OctetStore {
  readonly #pieces: Piece[] = []
  #window = Buffer.alloc(0)
  #windowFrom = 0
  #windowFile = -1

  /** The file that is added stands behind the octets of those before it; `from` is the place of its first. */
  add(file: number, from: number): void {
    this.#pieces.push({ file, from })
  }

  /** The line that begins here, without its end; empty where there is none. */
  lineAt(offset: number): Buffer {
    const piece = this.#pieces.findLast(({ from }) => from <= offset)
    if (!piece) return Buffer.alloc(0)
    const at = offset - piece.from
    for (let size = WINDOW; size <= LONGEST; size *= 4) {
      const line = this.#lineWithin(piece, at, size)
      if (line) return line
    }
    return Buffer.alloc(0)
  }

  close(): void {
    for (const { file } of this.#pieces.splice(0)) closeSync(file)
  }

  /** Undefined where the line is longer than what was read; at the end of the file it ends with it. */
  #lineWithin({ file }: Piece, at: number, size: number): Buffer | undefined {
    const found = this.#cut(file, at)
    if (found) return found
    this.#load(file, at, size)
    return this.#cut(file, at) ?? (this.#window.length < size ? this.#window : undefined)
  }

  #cut(file: number, at: number): Buffer | undefined {
    const start = at - this.#windowFrom
    if (this.#windowFile !== file || start < 0 || start >= this.#window.length) return undefined
    const end = this.#window.indexOf(LF, start)
    return end < 0 ? undefined : this.#window.subarray(start, end)
  }

  #load(file: number, at: number, size: number): void {
    const window = Buffer.allocUnsafe(size)
    const read = readSync(file, window, 0, size, at)
    this.#window = window.subarray(0, read)
    this.#windowFrom = at
    this.#windowFile = file
  }
}

/** A file that nobody else can open and that is gone with the process: what a compressed capture is unpacked to. */
export class UnpackedFile {
  readonly file: number
  #waiting: Buffer[] = []
  #held = 0

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'imaptap-view-'))
    const path = join(folder, 'capture')
    this.file = openSync(path, 'wx+', 0o600)
    rmSync(folder, { recursive: true })
  }

  appendLine(line: Uint8Array): void {
    this.#waiting.push(Buffer.from(line), lineEnd)
    this.#held += line.length + 1
    if (this.#held >= GATHERED) this.flush()
  }

  flush(): void {
    const octets = Buffer.concat(this.#waiting)
    let written = 0
    while (written < octets.length) written += writeSync(this.file, octets, written)
    this.#waiting = []
    this.#held = 0
  }
}

/** Octets gathered before they are written. */
const GATHERED = 1024 * 1024
const lineEnd = Buffer.from('\n')
