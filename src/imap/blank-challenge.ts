/** Tells a server's OAuth error, which is worth showing, from any other SASL challenge; knows no exchange. */

import { decodeBase64 } from './base64.ts'

/** All that RFC 7628 section 3.2.2 lets an error have, none of it a secret. */
const errorKeys = new Set(['status', 'schemes', 'scope', 'openid-configuration'])

/** Characters of base64 that are looked at: the errors of Google and Microsoft have two hundred. */
const LONGEST = 4096

/** Whether this is base64 of a JSON object with nothing but an OAuth error in it. */
export function isOauthError(base64: string): boolean {
  return readOauthError(base64) !== undefined
}

/** The error's fields, of which `status` is always there; undefined for anything else. */
export function readOauthError(base64: string): Readonly<Record<string, string>> | undefined {
  if (base64.length > LONGEST || !/^[A-Za-z0-9+/]+={0,2}$/u.test(base64)) return undefined
  // One character per octet: JSON's own marks are ASCII.
  const fields = parseFields(decodeBase64(base64) ?? '')
  if (!fields || !fields.some(([key]) => key === 'status')) return undefined
  const isKnown = fields.every(([key, value]) => errorKeys.has(key) && typeof value === 'string')
  return isKnown ? Object.fromEntries(fields.map(([key, value]) => [key, String(value)])) : undefined
}

/** Undefined as well where a field is there twice: the one that JSON forgets may be anything. */
function parseFields(text: string): readonly (readonly [string, unknown])[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    return sizeOf(JSON.stringify(value)) === sizeOf(text) ? Object.entries(value) : undefined
  } catch {
    // Not JSON: some other challenge.
    return undefined
  }
}

/** Without spaces and escapes, which writers of JSON are free in. */
const sizeOf = (json: string): number => json.replaceAll(/[\s\\]/gu, '').length
