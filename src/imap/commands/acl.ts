/** SETACL, DELETEACL and LISTRIGHTS (RFC 4314 section 3): who may do what with a mailbox. */

import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { checkRights, type Rights } from '../rights.ts'
import { readAString } from '../strings.ts'
import type { CommandForm } from './form.ts'

export interface SetAclCommand {
  readonly tag: string
  readonly name: 'SETACL'
  readonly mailbox: MailboxName
  /** A user, a group, `anyone`; with `-` in front, the rights are taken from that identifier. */
  readonly identifier: string
  readonly action: 'replace' | 'add' | 'remove'
  readonly rights: Rights
}

export interface IdentifierCommand {
  readonly tag: string
  readonly name: 'DELETEACL' | 'LISTRIGHTS'
  readonly mailbox: MailboxName
  readonly identifier: string
}

const signs = { replace: '', add: '+', remove: '-' } as const

export const setAcl: CommandForm<SetAclCommand> = {
  names: ['SETACL'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    cursor.readSpace()
    const identifier = readAString(cursor)
    cursor.readSpace()
    const signed = readAString(cursor)
    const action = signed.startsWith('+') ? 'add' : signed.startsWith('-') ? 'remove' : 'replace'
    const rights = checkRights(cursor, action === 'replace' ? signed : signed.slice(1))
    return { tag, name, mailbox, identifier, action, rights }
  },
  write(writer, { mailbox, identifier, action, rights }) {
    writer.space()
    writeMailbox(writer, mailbox)
    writer.space()
    writer.astring(identifier)
    writer.space()
    writer.astring(signs[action] + rights)
  },
}

export const identifier: CommandForm<IdentifierCommand> = {
  names: ['DELETEACL', 'LISTRIGHTS'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    cursor.readSpace()
    return { tag, name, mailbox, identifier: readAString(cursor) }
  },
  write(writer, command) {
    writer.space()
    writeMailbox(writer, command.mailbox)
    writer.space()
    writer.astring(command.identifier)
  },
}
