/** Reads the header with which a load balancer says who the client is (PROXY protocol, versions 1 and 2); knows no sockets. */

import { isIPv4, isIPv6 } from 'node:net'

import type { Address } from '../relay/event.ts'

export type ProxyHeader =
  /** The octets so far may become a header. */
  | { readonly kind: 'incomplete' }
  | {
      readonly kind: 'header'
      /** Octets of the header; what stands behind them is the client's. */
      readonly length: number
      /** Undefined where the balancer speaks for itself (LOCAL, a health check), or for a client without an address. */
      readonly source: Address | undefined
    }
  | { readonly kind: 'fault'; readonly reason: string }

/** `PROXY TCP6 `, two addresses, two ports and CRLF, as the protocol has it. */
const V1_OCTETS = 107
/** The protocol allows 65,535; real headers with all their extras have some hundred. */
const V2_OCTETS = 4 * 1024
/** The fixed part of version 2: signature, command, family, length. */
const V2_FIXED = 16
/** What no header can be longer than. */
export const headerOctets = V2_FIXED + V2_OCTETS

const v1Start = Buffer.from('PROXY ', 'latin1')
const v2Start = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')

/** All octets since the connection began; may be asked again with more. */
export function readProxyHeader(octets: Buffer): ProxyHeader {
  if (startsAlike(octets, v2Start)) return octets.length < V2_FIXED ? incomplete : readV2(octets)
  if (startsAlike(octets, v1Start)) return readV1(octets)
  return fault('it did not begin with a PROXY header')
}

const incomplete: ProxyHeader = { kind: 'incomplete' }
const fault = (reason: string): ProxyHeader => ({ kind: 'fault', reason })

/** As far as both go. */
function startsAlike(octets: Buffer, start: Buffer): boolean {
  const length = Math.min(octets.length, start.length)
  return octets.subarray(0, length).equals(start.subarray(0, length))
}

// Version 1: one line of text.

function readV1(octets: Buffer): ProxyHeader {
  const end = octets.subarray(0, V1_OCTETS).indexOf('\r\n')
  if (end < 0) return octets.length < V1_OCTETS ? incomplete : fault('its PROXY line has no end')
  const line = octets.toString('latin1', 0, end)
  const length = end + 2
  // Whatever else may stand there is to be passed over.
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { kind: 'header', length, source: undefined }
  const [, family = '', host = '', target = '', port = '', targetPort = ''] =
    /^PROXY (TCP[46]) ([\da-fA-F.:]+) ([\da-fA-F.:]+) (\d{1,5}) (\d{1,5})$/.exec(line) ?? []
  const isAddress = family === 'TCP4' ? isIPv4 : isIPv6
  const isSound = isAddress(host) && isAddress(target) && isPort(port) && isPort(targetPort)
  if (!isSound) return fault('its PROXY line cannot be read')
  return { kind: 'header', length, source: { host, port: Number(port) } }
}

const isPort = (text: string): boolean => /^(?:0|[1-9]\d*)$/.test(text) && Number(text) <= 65_535

// Version 2: octets.

const LOCAL = 0x20
const PROXY = 0x21

function readV2(octets: Buffer): ProxyHeader {
  const command = octets.readUInt8(12)
  const family = octets.readUInt8(13)
  const size = octets.readUInt16BE(14)
  if (command !== LOCAL && command !== PROXY)
    return fault('its PROXY header has an unknown version or command')
  if (size > V2_OCTETS) return fault(`its PROXY header has ${size} octets; ${V2_OCTETS} are the most`)
  const length = V2_FIXED + size
  if (octets.length < length) return incomplete
  if (command === LOCAL) return { kind: 'header', length, source: undefined }
  return readV2Addresses(family, octets.subarray(V2_FIXED, length), length)
}

/** What stands behind the addresses (TLVs) is passed over. */
function readV2Addresses(family: number, addresses: Buffer, length: number): ProxyHeader {
  if (family === 0x00) return { kind: 'header', length, source: undefined }
  if (family === 0x11 && addresses.length >= 12)
    return { kind: 'header', length, source: readIPv4(addresses) }
  if (family === 0x21 && addresses.length >= 36)
    return { kind: 'header', length, source: readIPv6(addresses) }
  // Unix sockets have no address that could be of use here.
  if (family === 0x31 && addresses.length >= 216) return { kind: 'header', length, source: undefined }
  return fault('its PROXY header has an address that is not of a TCP connection')
}

const readIPv4 = (addresses: Buffer): Address => ({
  host: [...addresses.subarray(0, 4)].join('.'),
  port: addresses.readUInt16BE(8),
})

const readIPv6 = (addresses: Buffer): Address => ({
  host: writeIPv6(addresses.subarray(0, 16)),
  port: addresses.readUInt16BE(32),
})

/** The canonical form (RFC 5952), as sockets have it. */
function writeIPv6(octets: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => octets.readUInt16BE(2 * at).toString(16))
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}
