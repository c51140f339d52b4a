/** ENABLE (RFC 9051 section 6.3.1) and COMPRESS (RFC 4978): words that switch something on. */

import type { Cursor } from '../cursor.ts'
import { readAtom, readName } from '../words.ts'
import type { CommandForm } from './form.ts'

export interface EnableCommand {
  readonly tag: string
  readonly name: 'ENABLE'
  readonly capabilities: readonly string[]
}

export interface CompressCommand {
  readonly tag: string
  readonly name: 'COMPRESS'
  /** Upper case; only `DEFLATE` is registered. */
  readonly algorithm: string
}

export const enable: CommandForm<EnableCommand> = {
  names: ['ENABLE'],
  read: (cursor, { tag, name }) => ({ tag, name, capabilities: readWords(cursor) }),
  write(writer, { capabilities }) {
    for (const capability of capabilities) writer.word(` ${capability}`)
  },
}

export const compress: CommandForm<CompressCommand> = {
  names: ['COMPRESS'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    return { tag, name, algorithm: readName(cursor) }
  },
  write: (writer, { algorithm }) => writer.word(` ${algorithm}`),
}

function readWords(cursor: Cursor): string[] {
  const words: string[] = []
  do {
    cursor.readSpace()
    words.push(readAtom(cursor))
  } while (cursor.hasMore())
  return words
}
