/** Octets out of a file or stdin, with plain words when there are none; it does not know what they mean. */

import { createReadStream, statSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

/** Octets read at once: large enough that calls cost nothing, small enough to stay in the cache. */
const chunkOctets = 256 * 1024

export interface Input {
  /** How it is called in messages. */
  readonly name: string
  readonly chunks: AsyncIterable<Uint8Array>
}

/** `-` and nothing are stdin. */
export function openInput(file: string | undefined, stdin: Readable): Input {
  if (file === undefined || file === '-') return { name: 'stdin', chunks: explained('stdin', stdin) }
  refuseFolder(file)
  return { name: file, chunks: explained(file, createReadStream(file, { highWaterMark: chunkOctets })) }
}

/** A folder opens like a file, and only reading it fails: said before anything is printed. */
function refuseFolder(file: string): void {
  try {
    if (statSync(file).isDirectory()) throw refuse(file, 'EISDIR')
  } catch (error) {
    throw error instanceof Failure ? error : refuse(file, codeOf(error))
  }
}

async function* explained(name: string, stream: Readable): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) {
      // A stream without an encoding gives octets.
      yield typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array)
    }
  } catch (error) {
    throw codeOf(error) === '' ? error : refuse(name, codeOf(error))
  }
}

function refuse(name: string, code: string): Failure {
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file: a part of the path is not a folder',
    EISDIR: 'is a folder, not a file',
    EACCES: 'may not be read by this user',
    EPERM: 'may not be read by this user',
    ELOOP: 'is a loop of links',
    ENAMETOOLONG: 'has too long a name',
    ENXIO: 'is a socket, not a file',
  }
  return new Failure(`${name}: ${reasons[code] ?? `cannot be read (${code})`}`, exitCodes.runtime)
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** The same octets, `size` at a time; the last piece of each chunk may be shorter. */
export function* split(octets: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.subarray(at, at + size)
}

/** All of it; `limit` octets at most. */
export async function readWhole({ name, chunks }: Input, limit: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let octets = 0
  for await (const chunk of chunks) {
    pieces.push(chunk)
    octets += chunk.length
    if (octets > limit)
      throw new Failure(`${name}: is larger than ${limit / 1024 / 1024} MiB`, exitCodes.runtime)
  }
  return Buffer.concat(pieces)
}
