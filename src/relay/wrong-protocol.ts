/** Recognises peers that speak another protocol than IMAP, by their first octets. */

import { latin1 } from '../imap/octets.ts'
import type { Guard } from './guard.ts'

export interface WrongProtocol {
  readonly reason: string
  readonly advice: string
}

export const unopened: WrongProtocol = {
  reason: 'upstream closed the connection before its greeting',
  advice: 'check the port of --upstream, and whether the server expects TLS (imaps://)',
}

/** What a server's first line shows, or undefined where it is not one of the known others. */
export function explainGreeting(line: string): WrongProtocol | undefined {
  const protocol = greetingOf(line)
  if (!protocol) return undefined
  return {
    reason: `upstream speaks ${protocol}, not IMAP`,
    advice: 'check the port of --upstream: IMAP is on 143 (cleartext, STARTTLS) and 993 (TLS)',
  }
}

function greetingOf(line: string): string | undefined {
  if (/^(?:220|421|554)[ -]/.test(line)) return 'SMTP'
  if (/^\+OK/i.test(line) || /^-ERR/i.test(line)) return 'POP3'
  if (/^HTTP\//.test(line)) return 'HTTP'
  if (/^SSH-/.test(line)) return 'SSH'
  if (/^[\u0015\u0016]\u0003/.test(line)) return 'TLS from the first octet'
  return undefined
}

/**
 * Undefined where nobody looks. Under TLS that is so without a guard: what browsers can be made to say to this port there
 * (ALPACA) is for a policy to cut, and for a proxy to pass.
 */
export const openingOf = (isSecure: boolean, guard: Guard | undefined): ClientOpening | undefined =>
  isSecure && !guard ? undefined : new ClientOpening()

/** Looks at what a client says first, in whatever splits it comes, until the first line is over. */
export class ClientOpening {
  #seen: string | undefined = ''

  /** What the opening shows of another protocol. */
  take(octets: Uint8Array): WrongProtocol | undefined {
    if (this.#seen === undefined) return undefined
    this.#seen += latin1(octets, 0, Math.min(octets.length, OPENING))
    const wrong = explainClient(this.#seen)
    const isOver = this.#seen.includes('\n') && !proxyHeader.startsWith(this.#seen)
    if (this.#seen.length >= OPENING || isOver) this.#seen = undefined
    return wrong
  }
}

/** Characters of a first line that are looked at. */
const OPENING = 256
/** How version 2 of the PROXY protocol begins: with an empty line. */
const proxyHeader = '\r\n\r\n\0\r\nQUIT\n'

function explainClient(opening: string): WrongProtocol | undefined {
  // A TLS record of type handshake: no IMAP command begins with a control octet.
  if (opening.startsWith('\u0016')) {
    return {
      reason: 'the client speaks TLS to a cleartext port',
      advice: 'set the client to STARTTLS on this port, or to SSL/TLS on the imaps:// port',
    }
  }
  if (opening.startsWith(proxyHeader) || /^PROXY (?:TCP[46]|UNKNOWN)[ \r]/.test(opening)) {
    return {
      reason: 'a PROXY header came from an address that may send none',
      advice: 'if it is a load balancer of yours, name it: --proxy-protocol-from ADDRESS',
    }
  }
  if (!/^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|CONNECT|PATCH|TRACE) \S+ HTTP\/1/.test(opening)) return undefined
  return {
    reason: 'the client speaks HTTP',
    advice: 'this port is for IMAP clients: point a browser or health check somewhere else',
  }
}
