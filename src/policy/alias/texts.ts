/** Changes every text within a tree of plain data, and keeps what has none; knows no message. */

import { latin1, octetsOf } from '../../imap/octets.ts'
import { Secret } from '../../imap/secret.ts'
import { decodeText, encodeText } from '../../imap/utf8.ts'

/** Octets of a literal that is looked into; what is longer is message data, in which no server tells of names. */
const longestLiteral = 4096

/** The same object where nothing changes, and the same shape where something does. */
export function mapTexts<T>(tree: T, change: (text: string) => string): T {
  // Each value is changed into one of its own kind, which a generic type cannot express.
  return mapValue(tree, change) as T
}

function mapValue(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return mapArray(value, change)
  if (value instanceof Uint8Array) return mapOctets(value, change)
  if (value instanceof Secret) return mapSecret(value, change)
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [
    key,
    mapValue(inner, change),
  ])
  const source: Readonly<Record<string, unknown>> = { ...value }
  return entries.some(([key, inner]) => inner !== source[key]) ? Object.fromEntries(entries) : value
}

function mapArray(values: readonly unknown[], change: (text: string) => string): readonly unknown[] {
  const changed = values.map((value) => mapValue(value, change))
  return changed.some((value, at) => value !== values[at]) ? changed : values
}

function mapOctets(octets: Uint8Array, change: (text: string) => string): Uint8Array {
  if (octets.length > longestLiteral) return octets
  const text = decodeText(latin1(octets))
  const changed = change(text)
  return changed === text ? octets : octetsOf(encodeText(changed))
}

function mapSecret(
  secret: Secret<{ readonly length: number }>,
  change: (text: string) => string,
): Secret<{ readonly length: number }> {
  const value = secret.reveal()
  if (typeof value !== 'string') return secret
  const changed = change(value)
  return changed === value ? secret : new Secret(changed)
}
