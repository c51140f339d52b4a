/** The beginning of a message as it stood on the wire, for checks of octets; knows no words. */

import type { Message } from '../imap/message.ts'
import { latin1 } from '../imap/octets.ts'

/** So many octets of the first line at most, one character each. */
export function firstLine(message: Message, octets: number): string {
  const [line] = message.raw.parts
  return line?.kind === 'line' ? latin1(line.octets, 0, Math.min(line.octets.length, octets)) : ''
}
