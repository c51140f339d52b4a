/** What a capture needs of the disk, as an interface, so that a test can make it fail; knows no record. */

import {
  closeSync,
  constants,
  createReadStream,
  createWriteStream,
  fchmodSync,
  fstatSync,
  fsync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  write,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGzip, createZstdCompress } from 'node:zlib'

export interface FileFacts {
  readonly path: string
  readonly size: number
}

export interface FileSystem {
  /** `none` where nothing is, `other` for what can be neither. */
  kindOf(path: string): 'file' | 'folder' | 'other' | 'none'
  makeFolder(path: string): void
  list(folder: string): readonly FileFacts[]
  /** A new file for its owner alone; throws when there is one. */
  create(path: string): number
  /** An existing file, for its owner alone from now on; throws when that is somebody else. */
  open(path: string): number
  sizeOf(file: number): number
  /** No name leads to it any more: what is written to it nobody will read. */
  isRemoved(file: number): boolean
  read(file: number, octets: Buffer, position: number): number
  write(
    file: number,
    octets: Buffer,
    position: number,
    done: (error: Error | null, written: number) => void,
  ): void
  writeNow(file: number, octets: Buffer, position: number): number
  truncate(file: number, size: number): void
  /** In the background: a slow disk takes seconds. */
  sync(file: number): Promise<void>
  close(file: number): void
  rename(from: string, to: string): void
  remove(path: string): void
  compress(from: string, to: string, coding: 'zstd' | 'gzip'): Promise<void>
}

/** Read and written by their owner, and by nobody else, whatever the umask says. */
const OWNER_ONLY = 0o600

const notOurs = Object.assign(new Error('the file of another user'), { code: 'ENOTOURS' })

export const realFiles: FileSystem = {
  kindOf(path) {
    const facts = statSync(path, { throwIfNoEntry: false })
    if (!facts) return 'none'
    return facts.isFile() ? 'file' : facts.isDirectory() ? 'folder' : 'other'
  },
  makeFolder: (path) => void mkdirSync(path, { recursive: true, mode: 0o700 }),
  list: (folder) =>
    readdirSync(folder).flatMap((name) => {
      const path = join(folder, name)
      const facts = statSync(path, { throwIfNoEntry: false })
      return facts?.isFile() ? [{ path, size: facts.size }] : []
    }),
  create: (path) => openSync(path, 'wx+', OWNER_ONLY),
  open(path) {
    const file = openSync(path, constants.O_RDWR)
    try {
      // Whoever owns it may read it whatever its mode: in a shared folder it may have been put there for that.
      if (fstatSync(file).uid !== (process.geteuid?.() ?? 0)) throw notOurs
      fchmodSync(file, OWNER_ONLY)
      return file
    } catch (error) {
      closeSync(file)
      throw error
    }
  },
  sizeOf: (file) => fstatSync(file).size,
  isRemoved: (file) => fstatSync(file).nlink === 0,
  read: (file, octets, position) => readSync(file, octets, 0, octets.length, position),
  write: (file, octets, position, done) => write(file, octets, 0, octets.length, position, done),
  writeNow: (file, octets, position) => writeSync(file, octets, 0, octets.length, position),
  truncate: (file, size) => ftruncateSync(file, size),
  sync: promisify(fsync),
  close: (file) => closeSync(file),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => rmSync(path, { force: true }),
  async compress(from, to, coding) {
    const coder = coding === 'zstd' ? createZstdCompress() : createGzip()
    await pipeline(createReadStream(from), coder, createWriteStream(to, { flags: 'wx', mode: OWNER_ONLY }))
  },
}
