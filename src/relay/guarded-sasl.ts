/** Reads one line of a client's SASL dialogue: base64 in its only form, or the star that cancels; knows no mechanism. */

import { decodeBase64 } from '../imap/base64.ts'
import { latin1 } from '../imap/octets.ts'
import { Secret } from '../imap/secret.ts'
import { isLine } from './strict-line.ts'

export type SaslLine =
  | { readonly kind: 'cancel' }
  /** One UTF-16 unit per octet. */
  | { readonly kind: 'data'; readonly data: Secret<string> }
  | { readonly kind: 'odd' }

export function readSaslLine(line: Uint8Array): SaslLine {
  if (!isLine(line)) return { kind: 'odd' }
  const text = latin1(line, 0, line.length - 2)
  if (text === '*') return { kind: 'cancel' }
  const data = readStrictBase64(text)
  return data === undefined ? { kind: 'odd' } : { kind: 'data', data }
}

/** An initial response as it stands behind AUTHENTICATE: `=` is an empty one (RFC 4959). */
export const readInitialResponse = (text: string): Secret<string> | undefined =>
  text === '=' ? new Secret('') : readStrictBase64(text)

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/u

/** The last digit may have no bits that belong to no octet: readers differ about those. */
function readStrictBase64(text: string): Secret<string> | undefined {
  const octets = base64.test(text) ? decodeBase64(text) : undefined
  return octets === undefined ? undefined : new Secret(octets)
}
