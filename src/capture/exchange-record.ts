/** An exchange as its summary or as what differs from what was told of it, and back; knows no event. */

import type { Message } from '../imap/message.ts'
import { printable } from '../imap/printable.ts'
import type { Exchange } from '../session/exchanges.ts'
import { numberOf, optionalNumber, optionalText, textOf, type Fields } from './fields.ts'
import { roundMillis } from './json-text.ts'

type Writable<T> = { -readonly [Field in keyof T]: T[Field] }

/** An exchange as far as the records told it. */
export type ToldExchange = Writable<Exchange>

const kinds = {
  tag: 'wire',
  name: 'wire',
  args: 'text',
  openedAt: 'millis',
  firstOctetAt: 'millis',
  completedAt: 'millis',
  heldMillis: 'millis',
  octetsIn: 'number',
  octetsOut: 'number',
  untagged: 'number',
  status: 'text',
  code: 'text',
  codeArgs: 'text',
  user: 'text',
  text: 'text',
  attribution: 'text',
} satisfies Record<Exclude<keyof Exchange, 'id' | 'message'>, 'wire' | 'text' | 'millis' | 'number'>

type Key = keyof typeof kinds
// `Object.keys` knows the names of a literal's fields as text only.
const keys = Object.keys(kinds) as Key[]

/** Every field that is there. */
export function summarize(exchange: Exchange): Fields {
  const summary: Record<string, unknown> = { id: exchange.id }
  for (const key of keys) {
    const value = valueOf(exchange, key)
    if (value !== undefined) summary[key] = value
  }
  return summary
}

/** What differs, `null` for what is gone; the id alone when nothing does. */
export function diffExchange(exchange: Exchange, told: ToldExchange): Fields | number {
  let changes: Record<string, unknown> | undefined
  for (const key of keys) {
    // Most of it is as it was, and then there is nothing to round and to escape.
    if (exchange[key] === told[key]) continue
    const value = valueOf(exchange, key)
    if (value !== told[key]) (changes ??= { id: exchange.id })[key] = value ?? null
  }
  return changes ?? exchange.id
}

const valueOf = (exchange: Exchange, key: Key): string | number | undefined => {
  const value = exchange[key]
  // Hardly ever anything else.
  if (key === 'heldMillis' && value === 0) return undefined
  if (typeof value === 'number') return kinds[key] === 'millis' ? roundMillis(value) : value
  // A peer may put anything into these two; all others are printable already.
  return kinds[key] === 'wire' && value !== undefined ? printable(value) : value
}

/** An exchange from its summary. */
export function readExchange(fields: Fields, message: Message | undefined): ToldExchange {
  return {
    id: numberOf(fields['id']),
    message,
    tag: textOf(fields['tag']),
    name: textOf(fields['name']),
    args: textOf(fields['args']),
    openedAt: numberOf(fields['openedAt']),
    firstOctetAt: optionalNumber(fields['firstOctetAt']),
    completedAt: optionalNumber(fields['completedAt']),
    heldMillis: optionalNumber(fields['heldMillis']) ?? 0,
    octetsIn: numberOf(fields['octetsIn']),
    octetsOut: numberOf(fields['octetsOut']),
    untagged: numberOf(fields['untagged']),
    status: readStatus(fields['status']),
    code: optionalText(fields['code']),
    codeArgs: optionalText(fields['codeArgs']),
    user: optionalText(fields['user']),
    text: optionalText(fields['text']),
    attribution: fields['attribution'] === 'shared' ? 'shared' : 'certain',
  }
}

/** What was just told of an exchange: values that `diffExchange` has made. */
export function noteTold(told: ToldExchange, changes: Fields): void {
  for (const key of keys) {
    const value = changes[key]
    // Each has the type of its field, for it came from there.
    if (value !== undefined) (told as Record<Key, unknown>)[key] = value ?? undefined
  }
}

/** Changes of a known exchange. */
export function patchExchange(told: ToldExchange, changes: Fields): void {
  const fresh = readExchange(changes, undefined)
  for (const key of keys) {
    // Both are exchanges.
    if (changes[key] !== undefined) (told as Record<Key, unknown>)[key] = fresh[key]
  }
}

function readStatus(value: unknown): Exchange['status'] {
  return value === 'OK' || value === 'NO' || value === 'BAD' || value === 'aborted' ? value : undefined
}
