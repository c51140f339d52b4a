/** Where a capture's files lie and what they are called: one file and its closed parts, or a folder of them. */

import { basename, dirname, join } from 'node:path'

import { CaptureFault } from './capture-fault.ts'
import type { FileFacts, FileSystem } from './file-system.ts'

/** Ends the names of captures, so that they are known as what they are. */
const SUFFIX = '.ndjson'

/** A closed file's time, and what compressing adds. */
const closed = /^-\d{8}T\d{9}Z\.ndjson(?:\.zst|\.gz)?$/u
/** One whose compressing is not finished. */
const unfinished = /^-\d{8}T\d{9}Z\.ndjson\.(?:zst|gz)\.tmp$/u

export class CapturePlace {
  readonly #files: FileSystem
  readonly #folder: string
  /** What all names of this capture begin with. */
  readonly #stem: string
  /** The one file that is written to; undefined in a folder, where each file has its time from the beginning. */
  readonly #fixed: string | undefined
  #last = 0

  constructor(path: string, files: FileSystem) {
    this.#files = files
    const kind = files.kindOf(path)
    if (kind === 'other')
      throw new CaptureFault(path, 'a capture needs a file or a folder', 'name another path')
    const isFolder = kind === 'folder' || /[/\\]$/u.test(path)
    if (isFolder && kind === 'none') files.makeFolder(path)
    this.#folder = isFolder ? path : dirname(path)
    this.#stem = isFolder ? 'imaptap' : basename(path).replace(/\.ndjson$/u, '')
    this.#fixed = isFolder ? undefined : path
  }

  /** The file that is written to next. */
  nextPath(wall: number): string {
    return this.#fixed ?? this.#stamped(wall)
  }

  /** What the file is called once it is closed. */
  closedPath(path: string, wall: number): string {
    return this.#fixed === undefined ? path : this.#stamped(wall)
  }

  /** Never twice the same, and later names behind earlier ones, even when the clock is set back. */
  #stamped(wall: number): string {
    for (let at = Math.max(wall, this.#last + 1); ; at++) {
      const stamp = new Date(at).toISOString().replaceAll(/[-:.]/gu, '')
      const path = join(this.#folder, `${this.#stem}-${stamp}${SUFFIX}`)
      this.#last = at
      const isFree = ['', '.zst', '.gz'].every((coding) => this.#files.kindOf(path + coding) === 'none')
      if (isFree) return path
    }
  }

  /** The closed files of this capture, oldest first; whatever else lies there is not ours. */
  listClosed(current: string): readonly FileFacts[] {
    return this.#files
      .list(this.#folder)
      .filter(({ path }) => path !== current && this.#isOurs(basename(path), closed))
      .toSorted((one, other) => (one.path < other.path ? -1 : 1))
  }

  /** What a process that was ended while it compressed has left. */
  listUnfinished(): readonly string[] {
    const paths = this.#files.list(this.#folder).map(({ path }) => path)
    return paths.filter((path) => this.#isOurs(basename(path), unfinished))
  }

  #isOurs(name: string, end: RegExp): boolean {
    return name.startsWith(this.#stem) && end.test(name.slice(this.#stem.length))
  }
}
