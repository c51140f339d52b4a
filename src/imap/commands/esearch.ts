/** ESEARCH as a command (RFC 7377): a search in many mailboxes. */

import type { Cursor } from '../cursor.ts'
import { readMailboxFilter, writeMailboxFilter, type MailboxFilter } from '../mailbox-filter.ts'
import { LPAREN } from '../octets.ts'
import { writeReturnOptions, type ReturnOption } from '../return-option.ts'
import { readSyntaxList, writeParameters, type Syntax } from '../syntax.ts'
import { skipWord } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { CommandForm } from './form.ts'
import { readReturns, readSearchProgram, writeSearchProgram, type SearchProgram } from './search.ts'

export interface EsearchCommand extends SearchProgram {
  readonly tag: string
  readonly name: 'ESEARCH'
  /** Absent for the selected mailbox. */
  readonly sources?: EsearchSources
  readonly returns?: readonly ReturnOption[]
}

export interface EsearchSources {
  readonly filters: readonly MailboxFilter[]
  /** Scope options; no RFC defines one yet. */
  readonly scope?: readonly Syntax[]
}

export const esearch: CommandForm<EsearchCommand> = {
  names: ['ESEARCH'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const sources = readSources(cursor)
    const returns = readReturns(cursor)
    const parts = { ...(sources && { sources }), ...(returns && { returns }) }
    return { tag, name, ...parts, ...readSearchProgram(cursor) }
  },
  write(writer, { sources, returns, charset, keys }) {
    if (sources) writeSources(writer, sources)
    if (returns) writeReturnOptions(writer, returns)
    writeSearchProgram(writer, { ...(charset !== undefined && { charset }), keys })
  },
}

/** `IN (mailboxes (a b) personal) ` when it stands here. */
function readSources(cursor: Cursor): EsearchSources | undefined {
  if (!skipWord(cursor, 'IN')) return undefined
  cursor.readSpace()
  const filters: MailboxFilter[] = []
  let scope: readonly Syntax[] | undefined
  cursor.open()
  while (!cursor.close()) {
    if (scope) cursor.fail('trailing-octets', 'more sources behind the scope options')
    if (cursor.peek() === LPAREN) scope = readSyntaxList(cursor)
    else filters.push(readMailboxFilter(cursor))
  }
  if (filters.length === 0) cursor.quirk('empty-list', 'a list that holds nothing')
  cursor.readSpace()
  return { filters, ...(scope && { scope }) }
}

function writeSources(writer: Writer, { filters, scope }: EsearchSources): void {
  writer.word(' IN (')
  writer.spaced(filters, writeMailboxFilter)
  writeParameters(writer, scope)
  writer.word(')')
}
