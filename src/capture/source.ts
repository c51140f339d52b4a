/** The octets of a capture file, decompressed where it is compressed; knows no line. */

import {
  createReadStream,
  existsSync,
  openSync,
  readSync,
  closeSync,
  readdirSync,
  statSync,
  type Stats,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'

import { CaptureFault } from './capture-fault.ts'

/** Octets read at a time: more makes nothing faster. */
const CHUNK = 256 * 1024

/** What a capture may be, told by its first octets and never by its name. */
type Coding = 'plain' | 'gzip' | 'zstd'

export interface CaptureFile {
  readonly path: string
  /** Octets on the disk. */
  readonly size: number
}

/** The files that these paths mean, in their order, each once; a folder means its captures, oldest first. */
export function listCaptures(paths: readonly string[]): readonly CaptureFile[] {
  const listed = new Set<string>()
  const files = paths.flatMap((path) => (statCapture(path).isDirectory() ? listFolder(path) : [path]))
  return files.flatMap((path) => {
    const { dev, ino, size } = statCapture(path)
    // A folder and a file within it, or two names of one: nothing was said twice.
    const identity = `${dev}:${ino}`
    if (ino !== 0 && listed.has(identity)) return []
    listed.add(identity)
    return [{ path, size }]
  })
}

function listFolder(folder: string): readonly string[] {
  const names = namesIn(folder).filter((name) => captureName.test(name))
  if (names.length === 0)
    throw new CaptureFault(folder, 'no capture lies in this folder', 'name a file, or another folder')
  const known = new Set(names)
  return names
    .filter((name) => {
      const [, plain] = codedName.exec(name) ?? []
      // imaptap was ended when it had compressed a file and not yet removed it.
      return plain === undefined || !known.has(plain)
    })
    .toSorted(compareNames)
    .map((name) => join(folder, name))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch (error) {
    throw explainOpening(folder, error)
  }
}

const codedName = /^(.*)\.(?:gz|zst)$/u

/** Names of captures within a folder; in the order of their names they are in the order of time. */
export const captureName = /\.ndjson(?:\.gz|\.zst)?$/u

/** A closed part has a time in its name, and so stands before the file that is still written. */
function compareNames(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}

function statCapture(path: string): Stats {
  try {
    return statSync(findFile(path))
  } catch (error) {
    throw explainOpening(path, error)
  }
}

/** A running imaptap may have compressed a file since it was listed. */
function findFile(path: string): string {
  if (existsSync(path)) return path
  return codings.map((coding) => path + coding).find((coded) => existsSync(coded)) ?? path
}

const codings = ['.zst', '.gz']

/**
 * The decompressed octets, each piece valid until the next is asked for; `onRead` hears how many octets of the file
 * have been read so far.
 */
export async function* readOctets(named: string, onRead: (octets: number) => void): AsyncGenerator<Buffer> {
  const path = findFile(named)
  const coding = recognize(path)
  try {
    yield* coding === 'plain' ? readPlain(path, onRead) : readCoded(path, coding, onRead)
  } catch (error) {
    if (coding !== 'plain' && isCutShort(error)) throw new CutShort()
    throw error instanceof CaptureFault ? error : explainOpening(path, error)
  }
}

/** Into the same memory again and again: a stream's own buffers would be the larger part of what a reader holds. */
async function* readPlain(path: string, onRead: (octets: number) => void): AsyncGenerator<Buffer> {
  const file = await open(path)
  const piece = Buffer.allocUnsafe(CHUNK)
  try {
    for (let position = 0; ;) {
      const { bytesRead } = await file.read(piece, 0, CHUNK, position)
      if (bytesRead === 0) return
      position += bytesRead
      onRead(position)
      yield piece.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

async function* readCoded(
  path: string,
  coding: 'gzip' | 'zstd',
  onRead: (octets: number) => void,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: CHUNK / 4 })
  const stream = decompress(file, coding)
  try {
    for await (const chunk of stream) {
      onRead(file.bytesRead)
      yield chunk as Buffer // A stream without an encoding gives Buffers.
    }
  } finally {
    file.destroy()
    stream.destroy()
  }
}

/** The compressed stream ends too early: what came before is sound. */
export class CutShort extends Error {}

function recognize(path: string): Coding {
  const first = Buffer.alloc(4)
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    readSync(file, first, 0, 4, 0)
  } catch (error) {
    throw explainOpening(path, error)
  } finally {
    if (file !== undefined) closeSync(file)
  }
  if (first.readUInt32LE() === 0xfd2fb528) return 'zstd'
  return first.readUInt16BE() === 0x1f8b ? 'gzip' : 'plain'
}

function decompress(file: Readable, coding: 'gzip' | 'zstd'): Readable {
  const decoder =
    coding === 'gzip' ? createGunzip({ chunkSize: CHUNK }) : createZstdDecompress({ chunkSize: CHUNK })
  file.on('error', (error) => decoder.destroy(error))
  return file.pipe(decoder)
}

const codeOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

const isCutShort = (error: unknown): boolean =>
  codeOf(error) === 'Z_BUF_ERROR' || /unexpected end|incomplete/iu.test(String(error))

function explainOpening(path: string, error: unknown): CaptureFault {
  const code = codeOf(error)
  if (code === 'ENOENT') return new CaptureFault(path, 'there is no such file', 'check the path')
  if (code === 'EACCES')
    return new CaptureFault(path, 'it may not be read', 'captures are for their owner alone')
  if (typeof code === 'string' && /^(?:Z_|ZSTD_|ERR_ZLIB)/u.test(code))
    return new CaptureFault(path, 'it is damaged: its compression cannot be undone', 'use another copy')
  return new CaptureFault(path, `it cannot be read (${String(code ?? error)})`, 'check the file')
}
