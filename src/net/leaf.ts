/** Names that clients ask for, and the leaf certificate for one of them; it knows neither caches nor sockets. */

import { generateKeyPair, type KeyObject } from 'node:crypto'
import { isIP, isIPv4 } from 'node:net'
import { promisify } from 'node:util'
import { toPem, writeCertificate, type AlternativeName, type Issuer } from './certificate.ts'

export type LeafKeyType = 'ecdsa' | 'rsa'

/** A name that a certificate may carry: lower case, checked, without the final dot. */
export type ServerName = AlternativeName

export interface LeafKey {
  readonly publicKey: KeyObject
  readonly privateKeyPem: string
}

export interface LeafRequest {
  readonly name: ServerName
  readonly publicKey: KeyObject
  readonly issuer: Issuer
  readonly notBefore: Date
  readonly notAfter: Date
}

const nameOctets = 253
/** X.520's upper bound for a common name. */
const commonNameOctets = 64
const label = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/

/**
 * The name in what a client sent or a socket calls its address; undefined when it is neither.
 * SNI is hostile input: only letters, digits and hyphens come through, and no wildcard.
 */
export function readServerName(text: string | undefined): ServerName | undefined {
  if (text === undefined || text.length > nameOctets + 1) return undefined
  const address = readAddress(text)
  if (address !== undefined) return { kind: 'ip', address }
  const name = text.toLowerCase().replace(/\.$/, '')
  if (name.length > nameOctets) return undefined
  return name.split('.').every((part) => label.test(part)) ? { kind: 'dns', name } : undefined
}

/** The text of a name, without the kind. */
export function showServerName(name: ServerName): string {
  return name.kind === 'dns' ? name.name : name.address
}

const generate = promisify(generateKeyPair)
const keys = new Map<LeafKeyType, Promise<LeafKey>>()

/**
 * One key per process and type, in memory only: whoever can read it can read the CA's key as well, so a key
 * for each name would cost time (an RSA key 100 ms) and protect nothing.
 */
export function leafKey(type: LeafKeyType): Promise<LeafKey> {
  const known = keys.get(type)
  if (known !== undefined) return known
  const made = makeKey(type)
  keys.set(type, made)
  return made
}

/** A signed leaf in PEM. */
export function mintLeaf(request: LeafRequest): string {
  const text = showServerName(request.name)
  const der = writeCertificate({
    commonName: text.length <= commonNameOctets ? text : '',
    publicKey: request.publicKey,
    role: 'server',
    names: alternativeNames(request.name),
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    signedBy: request.issuer,
  })
  return toPem(der)
}

/** An address in one spelling: IPv4 out of its IPv6 mapping, IPv6 without zone and compressed. */
function readAddress(text: string): string | undefined {
  const [bare = ''] = text.split('%')
  if (isIP(bare) === 0) return undefined
  if (isIPv4(bare)) return bare
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1]
  // The URL parser is the one canonical writer of IPv6 addresses in Node.
  return mapped ?? new URL(`imap-address://[${bare}]`).hostname.slice(1, -1)
}

/** Many a client calls this machine `localhost` and sends no SNI, so a loopback leaf carries all its names. */
function alternativeNames(name: ServerName): readonly AlternativeName[] {
  if (!isLoopback(name)) return [name]
  const all: AlternativeName[] = [
    name,
    { kind: 'dns', name: 'localhost' },
    { kind: 'ip', address: '127.0.0.1' },
    { kind: 'ip', address: '::1' },
  ]
  const seen = new Set<string>()
  return all.filter((one) => !seen.has(showServerName(one)) && seen.add(showServerName(one)))
}

function isLoopback(name: ServerName): boolean {
  if (name.kind === 'dns') return name.name === 'localhost'
  return name.address === '::1' || name.address.startsWith('127.')
}

async function makeKey(type: LeafKeyType): Promise<LeafKey> {
  const pair =
    type === 'rsa'
      ? await generate('rsa', { modulusLength: 2048 })
      : await generate('ec', { namedCurve: 'P-256' })
  const privateKeyPem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return { publicKey: pair.publicKey, privateKeyPem }
}
