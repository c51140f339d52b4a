/** One file of a chain: begun, or found and examined before anything is added to it; knows when something else touched it. */

import { AuditFault, PlaceError } from './audit-fault.ts'
import type { AuditFiles } from './audit-files.ts'
import { ChainChecker, type ChainReport } from './chain-checker.ts'
import { genesis, isTornRecord, type Link } from './chain.ts'

/** Octets read at a time. */
const CHUNK = 256 * 1024

export interface Found {
  readonly file: AuditFile
  /** Undefined for a file that has no record yet. */
  readonly chain: string | undefined
  /** Octets of a torn record that were cut. */
  readonly cut: number
}

export class AuditFile {
  readonly #files: AuditFiles
  readonly #file: number
  readonly identity: string
  /** What is known to be on the disk: octets, and the last record in them. */
  #size: number
  #last: Link
  #isClosed = false

  private constructor(files: AuditFiles, file: number, { size, last }: { size: number; last: Link }) {
    this.#files = files
    this.#file = file
    this.#size = size
    this.#last = last
    this.identity = files.factsOf(file).identity
  }

  /** An empty file, new or found so; `last` is what its first record goes on behind. */
  static begin(files: AuditFiles, path: string, last: Link = genesis): AuditFile {
    const file = files.factsAt(path) ? files.open(path) : files.create(path)
    if (files.factsOf(file).size === 0) return new AuditFile(files, file, { size: 0, last })
    files.close(file)
    throw new PlaceError('EREPLACED')
  }

  /** What lies there, examined whole; throws AuditFault for what is no audit, or one whose chain is broken. */
  static async find(files: AuditFiles, path: string): Promise<Found> {
    const file = files.open(path)
    try {
      const report = await examine(files, file, Infinity)
      requireSound(path, report)
      const cut = report.tail.length
      if (cut > 0) files.truncate(file, report.octets)
      const facts = { size: report.octets, last: report.last ?? genesis }
      return { file: new AuditFile(files, file, facts), chain: report.chain, cut }
    } catch (error) {
      files.close(file)
      throw error
    }
  }

  get last(): Link {
    return this.#last
  }

  get size(): number {
    return this.#size
  }

  /** All of it is on the disk when this resolves; when it rejects, nobody knows how much of it is. */
  async append(octets: Buffer, last: Link): Promise<void> {
    this.#requireSize(this.#size)
    for (let at = 0; at < octets.length;) {
      const taken = await this.#files.append(this.#file, octets.subarray(at))
      if (taken === 0) throw new Error('the disk takes nothing')
      at += taken
    }
    await this.#files.sync(this.#file)
    // Another process that wrote meanwhile has put its lines between ours.
    this.#requireSize(this.#size + octets.length)
    this.#size += octets.length
    this.#last = last
  }

  /**
   * Opens the file again behind a failed write, and makes sure that it holds what was acknowledged, and behind that
   * nothing but the beginning of `failed`, which is cut: a disk that failed to take it may still show it, and not have it.
   */
  async reopen(path: string, failed: Buffer): Promise<{ readonly file: AuditFile; readonly cut: number }> {
    const file = this.#files.open(path)
    try {
      const { size, identity } = this.#files.factsOf(file)
      if (identity !== this.identity) throw new PlaceError('EREPLACED')
      if (size < this.#size) throw new PlaceError('ECUT')
      const report = await examine(this.#files, file, this.#size)
      if (report.fault || report.octets !== this.#size || report.last?.hash !== this.#hashOfLast())
        throw new PlaceError('ECHANGED')
      const cut = size - this.#size
      if (cut > failed.length || !(await this.#begins(file, failed.subarray(0, cut))))
        throw new PlaceError('ESHARED')
      if (cut > 0) this.#files.truncate(file, this.#size)
      this.close()
      return { file: new AuditFile(this.#files, file, { size: this.#size, last: this.#last }), cut }
    } catch (error) {
      this.#files.close(file)
      throw error
    }
  }

  /** What was not acknowledged is cut, where that can be done: another file goes on with the chain. */
  abandon(failed: Buffer): void {
    try {
      const { size } = this.#files.factsOf(this.#file)
      if (size > this.#size && size <= this.#size + failed.length)
        this.#files.truncate(this.#file, this.#size)
    } catch {
      // Its reader will find a torn tail, or records that stand in the next file as well.
    }
    this.close()
  }

  /** Another file goes on with the chain after all: nothing is left of the attempt. */
  empty(): void {
    try {
      this.#files.truncate(this.#file, 0)
    } catch {
      // Whoever opens it finds a beginning without more, and says so.
    }
    this.close()
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    try {
      this.#files.close(this.#file)
    } catch {
      // It is closed for us either way, and what matters is synchronized.
    }
  }

  /** A file without a record yet has no hash of its own. */
  #hashOfLast(): string | undefined {
    return this.#size === 0 ? undefined : this.#last.hash
  }

  #requireSize(size: number): void {
    const facts = this.#files.factsOf(this.#file)
    if (facts.isRemoved) throw new PlaceError('EREMOVED')
    if (facts.size > size) throw new PlaceError('ESHARED')
    if (facts.size < size) throw new PlaceError('ECUT')
  }

  async #begins(file: number, octets: Buffer): Promise<boolean> {
    const there = Buffer.alloc(octets.length)
    for (let at = 0; at < there.length;) {
      const got = await this.#files.read(file, there.subarray(at), this.#size + at)
      if (got === 0) return false
      at += got
    }
    return there.equals(octets)
  }
}

async function examine(files: AuditFiles, file: number, size: number): Promise<ChainReport> {
  const checker = new ChainChecker()
  const piece = Buffer.alloc(CHUNK)
  for (let at = 0; at < size && !checker.isBroken;) {
    const got = await files.read(file, piece.subarray(0, Math.min(CHUNK, size - at)), at)
    if (got === 0) break
    checker.push(piece.subarray(0, got))
    at += got
  }
  return checker.end()
}

function requireSound(path: string, { fault, tail, last }: ChainReport): void {
  if (fault?.what === 'version' || (fault?.what === 'foreign' && fault.line === 1))
    throw new AuditFault(path, fault.text, 'name another file')
  if (fault)
    throw new AuditFault(
      path,
      `the chain is broken at line ${fault.line}: ${fault.text}`,
      'keep this file for whoever is to judge it, under another name; a new one begins a new chain',
    )
  if (tail.length > 0 && !isTornRecord(tail, last))
    throw new AuditFault(
      path,
      'what stands behind its last line is not the beginning of a record',
      'name another file, or move this one away: a new one begins a new chain',
    )
}
