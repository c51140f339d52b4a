/** What an audit needs of the disk, as an interface, so that a test can make it fail; knows no record. */

import {
  closeSync,
  constants,
  fchmodSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  read,
  write,
} from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

import { PlaceError } from './audit-fault.ts'

export interface FileFacts {
  readonly size: number
  /** Names a file whatever its path. */
  readonly identity: string
  /** No name leads to it any more: what is written to it nobody will read. */
  readonly isRemoved: boolean
}

export interface AuditFiles {
  /** A new file for its owner alone, its name on the disk; throws when there is one. */
  create(path: string): number
  /** An existing file, for its owner alone from now on; throws when it is no plain file, or somebody else's. */
  open(path: string): number
  factsOf(file: number): FileFacts
  /** What lies at a path; undefined where nothing does. */
  factsAt(path: string): FileFacts | undefined
  read(file: number, octets: Buffer, position: number): Promise<number>
  /** To the end of the file, wherever that is by now; answers how many octets were taken. */
  append(file: number, octets: Buffer): Promise<number>
  truncate(file: number, size: number): void
  /** The octets are on the disk, as far as the system knows. */
  sync(file: number): Promise<void>
  close(file: number): void
}

/** Read and written by their owner, and by nobody else, whatever the umask says. */
const OWNER_ONLY = 0o600
const { O_RDWR, O_APPEND, O_NOFOLLOW, O_CREAT, O_EXCL, O_NONBLOCK } = constants
/** A pipe in the file's place must not keep us waiting. */
const FLAGS = O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK

const readOctets = promisify(read)
const writeOctets = promisify(write)
const syncData = promisify(fdatasync)

export const realFiles: AuditFiles = {
  create(path) {
    const file = openSync(path, FLAGS | O_CREAT | O_EXCL, OWNER_ONLY)
    try {
      fchmodSync(file, OWNER_ONLY)
      syncFolder(dirname(path))
      return file
    } catch (error) {
      closeSync(file)
      throw error
    }
  },
  open(path) {
    const file = openSync(path, FLAGS)
    try {
      const facts = fstatSync(file)
      if (!facts.isFile()) throw new PlaceError('ENOFILE')
      // Whoever owns it may write to it whatever its mode.
      if (facts.uid !== (process.geteuid?.() ?? 0)) throw new PlaceError('ENOTOURS')
      if ((facts.mode & 0o777) !== OWNER_ONLY) fchmodSync(file, OWNER_ONLY)
      return file
    } catch (error) {
      closeSync(file)
      throw error
    }
  },
  factsOf: (file) => toFacts(fstatSync(file)),
  factsAt(path) {
    const facts = lstatSync(path, { throwIfNoEntry: false })
    return facts && toFacts(facts)
  },
  async read(file, octets, position) {
    const { bytesRead } = await readOctets(file, octets, 0, octets.length, position)
    return bytesRead
  },
  async append(file, octets) {
    const { bytesWritten } = await writeOctets(file, octets, 0, octets.length, null)
    return bytesWritten
  },
  truncate: (file, size) => ftruncateSync(file, size),
  sync: (file) => syncData(file),
  close: (file) => closeSync(file),
}

function toFacts({ dev, ino, size, nlink }: ReturnType<typeof fstatSync>): FileFacts {
  return { size: Number(size), identity: `${dev}:${ino}`, isRemoved: Number(nlink) === 0 }
}

/** A file that survives a power cut without its name is lost all the same. */
function syncFolder(path: string): void {
  const folder = openSync(path, constants.O_RDONLY)
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
