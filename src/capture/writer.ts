/** Writes what observers hear to capture files: begins, rotates, compresses and removes them; knows no session's insides. */

import type { ObservedEvent } from '../findings/finding.ts'
import { CaptureFault } from './capture-fault.ts'
import { CapturePlace } from './capture-place.ts'
import { realFiles, type FileSystem } from './file-system.ts'
import { formatVersion, readHeaderFields, writeHeader } from './header.ts'
import { endOfLines, LineFile } from './line-file.ts'
import type { Keeping } from './message-record.ts'
import { RecordEncoder } from './record.ts'

export interface CaptureOptions {
  /** A file, or a folder for a file per start. */
  readonly path: string
  /** Octets after which a file is closed and another begun. */
  readonly maxSize: number
  /** Milliseconds after which it is. */
  readonly maxAge: number
  /** Octets of all files together; the oldest closed ones are removed. */
  readonly quota: number
  /** How closed files are compressed. */
  readonly compress: 'zstd' | 'gzip' | 'none'
  readonly keeping: Keeping
}

export interface CaptureWorld {
  /** Names this run of imaptap. */
  readonly run: string
  /** Name and version of who writes. */
  readonly writer: string
  /** The clock of the events. */
  now(): number
  wallNow(): number
  /** The capture is over, and the traffic goes on. Told once; `session` is the one whose record came last. */
  onFailure(fault: CaptureFault, session: string): void
  readonly files?: FileSystem
}

export class CaptureWriter {
  readonly #options: CaptureOptions
  readonly #world: CaptureWorld
  readonly #files: FileSystem
  readonly #place: CapturePlace
  readonly #encoder: RecordEncoder
  #path: string
  #file: LineFile
  #begunAt: number
  #session = ''
  #isOver = false
  #isClosing = false
  #hasBegun = false
  #isNew = true
  #fault: CaptureFault | undefined
  /** Closing and compressing of earlier files, one after the other. */
  #housekeeping: Promise<void> = Promise.resolve()

