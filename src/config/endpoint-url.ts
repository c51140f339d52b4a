/** Reads `protocol://host:port` and says what is wrong without ever repeating a password; it does not know which protocols exist. */

import { isIPv4, isIPv6 } from 'node:net'
import { domainToASCII } from 'node:url'
import { suggest } from './nearest-word.ts'

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string }

export interface Endpoint<Protocol extends string> {
  readonly protocol: Protocol
  /** IPv6 without its brackets. */
  readonly host: string
  readonly port: number
}

export interface EndpointRules<Protocol extends string> {
  /** Protocols with the port that each means when none is written, the safest first. */
  readonly ports: readonly (readonly [Protocol, number])[]
  /** 0 where the system may choose. */
  readonly lowestPort: 0 | 1
  /** A URL of the right kind, shown in messages. */
  readonly example: string
}

export function readEndpoint<Protocol extends string>(
  text: string,
  rules: EndpointRules<Protocol>,
): Read<Endpoint<Protocol>> {
  if (text.includes('@'))
    return wrong(`must not carry a user name or password; write it like ${rules.example}`)
  const [, scheme, rest] = /^([^:/]*):\/\/(.*)$/s.exec(text) ?? []
  if (scheme === undefined || rest === undefined) return wrong(describeMissingProtocol(text, rules))
  const known = rules.ports.find(([protocol]) => protocol === scheme.toLowerCase())
  if (known === undefined) return wrong(describeProtocol(scheme, rules))
  const authority = rest.replace(/\/$/, '')
  if (/[/?#\\]/.test(authority)) return wrong(`must end after the host and port, like ${rules.example}`)
  return readAuthority(authority, known, rules)
}

export function writeEndpoint(endpoint: Endpoint<string>): string {
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host
  return `${endpoint.protocol}://${host}:${endpoint.port}`
}

/** Blanks what stands before an `@` in any URL of a text, greedily: too much hidden beats a password shown. */
export function hideUserinfo(text: string): string {
  return text.replace(/:\/\/\S*@/g, '://***@')
}

/** A word out of place that may be a URL or an address with a password in it, none of which is worth repeating. */
export function hideAddress(word: string): string {
  return word.includes('@') ? '***' : word
}

/** Names and addresses that stay on this machine. */
export function isLoopback(host: string): boolean {
  const folded = host.toLowerCase()
  return folded === 'localhost' || folded === '::1' || (isIPv4(folded) && folded.startsWith('127.'))
}

function readAuthority<Protocol extends string>(
  authority: string,
  [protocol, defaultPort]: readonly [Protocol, number],
  rules: EndpointRules<Protocol>,
): Read<Endpoint<Protocol>> {
  // A zone behind `%` may be of any length; what has one is not repeated.
  if (isIPv6(authority))
    return wrong(
      `needs brackets around an IPv6 address${authority.includes('%') ? '' : `: ${protocol}://[${authority}]`}`,
    )
  const [, hostText, portText] = /^(\[[^\]]*\]|[^:[\]]*)(?::(.*))?$/s.exec(authority) ?? []
  if (hostText === undefined) return wrong(`has no readable host; write it like ${rules.example}`)
  const host = readHost(hostText)
  if (host === undefined)
    return wrong(hostText === '' ? `has no host; write it like ${rules.example}` : badHost)
  const port = portText === undefined ? defaultPort : readPort(portText, rules.lowestPort)
  if (port === undefined) return wrong(`needs a port between ${rules.lowestPort} and 65535`)
  return { ok: true, value: { protocol, host, port } }
}

const badHost = 'has a host that is neither a name nor an address'

function readHost(text: string): string | undefined {
  if (text === '*') return text
  if (text.startsWith('[')) {
    const address = text.slice(1, -1)
    return isIPv6(address) ? address : undefined
  }
  if (isIPv4(text)) return text
  // Names in other scripts become what DNS and certificates carry; an invalid name becomes ''.
  const name = domainToASCII(text)
  return /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/.test(name) &&
    name.length <= 254
    ? name
    : undefined
}

function readPort(text: string, lowest: number): number | undefined {
  if (!/^\d{1,5}$/.test(text)) return undefined
  const port = Number(text)
  return port >= lowest && port <= 65_535 ? port : undefined
}

function describeMissingProtocol(text: string, rules: EndpointRules<string>): string {
  // A longer text is no host that anybody would want to see again.
  const looksLikeHost = /^[a-z0-9._-]{1,34}(:\d{1,5})?$/i.test(text)
  const strongest = rules.ports[0]?.[0] ?? ''
  return `needs a protocol in front, like ${looksLikeHost ? `${strongest}://${text}` : rules.example}`
}

function describeProtocol(scheme: string, rules: EndpointRules<string>): string {
  const protocols = rules.ports.map(([protocol]) => protocol)
  const list = `${protocols.slice(0, -1).join('://, ')}:// or ${protocols.at(-1) ?? ''}://`
  return `must start with ${list}${suggest(scheme, protocols)}`
}

function wrong(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message }
}
