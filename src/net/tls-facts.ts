/** What a finished TLS handshake agreed on, as plain text; it does not know who asks or why. */

import type { X509Certificate } from 'node:crypto'
import type { PeerCertificate, TLSSocket } from 'node:tls'
import type { Side } from '../imap/raw-message.ts'
import type { TlsFacts } from '../relay/event.ts'

/** Characters of a peer's text that are shown. */
const shownCharacters = 256
/** A certificate travels in full handshakes only, and Node does not keep it with a resumed session. */
const notSent = 'not sent again (resumed)'

/** What the caller knows better or more cheaply than the socket. */
export interface KnownFacts {
  readonly name?: string
  /** Our own, where one source presents the same for every name. */
  readonly certificate?: string
}

/**
 * For the client leg the name is the SNI, empty when none came; for the server leg it is the name that was
 * verified, which the socket does not know when it differs from the SNI.
 */
export function tlsFacts(socket: TLSSocket, side: Side, known: KnownFacts = {}): TlsFacts {
  const isResumed = socket.isSessionReused()
  const cipher = socket.getCipher()
  return {
    version: socket.getProtocol() ?? 'unknown',
    cipher: cipher.standardName,
    name: cleanText(known.name ?? readSni(socket)),
    certificate: isResumed ? notSent : (known.certificate ?? describe(socket, side)),
    isResumed,
  }
}

/** Text from a peer, fit for a terminal and a log: one line, no controls, no marks that turn the line around. */
export function cleanText(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?')
  return clean.length <= shownCharacters ? clean : `${clean.slice(0, shownCharacters)}...`
}

/** The name that a client asked for; empty without one. */
export function readSni({ servername }: TLSSocket): string {
  return typeof servername === 'string' ? servername : ''
}

function describe(socket: TLSSocket, side: Side): string {
  if (side === 'server') return describePeer(socket)
  const own = socket.getX509Certificate()
  return own === undefined ? 'none' : describeCertificate(own)
}

/** Its subject, or its names where it has none. Costs 50 microseconds. */
export function describeCertificate(certificate: X509Certificate): string {
  const subject: string | undefined = certificate.subject
  return cleanText((subject ?? certificate.subjectAltName ?? '').replaceAll('\n', ', '))
}

/**
 * Not by `getPeerX509Certificate`: on a client's socket it takes the certificate out of the connection's chain,
 * and whoever asks next finds none (Node 24.21).
 */
function describePeer(socket: TLSSocket): string {
  // Node returns an empty object when the peer presented nothing, which its types leave out.
  const certificate: Partial<PeerCertificate> = socket.getPeerCertificate()
  if (certificate.raw === undefined) return 'none'
  const parts = Object.entries(certificate.subject ?? {}).flatMap(([key, value]) =>
    [value].flat().map((one) => `${key}=${one}`),
  )
  return cleanText(parts.join(', ') || (certificate.subjectaltname ?? ''))
}
