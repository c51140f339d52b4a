/** LIST with its selection and return options (RFC 9051 section 6.3.9), and LSUB (RFC 3501 section 6.3.9). */

import type { Cursor } from '../cursor.ts'
import { readListOption, writeListOption, type ListOption } from '../list-option.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { LPAREN } from '../octets.ts'
import { readListMailbox } from '../strings.ts'
import { readList } from '../syntax.ts'
import { skipWord } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { CommandForm } from './form.ts'

export interface ListCommand {
  readonly tag: string
  readonly name: 'LIST' | 'LSUB'
  /** Absent when no parentheses stood there, which asks for the plain LIST of RFC 3501. */
  readonly selection?: readonly ListOption[]
  readonly reference: MailboxName
  readonly patterns: readonly string[]
  readonly returns?: readonly ListOption[]
}

export const list: CommandForm<ListCommand> = {
  names: ['LIST', 'LSUB'],
  read(cursor, { tag, name }) {
    const selection = cursor.isAtSpaceThen(LPAREN) ? readOptions(cursor) : undefined
    cursor.readSpace()
    const reference = readMailbox(cursor)
    cursor.readSpace()
    const patterns = cursor.peek() === LPAREN ? readList(cursor, readListMailbox) : [readListMailbox(cursor)]
    const returns = cursor.hasMore() ? readReturns(cursor) : undefined
    return {
      tag,
      name,
      ...(selection && { selection }),
      reference,
      patterns,
      ...(returns && { returns }),
    }
  },
  write(writer, { selection, reference, patterns, returns }) {
    if (selection) writeOptions(writer, selection)
    writer.space()
    writeMailbox(writer, reference)
    writer.space()
    const [only] = patterns
    if (patterns.length === 1 && only !== undefined) writer.listMailbox(only)
    else writer.list(patterns, (to, pattern) => to.listMailbox(pattern))
    if (!returns) return
    writer.word(' RETURN')
    writeOptions(writer, returns)
  },
}

function readOptions(cursor: Cursor): ListOption[] {
  cursor.readSpace()
  return readList(cursor, readListOption)
}

function readReturns(cursor: Cursor): ListOption[] | undefined {
  cursor.readSpace()
  if (cursor.isAtEnd()) return undefined
  if (!skipWord(cursor, 'RETURN')) cursor.fail('unknown-argument', 'expected RETURN')
  return readOptions(cursor)
}

function writeOptions(writer: Writer, options: readonly ListOption[]): void {
  writer.space()
  writer.list(options, writeListOption)
}
