/** Reads what was said on a tour, strictly, and tells what could not be read or is not known; knows no server. */

import { isDeepStrictEqual } from 'node:util'

import { Assembler } from '../../../src/imap/assembler.ts'
import { readCommand, writeCommand, type Command } from '../../../src/imap/commands/index.ts'
import { strict, strictUtf8, type Reading } from '../../../src/imap/cursor.ts'
import { Framer } from '../../../src/imap/framer.ts'
import type { RawMessage, Side } from '../../../src/imap/raw-message.ts'
import { readResponse, writeResponse, type Response } from '../../../src/imap/responses/index.ts'
import { Secret } from '../../../src/imap/secret.ts'
import { textOf, type Recorded } from './client.ts'

export interface Finding {
  /**
   * The rule that it breaks; `unknown WORD` for what reads but is not typed; `accepted` for what should not read;
   * `written otherwise` for what is not the same when it was written and read again.
   */
  readonly what: string
  readonly from: Side
  readonly text: string
}

export function findUnread(record: readonly Recorded[]): Finding[] {
  return record.flatMap((said) => {
    const { from } = said.raw
    return [...new Set(judge(said))].map((what) => ({ what, from, text: textOf(said.raw) }))
  })
}

function judge({ kind, raw, isUtf8 }: Recorded): readonly string[] {
  if (kind === 'line') return []
  const reading = isUtf8 ? strictUtf8 : strict
  const parsed = raw.from === 'client' ? readCommand(raw, reading) : readResponse(raw, reading)
  if (kind === 'broken') return parsed.ok ? ['accepted'] : []
  if (!parsed.ok) return [parsed.fault.rule]
  const words = unknownWords(parsed.value)
  if (kind === 'unknown') return words.length > 0 ? [] : ['accepted']
  return isSameAgain(raw, parsed.value, reading) ? words : [...words, 'written otherwise']
}

/** What streamed past cannot be written again. */
function isSameAgain(raw: RawMessage, value: Command | Response, reading: Reading): boolean {
  if (raw.parts.some(({ octets }) => octets === undefined)) return true
  const pieces = 'name' in value ? writeCommand(value) : writeResponse(value)
  const again = assemble(raw.from, Buffer.concat(pieces))
  const parsed = raw.from === 'client' ? readCommand(again, reading) : readResponse(again, reading)
  return parsed.ok && isDeepStrictEqual(revealed(parsed.value), revealed(value))
}

function assemble(from: Side, octets: Uint8Array): RawMessage {
  const framer = new Framer(from)
  const assembler = new Assembler(from)
  framer.push(octets)
  while (framer.next(from === 'client' ? 'command' : 'response')) assembler.add(framer)
  return assembler.take()
}

/** Secrets compare by what they hold. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return { secret: value.reveal() as unknown }
  if (Array.isArray(value)) return value.map(revealed)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, revealed(field)]))
}

/** Every node of the tree that says of itself that nobody knows it. */
function unknownWords(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  const fields = Object.entries(value)
  const isUnknown = fields.some(([name, field]) => field === 'unknown' && isDiscriminator(name))
  const word = 'word' in value && typeof value.word === 'string' ? value.word : '?'
  return [...(isUnknown ? [`unknown ${word}`] : []), ...fields.flatMap(([, field]) => unknownWords(field))]
}

function isDiscriminator(name: string): boolean {
  return ['name', 'kind', 'key', 'text', 'return'].includes(name)
}
