/** Writes and signs X.509 certificates (RFC 5280) as DER; it does not know who asks, nor where anything is kept. */

import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIPv4 } from 'node:net'
import {
  bitString,
  bitStringContent,
  boolean,
  children,
  fromDer,
  implicit,
  integer,
  isTagged,
  namedBits,
  nothing,
  octets,
  octetString,
  oid,
  oidOctets,
  sequence,
  set,
  tagged,
  time,
  toDer,
  utf8,
  type Asn1,
} from './der.ts'

export type AlternativeName =
  | { readonly kind: 'dns'; readonly name: string }
  | { readonly kind: 'ip'; readonly address: string }

/** What a certificate authority's certificate contributes to the certificates signed with its key. */
export interface Issuer {
  /** The subject as it stands in the issuer's certificate: strict verifiers compare names octet by octet. */
  readonly name: Buffer
  readonly keyIdentifier: Buffer
  readonly key: KeyObject
}

export interface CertificateRequest {
  /** Empty: the subject is empty and the alternative names become critical (RFC 5280 section 4.1.2.6). */
  readonly commonName: string
  readonly publicKey: KeyObject
  readonly role: 'authority' | 'server'
  /** Empty for an authority. */
  readonly names: readonly AlternativeName[]
  readonly notBefore: Date
  readonly notAfter: Date
  /** `'self'` for a root: signed with this key, under its own name. */
  readonly signedBy: Issuer | { readonly self: KeyObject }
}

const oids = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  rsaWithSha256: '1.2.840.113549.1.1.11',
}

/** The bits of keyUsage's first octet, most significant first. */
const usage = { digitalSignature: 0x80, keyEncipherment: 0x20, keyCertSign: 0x04, cRLSign: 0x02 }

/** The signed certificate in DER. */
export function writeCertificate(request: CertificateRequest): Buffer {
  const key = 'self' in request.signedBy ? request.signedBy.self : request.signedBy.key
  const algorithm = writeSignatureAlgorithm(key)
  const body = writeBody(request, algorithm)
  // node-forge cannot sign with elliptic curves, and node:crypto is the implementation to trust anyway.
  const signature = sign('sha256', toDer(body), { key, dsaEncoding: 'der' })
  return toDer(sequence(body, algorithm, bitString(signature)))
}

/** The name and key identifier to quote when signing with this certificate's key; undefined when it lacks either. */
export function readIssuer(certificate: Buffer): Omit<Issuer, 'key'> | undefined {
  // Not a verification: the certificate is the operator's own and was read by X509Certificate before.
  const body = children(fromDer(certificate))[0]
  const [, , , , , subject, , ...rest] = children(body)
  const list = rest.find((node) => isTagged(node, 3))
  const wanted = oidOctets(oids.subjectKeyIdentifier)
  const found = children(children(list)[0]).find((node) => octets(children(node)[0]) === wanted)
  if (subject === undefined || found === undefined) return undefined
  const wrapped = fromDer(Buffer.from(octets(children(found).at(-1)), 'binary'))
  return { name: toDer(subject), keyIdentifier: Buffer.from(octets(wrapped), 'binary') }
}

/** RFC 7093 method 1: SHA-256 of the public key's bits, cut to 160; SHA-1 is missing where FIPS rules. */
export function keyIdentifier(key: KeyObject): Buffer {
  const bits = children(fromDer(publicKeyDer(key)))[1]
  const content = bits === undefined ? Buffer.alloc(0) : bitStringContent(bits)
  return createHash('sha256').update(content).digest().subarray(0, 20)
}

export function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

function writeBody(request: CertificateRequest, algorithm: Asn1): Asn1 {
  const subject = writeName(request.commonName)
  const issuer = 'self' in request.signedBy ? subject : fromDer(request.signedBy.name)
  const extensions = sequence(...writeExtensions(request))
  return sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(serialNumber()),
    algorithm,
    issuer,
    sequence(time(request.notBefore), time(request.notAfter)),
    subject,
    fromDer(publicKeyDer(request.publicKey)),
    tagged(3, extensions),
  )
}

function writeExtensions(request: CertificateRequest): Asn1[] {
  const isAuthority = request.role === 'authority'
  const own = keyIdentifier(request.publicKey)
  const issuing = 'self' in request.signedBy ? own : request.signedBy.keyIdentifier
  // DER leaves out a BOOLEAN that has its default, so an end entity's constraints are an empty sequence.
  const constraints = isAuthority ? sequence(boolean(true), integer(Buffer.of(0))) : sequence()
  const common = [
    extension(oids.basicConstraints, constraints, 'critical'),
    extension(oids.keyUsage, namedBits(usageBits(request)), 'critical'),
    extension(oids.subjectKeyIdentifier, octetString(own)),
    extension(oids.authorityKeyIdentifier, sequence(implicit(0, issuing))),
  ]
  if (isAuthority) return common
  const isNameless = request.commonName === ''
  return [
    ...common,
    extension(oids.extKeyUsage, sequence(oid(oids.serverAuth))),
    extension(
      oids.subjectAltName,
      sequence(...request.names.map(writeAlternativeName)),
      isNameless ? 'critical' : undefined,
    ),
  ]
}

function usageBits(request: CertificateRequest): number {
  if (request.role === 'authority') return usage.keyCertSign | usage.cRLSign
  const isRsa = request.publicKey.asymmetricKeyType === 'rsa'
  return isRsa ? usage.digitalSignature | usage.keyEncipherment : usage.digitalSignature
}

function writeAlternativeName(name: AlternativeName): Asn1 {
  return name.kind === 'dns'
    ? implicit(2, Buffer.from(name.name, 'latin1'))
    : implicit(7, addressOctets(name.address))
}

/** The 4 or 16 octets of an address in text. */
function addressOctets(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const [left, right] = [groups(head), groups(tail)]
  return Buffer.from([...left, ...Array<number>(16 - left.length - right.length).fill(0), ...right])
}

function groups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (isIPv4(group)) return group.split('.').map(Number)
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
}

function writeSignatureAlgorithm(key: KeyObject): Asn1 {
  if (key.asymmetricKeyType === 'ec') return sequence(oid(oids.ecdsaWithSha256))
  return sequence(oid(oids.rsaWithSha256), nothing())
}

function writeName(commonName: string): Asn1 {
  if (commonName === '') return sequence()
  return sequence(set(sequence(oid(oids.commonName), utf8(commonName))))
}

/** 16 random octets, positive, and with no leading zero that DER would drop. */
function serialNumber(): Buffer {
  const serial = randomBytes(16)
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f)
  return serial
}

function extension(id: string, value: Asn1, critical?: 'critical'): Asn1 {
  const wrapped = octetString(toDer(value))
  return critical === undefined ? sequence(oid(id), wrapped) : sequence(oid(id), boolean(true), wrapped)
}

function publicKeyDer(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return publicKey.export({ type: 'spki', format: 'der' })
}
