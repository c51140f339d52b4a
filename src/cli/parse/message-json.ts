/** Messages as JSON: one object for each, with secrets as their size; it does not know where they come from. */

import { isUtf8 } from 'node:buffer'
import { isMap } from '../../config/settings.ts'
import { Secret } from '../../imap/secret.ts'
import type { RawMessage } from '../../imap/raw-message.ts'
import { hideUrlTokens } from '../../imap/url-token.ts'
import type { IncompleteTail, WireMessage } from '../../session/wire-message.ts'

/** How much of a message is hidden because of what it may hold, beyond what is known to be a secret. */
export type Hidden = 'nothing' | 'arguments' | 'all'

export interface JsonOptions {
  readonly reveals: boolean
  readonly hidden: Hidden
}

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json | undefined }
type JsonMap = { readonly [key: string]: Json | undefined }

/** The JSON of a message, ready to be stringified: undefined fields are left out then. */
export function messageJson(
  message: WireMessage | IncompleteTail,
  { reveals, hidden }: JsonOptions,
): JsonMap {
  const { offset, octets, from, kind } = message
  if (kind === 'incomplete') return { kind, offset, octets, from }
  const { ok } = message
  const isAll = hidden === 'all'
  return {
    offset,
    octets,
    from,
    kind,
    name: isAll && kind === 'command' ? '?' : message.name,
    tag: isAll ? undefined : message.tag,
    ok,
    faults: message.faults.map(({ rule, at, text }) => ({ rule, at, text })),
    value: isAll ? redacted(message.raw) : valueJson(message, reveals, hidden),
  }
}

function valueJson(message: WireMessage, reveals: boolean, hidden: Hidden): Json {
  const { value, raw } = message
  if (value === undefined) return opaque(raw, reveals)
  const json = toJson(value, reveals)
  if (hidden === 'nothing' || !isMap(json)) return json
  return { ...json, arguments: { redacted: contentSize(raw) } }
}

/** What nobody can say more of than its octets. */
function opaque(raw: RawMessage, reveals: boolean): JsonMap {
  const pieces = raw.parts.flatMap((part) => part.octets ?? [])
  const octets = Buffer.concat(pieces)
  // What is too large is not kept: its size has to do.
  if (octets.length !== raw.octets) return { kind: 'opaque', streamed: raw.octets }
  return { kind: 'opaque', octets: octetsJson(octets, reveals) }
}

const redacted = (raw: RawMessage): JsonMap => ({ kind: 'opaque', redacted: contentSize(raw) })

/** Octets without the line end. */
function contentSize(raw: RawMessage): number {
  const last = raw.parts.at(-1)?.octets
  if (!last) return raw.octets
  let end = last.length
  while (end > 0 && (last[end - 1] === 0x0a || last[end - 1] === 0x0d)) end--
  return raw.octets - last.length + end
}

/**
 * Any value of the language: big integers become decimal strings, octets text or base64, secrets their size. What
 * needs no change is not copied.
 */
export function toJson(value: unknown, reveals: boolean): Json {
  if (typeof value === 'string') return reveals ? value : hideUrlTokens(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
  if (value instanceof Uint8Array) return octetsJson(value, reveals)
  if (value instanceof Secret)
    return reveals ? { secret: toJson(value.reveal(), true) } : { redacted: value.length }
  if (Array.isArray(value)) return listJson(value, reveals)
  if (typeof value === 'object') return mapJson(value, reveals)
  throw new TypeError(`no JSON for a ${typeof value}`)
}

function listJson(list: readonly unknown[], reveals: boolean): readonly Json[] {
  let copy: Json[] | undefined
  for (let at = 0; at < list.length; at++) {
    const json = toJson(list[at], reveals)
    if (copy) copy.push(json)
    // The items before this one are what they were, and so JSON.
    else if (json !== list[at]) copy = [...(list.slice(0, at) as Json[]), json]
  }
  // As above: no item had to be changed.
  return copy ?? (list as readonly Json[])
}

function mapJson(map: object, reveals: boolean): JsonMap {
  // Trees are made of plain objects: the keys of `in` are their own, and asking for them costs a third of `entries`.
  const fields = map as Readonly<Record<string, unknown>>
  let copy: Record<string, Json | undefined> | undefined
  for (const key in fields) {
    const value = fields[key]
    if (value === undefined) continue
    const json = toJson(value, reveals)
    if (json === value) continue
    // What has not been looked at yet is looked at before it is used.
    copy ??= { ...(map as JsonMap) }
    copy[key] = json
  }
  return copy ?? (map as JsonMap)
}

/** Text where a person could read it, else base64. */
function octetsJson(octets: Uint8Array, reveals: boolean): JsonMap {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.length)
  if (!isUtf8(buffer)) return { base64: buffer.toString('base64') }
  const utf8 = buffer.toString('utf8')
  if (unreadable.test(utf8)) return { base64: buffer.toString('base64') }
  return { utf8: reveals ? utf8 : hideUrlTokens(utf8) }
}

/** Controls of both sets but CR, LF and TAB. */
const unreadable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/u
