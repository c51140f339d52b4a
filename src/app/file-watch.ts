/** Says when one of some files has changed and rests again, however editors and mounts replace files; reads none of them. */

import { realpathSync, statSync, watch as watchFolder } from 'node:fs'
import { dirname } from 'node:path'

export interface FolderWatcher {
  close(): void
  on(event: 'error', listener: (error: Error) => void): unknown
}

export interface FileWatchOptions {
  onChange(): void
  /** One sentence for a person. */
  onProblem(problem: string): void
  /** Undefined: the system's. */
  readonly watch?: ((folder: string, listener: () => void) => FolderWatcher) | undefined
}

/** Milliseconds without a change after which a file counts as written. */
const REST = 100
/** How often a file may change before it is read all the same. */
const PATIENCE = 50

export class FileWatch {
  readonly #options: FileWatchOptions
  readonly #watchers = new Map<string, FolderWatcher>()
  #files: readonly string[] = []
  /** Before the last `onChange`, so that a change during that is seen. */
  #known = ''
  #timer: NodeJS.Timeout | undefined

  constructor(options: FileWatchOptions) {
    this.#options = options
  }

  /** In place of the files before. */
  follow(files: readonly string[]): void {
    // What changed since they were read is not known: a reading too many does no harm.
    if (files.join('\n') !== this.#files.join('\n')) this.#known = ''
    this.#files = files
    // Folders, since a file that is replaced by another has a new inode; both ends of a link.
    const folders = new Set(files.flatMap((file) => [dirname(file), dirname(resolveLink(file))]))
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue
      watcher.close()
      this.#watchers.delete(folder)
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#open(folder)
  }

  close(): void {
    clearTimeout(this.#timer)
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #open(folder: string): void {
    try {
      const watch = this.#options.watch ?? defaultWatch
      const watcher = watch(folder, () => this.#stir())
      watcher.on('error', (error) => this.#fail(folder, error))
      this.#watchers.set(folder, watcher)
    } catch (error) {
      this.#fail(folder, error)
    }
  }

  #fail(folder: string, error: unknown): void {
    this.#watchers.get(folder)?.close()
    this.#watchers.delete(folder)
    const reason = error instanceof Error ? error.message : String(error)
    this.#options.onProblem(`changes in ${folder} are not seen (${reason}): send SIGHUP after one`)
  }

  #stir(): void {
    if (this.#timer !== undefined) return
    this.#await(signFiles(this.#files), PATIENCE)
  }

  /** Whoever writes in place is let finish: what is read must not be half a file. */
  #await(signature: string, patience: number): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      const now = signFiles(this.#files)
      if (now !== signature && patience > 0) return this.#await(now, patience - 1)
      if (now === this.#known) return
      this.#known = now
      this.#options.onChange()
    }, REST)
    this.#timer.unref()
  }
}

const defaultWatch = (folder: string, listener: () => void): FolderWatcher =>
  watchFolder(folder, { persistent: false }, listener)

/** Changes with each change of any of the files; a file that is not there has a sign as well. */
export function signFiles(files: readonly string[]): string {
  return files.map(signFile).join(' ')
}

function signFile(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true })
    return [ino, size, mtimeNs, ctimeNs].join(':')
  } catch {
    return '-'
  }
}

function resolveLink(file: string): string {
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}
