/** Reads a small text file whole, and says plainly why it cannot; it does not know what the text means. */

import { closeSync, openSync, readSync } from 'node:fs'
import type { Read } from './endpoint-url.ts'

/** Octets. Sixteen times what a configuration with a thousand listeners needs; bounds the work of the YAML parser. */
export const textFileOctets = 65_536

export function readTextFile(path: string): Read<string> {
  try {
    return decode(readBounded(path))
  } catch (error) {
    return { ok: false, message: describe(error) }
  }
}

/** One octet more than the limit at most, so that a device or a pipe cannot feed us forever. */
function readBounded(path: string): Uint8Array {
  const file = openSync(path, 'r')
  try {
    const octets = new Uint8Array(textFileOctets + 1)
    let filled = 0
    while (filled < octets.length) {
      const count = readSync(file, octets, filled, octets.length - filled, null)
      if (count === 0) break
      filled += count
    }
    return octets.subarray(0, filled)
  } finally {
    closeSync(file)
  }
}

function decode(octets: Uint8Array): Read<string> {
  if (octets.length > textFileOctets) {
    return { ok: false, message: `is larger than ${textFileOctets / 1024} KiB: is it the right file?` }
  }
  const [first, second] = octets
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return { ok: false, message: 'is UTF-16 text: save it as UTF-8' }
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(octets)
    return text.includes('\0') ? notText : { ok: true, value: text }
  } catch {
    return notText
  }
}

/** The one message that others look for. */
export const noSuchFile = 'no such file'

const notText = { ok: false, message: 'is not UTF-8 text: is it the right file?' } as const

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const messages: Readonly<Record<string, string>> = {
    ENOENT: noSuchFile,
    ENOTDIR: 'no such file: a part of the path is not a folder',
    EISDIR: 'is a folder, not a file',
    EACCES: 'may not be read by this user',
    EPERM: 'may not be read by this user',
    ELOOP: 'is a loop of links',
    ENAMETOOLONG: 'has too long a name',
  }
  return messages[code] ?? `cannot be read (${code === '' ? String(error) : code})`
}
