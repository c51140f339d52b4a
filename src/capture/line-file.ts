/** One open file that lines are added to: written in the background, and at once when too many wait; nothing is lost. */

import type { FileSystem } from './file-system.ts'

/** Octets that are worth a write of their own. */
const BATCH = 64 * 1024

/** Milliseconds that a line waits for others at most. */
const PATIENCE = 100

/** Octets that wait while a write is under way; more, and the disk is waited for: back pressure on the traffic. */
const QUEUE = 8 * 1024 * 1024

const LF = 0x0a

export interface LineFileOptions {
  readonly files: FileSystem
  readonly file: number
  /** Octets that the file has already, of whole lines. */
  readonly size: number
  /** Called once: nothing more is written, and what is there ends with a whole line. */
  onFailure(error: unknown): void
}

/** The file is another's by now, or nobody's. */
class NotOurs extends Error {
  readonly code: 'ESHARED' | 'EREMOVED'

  constructor(code: NotOurs['code']) {
    super(code)
    this.code = code
  }
}

interface Writing {
  octets: Buffer
  position: number
}

export class LineFile {
  readonly #options: LineFileOptions
  /** Octets of the file as far as their writing was begun. */
  #size: number
  #waiting: string[] = []
  #waitingUnits = 0
  #writing: Writing | undefined
  /** Writes that the system has not answered yet: until then the file stays open. */
  #unanswered = 0
  #timer: NodeJS.Timeout | undefined
  #isClosing = false
  #isOver = false
  #isReleased = false
  #hasFailed = false
  #onClosed: (() => void) | undefined

  constructor(options: LineFileOptions) {
    this.#options = options
    this.#size = options.size
  }

  /** Octets, those that wait included; a character that is no ASCII counts as one of them. */
  get size(): number {
    return this.#size + this.#waitingUnits
  }

  add(line: string): void {
    if (this.#isClosing || this.#isOver) return
    this.#waiting.push(line, '\n')
    this.#waitingUnits += line.length + 1
    if (this.#waitingUnits > QUEUE) this.flush()
    else if (this.#waitingUnits >= BATCH) this.#write()
    else this.#timer ??= setTimeout(() => this.#write(), PATIENCE).unref()
  }

  /** Writes everything before it returns. */
  flush(): void {
    if (this.#isOver) return
    if (this.#writing || this.#waiting.length > 0) this.#attempt(() => this.#checkOwnership())
    // What is under way is written again, to the same place: whoever is first, no hole is left.
    if (this.#writing) this.#attempt(() => this.#writeNow(this.#writing))
    this.#writing = undefined
    const next = this.#takeWaiting()
    if (next) this.#attempt(() => this.#writeNow(next))
  }

  /** Everything written and on the disk, the file closed. */
  async close(): Promise<void> {
    if (this.#isClosing) return
    this.flush()
    this.#isClosing = true
    await this.#sync()
    if (this.#unanswered > 0) {
      await new Promise<void>((resolve) => {
        this.#onClosed = resolve
      })
    }
    this.#isOver = true
    this.#release()
  }

  async #sync(): Promise<void> {
    if (this.#isOver) return
    this.#unanswered += 1
    try {
      await this.#options.files.sync(this.#options.file)
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#unanswered -= 1
    }
  }

  #write(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#writing || this.#isOver) return
    if (this.#waiting.length > 0) this.#attempt(() => this.#checkOwnership())
    const next = this.#takeWaiting()
    if (!next) return
    this.#writing = next
    this.#start(next)
  }

  /** Another process at the same file would be overwritten, and overwrite us. */
  #checkOwnership(): void {
    const { files, file } = this.#options
    const size = files.sizeOf(file)
    // Of a write that is under way any part may be there.
    if (size > this.#size || size < (this.#writing?.position ?? this.#size)) throw new NotOurs('ESHARED')
    if (files.isRemoved(file)) throw new NotOurs('EREMOVED')
  }

  #start(writing: Writing): void {
    if (this.#isOver) return
    this.#unanswered += 1
    const { files, file } = this.#options
    try {
      files.write(file, writing.octets, writing.position, (error, written) => {
        this.#unanswered -= 1
        this.#answer(writing, error, written)
      })
    } catch (error) {
      this.#unanswered -= 1
      this.#fail(error)
    }
  }

  #answer(writing: Writing, error: Error | null, written: number): void {
    if (this.#unanswered === 0) this.#onClosed?.()
    // Written meanwhile by a flush, or given up.
    if (this.#writing !== writing || this.#isOver) return this.#releaseIfOver()
    if (error) return this.#fail(error)
    if (written < writing.octets.length) {
      const rest = { octets: writing.octets.subarray(written), position: writing.position + written }
      this.#writing = rest
      return this.#start(rest)
    }
    this.#writing = undefined
    if (this.#waitingUnits >= BATCH) this.#write()
  }

  #takeWaiting(): Writing | undefined {
    if (this.#waiting.length === 0) return undefined
    const octets = Buffer.from(this.#waiting.join(''))
    const position = this.#size
    this.#waiting = []
    this.#waitingUnits = 0
    this.#size += octets.length
    return { octets, position }
  }

  #writeNow(writing: Writing | undefined): void {
    if (!writing) return
    const { files, file } = this.#options
    for (let at = 0; at < writing.octets.length;)
      at += files.writeNow(file, writing.octets.subarray(at), writing.position + at)
  }

  #attempt(act: () => void): void {
    try {
      if (!this.#isOver) act()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#waiting = []
    this.#waitingUnits = 0
    clearTimeout(this.#timer)
    // Of what is another's by now nothing may be cut.
    this.#hasFailed = !(error instanceof NotOurs)
    this.#releaseIfOver()
    this.#options.onFailure(error)
  }

  /** Half a line may have been written: a reader would cut it as well. */
  #cutTail(): void {
    const { files, file } = this.#options
    try {
      files.truncate(file, endOfLines(files, file))
    } catch {
      // The disk does not let us: readers know a torn tail.
    }
  }

  #releaseIfOver(): void {
    if (this.#isOver && this.#unanswered === 0) this.#release()
  }

  #release(): void {
    if (this.#isReleased) return
    this.#isReleased = true
    // Not before: a write that is still under way could end behind the cut.
    if (this.#hasFailed) this.#cutTail()
    try {
      this.#options.files.close(this.#options.file)
    } catch {
      // It is closed for us either way.
    }
  }
}

/** Octets up to the end of the last whole line. */
export function endOfLines(files: FileSystem, file: number): number {
  const piece = Buffer.alloc(BATCH)
  let end = files.sizeOf(file)
  while (end > 0) {
    const start = Math.max(0, end - BATCH)
    const read = files.read(file, piece.subarray(0, end - start), start)
    const last = piece.subarray(0, read).lastIndexOf(LF)
    if (last >= 0) return start + last + 1
    end = start
  }
  return 0
}
