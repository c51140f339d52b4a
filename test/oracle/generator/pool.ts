/** Commands of every registered form, sampled once for a seed, with `%M` wherever a mailbox stands. */

import * as fc from 'fast-check'

import { writeCommand, type Command } from '../../../src/imap/commands/index.ts'
import { commands } from '../../imap/support/values/index.ts'

const perFamily = 30
const MAILBOX = 'MAILBOX-OF-INTEREST'
const nameKeys =
  /^(?:mailbox|mailboxes|source|destination|from|to|reference|pattern|patterns|name|names|newName|oldName|target)$/i

export function samplePool(seed: number): string[] {
  return Object.values(commands).flatMap((arbitrary) =>
    fc.sample(arbitrary, { seed, numRuns: perFamily }).flatMap(templateOf),
  )
}

/** Nothing when the command cannot be written with another mailbox, or would fill the wire. */
function templateOf(command: Command): string[] {
  try {
    // Where a name stands depends on the form; a form that does not take it throws.
    const aimed = aim(command) as Command
    const pieces = writeCommand({ ...aimed, tag: 'x', name: command.name } as Command, 'non-synchronizing')
    const text = Buffer.concat(pieces).toString('latin1')
    if (text.length > 600) return []
    return [text.slice('x '.length, -'\r\n'.length).replaceAll('%', '%%').replaceAll(MAILBOX, '%M')]
  } catch {
    return []
  }
}

function aim(value: unknown, isName = false): unknown {
  if (typeof value === 'string') return isName ? MAILBOX : value
  if (Array.isArray(value)) return value.map((item: unknown) => aim(item, isName))
  if (typeof value !== 'object' || value === null || isOpaque(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [key, aim(item, nameKeys.test(key))]),
  )
}

/** Octets and secrets are what they are. */
const isOpaque = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype !== Object.prototype && prototype !== null
}
