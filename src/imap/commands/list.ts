/** LIST with its options (RFC 9051 section 6.3.9), LSUB (RFC 3501), RLIST and RLSUB (RFC 2193), and XLIST of Gmail. */

import type { Cursor } from '../cursor.ts'
import { readListOption, writeListOption, type ListOption } from '../list-option.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import { LPAREN } from '../octets.ts'
import { readSpacedList } from '../spaced-list.ts'
import { readListMailbox } from '../strings.ts'
import { readList } from '../syntax.ts'
import { skipWord } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { CommandForm } from './form.ts'

export interface ListCommand {
  readonly tag: string
  readonly name: 'LIST' | 'LSUB' | 'RLIST' | 'RLSUB' | 'XLIST'
  /** Absent when no parentheses stood there, which asks for the plain LIST of RFC 3501. */
  readonly selection?: readonly ListOption[]
  readonly reference: MailboxName
  readonly patterns: readonly string[]
  readonly returns?: readonly ListOption[]
}

export const list: CommandForm<ListCommand> = {
  names: ['LIST', 'LSUB', 'RLIST', 'RLSUB', 'XLIST'],
  read(cursor, { tag, name }) {
    const selection = cursor.isAtSpaceThen(LPAREN) ? readSelection(cursor) : undefined
    cursor.readSpace()
    const reference = readMailbox(cursor)
    cursor.readSpace()
    const isOne = cursor.peek() !== LPAREN
    const patterns = isOne ? [readListMailbox(cursor)] : readSpacedList(cursor, readListMailbox)
    const returns = cursor.hasMore() ? readReturns(cursor) : undefined
    if (name !== 'LIST' && (selection || returns || !isOne))
      cursor.quirk('extended-form', 'options that only LIST takes')
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

function readSelection(cursor: Cursor): ListOption[] {
  const options = readOptions(cursor)
  const modifies = options.some(({ name }) => name === 'RECURSIVEMATCH')
  // RFC 9051 section 9, `list-select-opts`: it says how another option matches.
  if (modifies && !options.some(({ name }) => name !== 'RECURSIVEMATCH' && name !== 'REMOTE'))
    cursor.quirk('lone-recursivematch', 'RECURSIVEMATCH without an option that it modifies')
  return options
}

function readOptions(cursor: Cursor): ListOption[] {
  cursor.readSpace()
  return readList(cursor, readListOption)
}

function readReturns(cursor: Cursor): ListOption[] {
  cursor.readSpace()
  if (!skipWord(cursor, 'RETURN')) cursor.fail('unknown-argument', 'expected RETURN')
  return readOptions(cursor)
}

function writeOptions(writer: Writer, options: readonly ListOption[]): void {
  writer.space()
  writer.list(options, writeListOption)
}
