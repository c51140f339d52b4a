/** AUTHENTICATE with its initial response (RFC 9051 section 6.2.2, RFC 4959); knows no mechanism. */

import { Secret } from '../secret.ts'
import { readName, readWord } from '../words.ts'
import type { CommandForm } from './form.ts'

export interface AuthenticateCommand {
  readonly tag: string
  readonly name: 'AUTHENTICATE'
  /** Upper case. */
  readonly mechanism: string
  /** Base64 as it was sent; `=` is an empty one. */
  readonly initialResponse?: Secret<string>
}

export const authenticate: CommandForm<AuthenticateCommand> = {
  names: ['AUTHENTICATE'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mechanism = readName(cursor)
    if (!cursor.hasMore()) return { tag, name, mechanism }
    cursor.readSpace()
    return { tag, name, mechanism, initialResponse: new Secret(readWord(cursor)) }
  },
  write(writer, { mechanism, initialResponse }) {
    writer.space()
    writer.word(mechanism)
    if (!initialResponse) return
    writer.space()
    writer.word(initialResponse.reveal())
  },
}
