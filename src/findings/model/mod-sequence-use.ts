/** By which words a command speaks of mod-sequences (RFC 7162): of CONDSTORE and of QRESYNC; knows no state. */

import type { Command } from '../../imap/commands/index.ts'
import { someKey } from './search-keys.ts'

/** FETCH MODSEQ, STORE UNCHANGEDSINCE and their kin make a client CONDSTORE-aware (RFC 7162 section 3.1). */
export function asksForModSeq(command: Command | undefined): boolean {
  if (command?.name === 'SELECT' || command?.name === 'EXAMINE')
    return (command.parameters ?? []).some(({ name }) => name === 'CONDSTORE' || name === 'QRESYNC')
  if (command?.name === 'STATUS') return command.items.some((item) => item === 'HIGHESTMODSEQ')
  return modSeqWord(command) !== undefined
}

/** The word by which a command about messages needs mod-sequences, if it does. */
export function modSeqWord(command: Command | undefined): string | undefined {
  if (command?.name === 'STORE') return unchangedSince(command) === undefined ? undefined : 'UNCHANGEDSINCE'
  if (command?.name === 'SEARCH')
    return someKey(command.keys, ({ key }) => key === 'MODSEQ') ? 'MODSEQ' : undefined
  if (command?.name !== 'FETCH') return undefined
  if ((command.modifiers ?? []).some(({ name }) => name === 'CHANGEDSINCE')) return 'CHANGEDSINCE'
  return command.items.some(({ name }) => name === 'MODSEQ') ? 'MODSEQ' : undefined
}

/** Whether VANISHED (EARLIER) answers it. */
export function asksForVanished(command: Command | undefined): boolean {
  if (command?.name === 'SELECT' || command?.name === 'EXAMINE')
    return (command.parameters ?? []).some(({ name }) => name === 'QRESYNC')
  return command?.name === 'FETCH' && (command.modifiers ?? []).some(({ name }) => name === 'VANISHED')
}

export function unchangedSince(command: Command | undefined): bigint | undefined {
  if (command?.name !== 'STORE') return undefined
  for (const modifier of command.modifiers ?? [])
    if (modifier.name === 'UNCHANGEDSINCE') return modifier.modseq
  return undefined
}
