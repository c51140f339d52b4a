/** LOGIN (RFC 9051 section 6.2.3): a user name and a password that cannot be printed. */

import { Secret } from '../secret.ts'
import { readAString } from '../strings.ts'
import type { CommandForm } from './form.ts'

export interface LoginCommand {
  readonly tag: string
  readonly name: 'LOGIN'
  readonly user: string
  readonly password: Secret<string>
}

export const login: CommandForm<LoginCommand> = {
  names: ['LOGIN'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const user = readAString(cursor)
    cursor.readSpace()
    return { tag, name, user, password: new Secret(readAString(cursor)) }
  },
  write(writer, { user, password }) {
    writer.space()
    writer.astring(user)
    writer.space()
    writer.astring(password.reveal())
  },
}
