/** STORE and UID STORE (RFC 9051 section 6.4.6), with the modifiers of RFC 4466 as they come. */

import type { Cursor } from '../cursor.ts'
import { readFlags, readFlag, writeFlags, type Flag } from '../flag.ts'
import { LPAREN, MINUS, PLUS } from '../octets.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import {
  readParameters,
  readSyntax,
  readSyntaxRest,
  writeParameters,
  writeSyntaxRest,
  type Syntax,
} from '../syntax.ts'
import { readName } from '../words.ts'
import type { CommandForm } from './form.ts'

export interface StoreCommand {
  readonly tag: string
  readonly name: 'STORE'
  readonly uid: boolean
  readonly messages: SequenceSet
  /** Such as `(UNCHANGEDSINCE 5)`. */
  readonly modifiers?: readonly Syntax[]
  readonly action: StoreAction
  /** True for `.SILENT`: the client does not want the new flags back. */
  readonly isSilent: boolean
  readonly change: StoreChange
}

export type StoreAction = 'replace' | 'add' | 'remove'

export type StoreChange =
  | { readonly kind: 'flags'; readonly flags: readonly Flag[] }
  /** Such as `X-GM-LABELS` or `ANNOTATION`, upper case and without sign and `.SILENT`. */
  | { readonly kind: 'unknown'; readonly word: string; readonly values: readonly Syntax[] }

const signs = { replace: '', add: '+', remove: '-' } as const
const silent = '.SILENT'

export const store: CommandForm<StoreCommand> = {
  names: ['STORE'],
  uidNames: ['STORE'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const messages = readSequenceSet(cursor)
    const modifiers = readParameters(cursor)
    cursor.readSpace()
    const action = cursor.skip(PLUS) ? 'add' : cursor.skip(MINUS) ? 'remove' : 'replace'
    const item = readName(cursor)
    const isSilent = item.endsWith(silent)
    cursor.readSpace()
    const change = readChange(cursor, isSilent ? item.slice(0, -silent.length) : item)
    return { tag, name, uid, messages, ...(modifiers && { modifiers }), action, isSilent, change }
  },
  write(writer, { messages, modifiers, action, isSilent, change }) {
    writer.word(` ${messages}`)
    writeParameters(writer, modifiers)
    const item = change.kind === 'flags' ? 'FLAGS' : change.word
    writer.word(` ${signs[action]}${item}${isSilent ? silent : ''}`)
    if (change.kind === 'unknown') return writeSyntaxRest(writer, change.values)
    writer.space()
    writeFlags(writer, change.flags)
  },
}

function readChange(cursor: Cursor, word: string): StoreChange {
  if (word !== 'FLAGS') {
    const values = [readSyntax(cursor), ...readSyntaxRest(cursor)]
    return { kind: 'unknown', word, values }
  }
  return { kind: 'flags', flags: cursor.peek() === LPAREN ? readFlags(cursor) : readBareFlags(cursor) }
}

/** `STORE 1 FLAGS \Seen \Deleted`: the parentheses are optional here. */
function readBareFlags(cursor: Cursor): Flag[] {
  const flags = [readFlag(cursor)]
  while (cursor.hasMore()) {
    cursor.readSpace()
    flags.push(readFlag(cursor))
  }
  return flags
}
