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
import { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'

import { CaptureFault } from './capture-fault.ts'

/** Octets read at a time: more makes nothing faster. */
const CHUNK = 256 * 1024

/** Octets that tell how a file is compressed. */
const MAGIC = 4

/** What a capture may be, told by its first octets and never by its name. */
type Coding = 'plain' | 'gzip' | 'zstd'

export interface CaptureFile {
  readonly path: string
  /** Octets on the disk. */
  readonly size: number
}

/** The files that these paths mean, in their order, each once; a folder means its captures, oldest first. */
export function listCaptures(
  paths: readonly string[],
  { mayStream = false }: { readonly mayStream?: boolean } = {},
): readonly CaptureFile[] {
  const listed = new Set<string>()
  const isStream = (path: string): boolean => mayStream && isStdin(path)
  const files = paths.flatMap((path) =>
    !isStream(path) && statCapture(path).isDirectory() ? listFolder(path) : [path],
  )
  return files.flatMap((path) => {
    if (isStream(path)) return addOnce(listed, stdinName) ? [{ path: stdinName, size: 0 }] : []
    const facts = statCapture(path)
    // A pipe would be waited for, for ever where nobody writes, and cannot be looked at twice.
    if (!facts.isFile())
      throw new CaptureFault(
        path,
        'this is no file',
        'write what comes through a pipe to a file first, or have it read as stdin: imaptap show -',
      )
    const { dev, ino, size } = facts
    // A folder and a file within it, or two names of one: nothing was said twice.
    const identity = `${dev}:${ino}`
    return addOnce(listed, identity) || ino === 0 ? [{ path, size }] : []
  })
}

/** False where it was there already. */
function addOnce(listed: Set<string>, name: string): boolean {
  const isNew = !listed.has(name)
  listed.add(name)
  return isNew
}

/** What comes in by a pipe, as a path. */
export const stdinName = '-'

const isStdin = (path: string): boolean => [stdinName, '/dev/stdin', '/dev/fd/0'].includes(path)

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
  if (named === stdinName) return yield* readStream(process.stdin)
  const path = findFile(named)
  const coding = recognize(path)
  try {
    yield* coding === 'plain'
      ? readPlain(path, onRead)
      : readCoded(createReadStream(path, { highWaterMark: CHUNK / 4 }), coding, onRead)
  } catch (error) {
    throw explainReading(path, coding, error)
  }
}

function explainReading(path: string, coding: Coding, error: unknown): Error {
  if (coding !== 'plain' && isCutShort(error)) return new CutShort()
  return error instanceof CaptureFault ? error : explainOpening(path, error)
}

/** A pipe goes by once: its first octets, which tell what it is, are put back. */
export async function* readStream(input: Readable): AsyncGenerator<Buffer> {
  const pieces = input[Symbol.asyncIterator]()
  let first = Buffer.alloc(0)
  while (first.length < MAGIC) {
    const piece: IteratorResult<unknown, unknown> = await pieces.next()
    if (piece.done === true) break
    first = Buffer.concat([first, piece.value as Buffer]) // A stream without an encoding gives Buffers.
  }
  const rest = resume(first, pieces)
  const coding = codingOf(first)
  try {
    if (coding === 'plain') yield* rest
    else yield* readCoded(Readable.from(rest, { objectMode: false }), coding, () => undefined)
  } catch (error) {
    throw explainReading(stdinName, coding, error)
  }
}

async function* resume(first: Buffer, rest: AsyncIterator<unknown>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first
  for (;;) {
    const piece: IteratorResult<unknown, unknown> = await rest.next()
    if (piece.done === true) return
    yield piece.value as Buffer // As above.
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
  file: Readable & { readonly bytesRead?: number },
  coding: 'gzip' | 'zstd',
  onRead: (octets: number) => void,
): AsyncGenerator<Buffer> {
  const stream = decompress(file, coding)
  try {
    for await (const chunk of stream) {
      onRead(file.bytesRead ?? 0)
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
  const first = Buffer.alloc(MAGIC)
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    readSync(file, first, 0, MAGIC, 0)
  } catch (error) {
    throw explainOpening(path, error)
  } finally {
    if (file !== undefined) closeSync(file)
  }
  return codingOf(first)
}

function codingOf(first: Buffer): Coding {
  if (first.length < MAGIC) return 'plain'
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
