/** Turns what went wrong with TLS, with compression or with dialling into a sentence for a person and the command that mends it; it does not know sockets. */

import type { Side } from '../imap/raw-message.ts'
import { clientFailures } from './client-failures.ts'
import { serverFailures } from './server-failures.ts'
import { cleanText } from './tls-facts.ts'

export interface TlsFailureContext {
  /** Client leg: the SNI name or the address dialled. Server leg: the name that was to be verified. */
  readonly name: string
  /** Path of the local CA's certificate; undefined when a certificate from a file is presented. */
  readonly caPath: string | undefined
  /** Such as `imaps://imap.example.com:993`. */
  readonly upstreamUrl: string
  /** True once octets of the application passed: an end is then no refusal any more. */
  readonly isEstablished?: boolean
}

export interface TlsFailure {
  readonly reason: string
  readonly advice: string
}

export type TlsError = Error & { readonly code?: string | undefined; readonly reason?: string | undefined }

/** One kind of failure, explained for where it happened. */
export type Explain = (context: TlsFailureContext, error: TlsError) => TlsFailure

/** A peer that closes before the handshake ends leaves no error behind; this one stands for it. */
export function closedInHandshake(): TlsError {
  return Object.assign(new Error('closed before the TLS handshake ended'), { code: 'ECONNRESET' })
}

/** A client that says nothing at all on a TLS port waits for a greeting in the clear. */
export function closedSilently(): TlsError {
  return Object.assign(new Error('closed without a word'), { code: 'CLOSED_SILENTLY' })
}

/** A client that leaves behind a whole handshake without a word leaves no error either. */
export function closedUnused(): TlsError {
  return Object.assign(new Error('closed right after the TLS handshake'), { code: 'CLOSED_UNUSED' })
}

export function explainTlsFailure(side: Side, error: TlsError, context: TlsFailureContext): TlsFailure {
  if (isCorrupt(error)) return explainCorrupt(side, error)
  const code = plainCode(error)
  if (context.isEstablished === true && hangUps.includes(code)) return explainHangUp(side)
  const table = side === 'client' ? clientFailures : serverFailures
  const explain = table.get(code)
  return explain === undefined ? explainUnknown(side, error, code) : explain(context, error)
}

/** The stream that COMPRESS began cannot be inflated. */
export const isCorrupt = (error: TlsError): boolean => error.code === 'CORRUPT_DEFLATE'

function explainCorrupt(side: Side, error: TlsError): TlsFailure {
  return {
    reason: `what the ${side} sends behind COMPRESS is no DEFLATE stream: ${cleanText(error.message)}`,
    advice: 'look whether it happens without compression: --compress never hides it from clients',
  }
}

const hangUps = ['ECONNRESET', 'EPIPE', 'UNEXPECTED_EOF_WHILE_READING']

/** One name for the spellings of OpenSSL's releases, `ERR_SSL_SSLV3_ALERT_X` and `ERR_SSL_SSL/TLS_ALERT_X`. */
function plainCode(error: TlsError): string {
  return (error.code ?? '').replace(/^ERR_SSL_(?:(?:SSLV3|TLSV13|TLSV1|SSL\/TLS)_)?/, '')
}

function explainHangUp(side: Side): TlsFailure {
  return {
    reason: `the ${side} cut the connection`,
    advice: `look for the reason in the log of the ${side}, or for a firewall that ends idle connections`,
  }
}

function explainUnknown(side: Side, error: TlsError, code: string): TlsFailure {
  // OpenSSL's `reason` is the readable part; its message is an address, a file and a line.
  const what = cleanText(error.reason ?? error.message)
  const named = code === '' || what.includes(code) ? what : `${what} (${cleanText(code)})`
  return {
    reason: `the connection to the ${side} failed: ${named}`,
    advice: `look for the other half of the story in the log of the ${side}`,
  }
}