  /** Throws CaptureFault when the file cannot be begun: who asked for a capture must not find out later. */
  constructor(options: CaptureOptions, world: CaptureWorld) {
    this.#options = options
    this.#world = world
    this.#files = world.files ?? realFiles
    this.#encoder = new RecordEncoder(options.keeping)
    this.#begunAt = world.now()
    try {
      this.#place = new CapturePlace(options.path, this.#files)
      this.#path = this.#place.nextPath(world.wallNow())
      this.#file = this.#openFile()
    } catch (error) {
      throw error instanceof CaptureFault ? error : explain(options.path, error)
    }
    this.#beginFile()
    this.#file.flush()
    // Of a process that was ended while it compressed; the file itself is there still.
    for (const path of this.#place.listUnfinished()) this.#attemptRemoval(path)
    this.#enforceQuota()
    if (this.#fault) throw this.#fault
    this.#hasBegun = true
  }

  /** The file that is written to. */
  get path(): string {
    return this.#path
  }

  /** For the event bus; findings are found again by whoever reads. */
  readonly listen = (event: ObservedEvent): void => {
    if (this.#isOver || this.#isClosing || event.kind === 'finding') return
    this.#session = event.session
    if (this.#isDue(event.at)) this.#rotate(event.at)
    const line = this.#encoder.encode(event)
    if (line !== undefined) this.#file.add(line)
  }

  /** Writes everything before it returns: for the end of the process. */
  flush(): void {
    if (!this.#isOver) this.#file.flush()
  }

  /** Removes the file, if it is new and holds nothing yet. */
  discard(): void {
    if (!this.#isNew || this.#session !== '') return
    this.#isOver = true
    this.#attemptRemoval(this.#path)
    void this.#file.close()
  }

  async close(): Promise<void> {
    this.#isClosing = true
    // A failure of its last writes is told like any other.
    if (!this.#isOver) await this.#file.close()
    this.#isOver = true
    await this.#housekeeping
  }

  #isDue(at: number): boolean {
    return this.#file.size >= this.#options.maxSize || at - this.#begunAt >= this.#options.maxAge
  }

  /** A new file, or one that is there and whose end may be torn. */
  #openFile(): LineFile {
    const isThere = this.#files.kindOf(this.#path) === 'file'
    this.#isNew = !isThere
    const file = isThere ? this.#files.open(this.#path) : this.#files.create(this.#path)
    const size = isThere ? this.#mend(file) : 0
    return new LineFile({
      files: this.#files,
      file,
      size,
      onFailure: (error) => this.#fail(error),
    })
  }

  /** What is added to must be a capture, and end with a whole line. */
  #mend(file: number): number {
    const size = endOfLines(this.#files, file)
    const first = Buffer.alloc(1024)
    const read = this.#files.read(file, first, 0)
    const [line = ''] = first.toString('utf8', 0, read).split('\n')
    const version = readHeaderFields(line)?.['version']
    // What was cut within its very first line has nothing to keep, unless it never was a capture.
    if (read > 0 && version === undefined && !(size === 0 && line.startsWith('{"imaptap":')))
      throw this.#refuse()
    if (version !== undefined && version !== formatVersion)
      throw new CaptureFault(
        this.#path,
        `it is a capture of version ${JSON.stringify(version)}`,
        'name another file',
      )
    this.#files.truncate(file, size)
    return size
  }

  #refuse(): CaptureFault {
    return new CaptureFault(this.#path, 'there is a file that is no capture of imaptap', 'name another file')
  }

  #beginFile(): void {
    const { run, writer } = this.#world
    const { keeping } = this.#options
    const clock = this.#world.now()
    this.#begunAt = clock
    this.#file.add(writeHeader({ run, writer, created: this.#world.wallNow(), clock, ...keeping }))
  }

  /** `at` is the time of the record that comes next. */
  #rotate(at: number): void {
    const old = this.#file
    old.flush()
    if (this.#isOver) return
    try {
      const wall = this.#world.wallNow()
      const closedPath = this.#place.closedPath(this.#path, wall)
      if (closedPath !== this.#path) this.#files.rename(this.#path, closedPath)
      this.#path = this.#place.nextPath(wall)
      this.#file = this.#openFile()
      this.#housekeeping = this.#housekeeping.then(() => this.#putAway(old, closedPath))
    } catch (error) {
      void old.close()
      this.#fail(error)
      return
    }
    this.#beginFile()
    for (const line of this.#encoder.resume(at)) this.#file.add(line)
    this.#enforceQuota()
  }

  async #putAway(file: LineFile, path: string): Promise<void> {
    await file.close()
    const { compress } = this.#options
    if (compress === 'none') return
    const target = `${path}${compress === 'zstd' ? '.zst' : '.gz'}`
    const unfinished = `${target}.tmp`
    try {
      this.#files.remove(unfinished)
      await this.#files.compress(path, unfinished, compress)
      // Removed for the quota meanwhile: it must not come back.
      if (this.#files.kindOf(path) === 'none') return this.#attemptRemoval(unfinished)
      this.#files.rename(unfinished, target)
      this.#files.remove(path)
    } catch {
      // It stays as it is, and can be read.
      this.#attemptRemoval(unfinished)
    }
  }

  #attemptRemoval(path: string): void {
    try {
      this.#files.remove(path)
    } catch {
      // Nothing depends on it.
    }
  }

  /** Room for the file that is written to is kept free. */
  #enforceQuota(): void {
    const { quota, maxSize } = this.#options
    try {
      const closed = this.#place.listClosed(this.#path)
      let sum = closed.reduce((total, { size }) => total + size, 0)
      for (const { path, size } of closed) {
        if (sum + maxSize <= quota) return
        this.#files.remove(path)
        sum -= size
      }
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#fault = explain(this.#path, error)
    if (this.#hasBegun) this.#world.onFailure(this.#fault, this.#session)
  }
}

const reasons: Readonly<Record<string, readonly [text: string, advice: string]>> = {
  ENOSPC: ['the disk is full', 'make room, or set --capture-quota, and start again'],
  EDQUOT: ['the disk quota of this user is used up', 'make room, or set --capture-quota, and start again'],
  EACCES: ['it may not be written', 'name another path, or change who may write there'],
  EPERM: ['it may not be written', 'name another path, or change who may write there'],
  EROFS: ['the file system is read-only', 'name another path'],
  ENOTOURS: ['it belongs to another user', 'name another file, or remove this one'],
  ESHARED: ['something else writes to the same file', 'give each imaptap a file of its own, and start again'],
  EREMOVED: ['somebody has removed it', 'start again'],
  ENOENT: ['its folder does not exist', 'make the folder, or name another path'],
  ENOTDIR: ['its folder is no folder', 'name another path'],
  EEXIST: ['it appeared while it was being made', 'start again'],
}

function explain(path: string, error: unknown): CaptureFault {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
  const [text, advice] = reasons[code] ?? [
    error instanceof Error ? error.message : String(error),
    'check the disk',
  ]
  return new CaptureFault(path, text, advice)
}
