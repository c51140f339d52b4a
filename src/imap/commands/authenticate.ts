/** AUTHENTICATE with its initial response (RFC 9051 section 6.2.2, RFC 4959); knows no mechanism. */

import type { Cursor } from '../cursor.ts'
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
    const mechanism = readMechanism(cursor)
    if (!cursor.hasMore()) return { tag, name, mechanism }
    cursor.readSpace()
    return { tag, name, mechanism, initialResponse: readInitialResponse(cursor) }
  },
  write(writer, { mechanism, initialResponse }) {
    writer.space()
    writer.word(mechanism)
    if (!initialResponse) return
    writer.space()
    writer.word(initialResponse.reveal())
  },
}

/** RFC 4422 section 3.1; case does not matter to IMAP. */
function readMechanism(cursor: Cursor): string {
  const mechanism = readName(cursor)
  if (!/^[A-Z0-9_-]{1,20}$/u.test(mechanism))
    cursor.quirk('odd-mechanism', 'a name that no SASL mechanism can have')
  return mechanism
}

const base64 = /^(?:=|(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/u

function readInitialResponse(cursor: Cursor): Secret<string> {
  const response = readWord(cursor)
  if (!base64.test(response)) cursor.quirk('odd-base64', 'an initial response that is not base64')
  return new Secret(response)
}
