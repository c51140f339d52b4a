/** The few words of ASN.1 and DER that certificates need, over node-forge; it does not know what a certificate is. */

import forge from 'node-forge'

export type Asn1 = forge.asn1.Asn1

const { asn1 } = forge
const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class

export function sequence(...value: Asn1[]): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, value)
}

export function tagged(tag: number, value: Asn1): Asn1 {
  return contextual(tag, true, [value])
}

export function implicit(tag: number, value: Buffer): Asn1 {
  return contextual(tag, false, value.toString('binary'))
}

export function integer(value: Buffer): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.INTEGER, false, value.toString('binary'))
}

export function boolean(value: boolean): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.BOOLEAN, false, value ? '\xff' : '\0')
}

export function octetString(value: Buffer): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.OCTETSTRING, false, value.toString('binary'))
}

export function bitString(value: Buffer): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.BITSTRING, false, `\0${value.toString('binary')}`)
}

/** A named bit list ends, in DER, at its last set bit. */
export function namedBits(bits: number): Asn1 {
  const unused = bits === 0 ? 0 : 31 - Math.clz32(bits & -bits)
  return asn1.create(UNIVERSAL, asn1.Type.BITSTRING, false, String.fromCharCode(unused, bits))
}

export function oid(id: string): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.OID, false, oidOctets(id))
}

export function set(...value: Asn1[]): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.SET, true, value)
}

export function nothing(): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.NULL, false, '')
}

export function utf8(text: string): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.UTF8, false, forge.util.encodeUtf8(text))
}

/** RFC 5280 section 4.1.2.5: two-digit years until 2049, four digits after. */
export function time(date: Date): Asn1 {
  const { UTCTIME, GENERALIZEDTIME } = asn1.Type
  return date.getUTCFullYear() < 2050
    ? asn1.create(UNIVERSAL, UTCTIME, false, asn1.dateToUtcTime(date))
    : asn1.create(UNIVERSAL, GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(date))
}

export function toDer(node: Asn1): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'binary')
}

export function fromDer(der: Buffer): Asn1 {
  return asn1.fromDer(forge.util.createBuffer(der.toString('binary')))
}

export function children(node: Asn1 | undefined): Asn1[] {
  return node !== undefined && Array.isArray(node.value) ? node.value : []
}

export function octets(node: Asn1 | undefined): string {
  return node !== undefined && typeof node.value === 'string' ? node.value : ''
}

export function isTagged(node: Asn1, tag: number): boolean {
  const found: number = node.type
  return node.tagClass === CONTEXT_SPECIFIC && found === tag
}

/** The octets of an identifier without tag and length, as `octets` gives them. */
export function oidOctets(id: string): string {
  return asn1.oidToDer(id).getBytes()
}

/** The content of a BIT STRING, without the octet that counts unused bits. */
export function bitStringContent(node: Asn1): Buffer {
  // node-forge may have parsed the content into children, so it is taken from the octets written anew.
  const der = toDer(node)
  const first = der[1] ?? 0
  const lengthOctets = first < 0x80 ? 1 : 1 + (first & 0x7f)
  return der.subarray(1 + lengthOctets + 1)
}

function contextual(tag: number, isConstructed: boolean, value: string | Asn1[]): Asn1 {
  // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- node-forge's types know only universal tags
  return asn1.create(CONTEXT_SPECIFIC, tag, isConstructed, value)
}
