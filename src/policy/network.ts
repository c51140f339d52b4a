/** IPv4 and IPv6 addresses and networks as conditions name them; opens no socket. */

export type ParsedNetwork =
  | { readonly ok: true; readonly has: (address: string) => boolean }
  | { readonly ok: false; readonly text: string }

/** Sixteen octets; IPv4 in the form `::ffff:a.b.c.d`. */
type Octets = readonly number[]

const mapped: Octets = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

/** `10.0.0.0/8`, `2001:db8::/32`, or one address. */
export function parseNetwork(text: string): ParsedNetwork {
  const [host = '', length, ...more] = text.split('/')
  const octets = readAddress(host)
  const isV4 = !host.includes(':')
  if (!octets || more.length > 0)
    return refuse('is no address and no network: write 10.0.0.0/8 or 2001:db8::/32')
  const longest = isV4 ? 32 : 128
  if (length !== undefined && (!/^\d{1,3}$/u.test(length) || Number(length) > longest))
    return refuse(`has a prefix that is not 0 to ${longest}`)
  const bits = (isV4 ? 96 : 0) + Number(length ?? longest)
  const surplus = octets.findIndex((octet, at) => (octet & ~maskAt(at, bits) & 0xff) !== 0)
  if (surplus >= 0) return refuse('has bits behind its prefix: did you mean another length?')
  return { ok: true, has: rememberLast((address) => isWithin(readAddress(address), octets, bits)) }
}

/** A session asks about the same address with every command, and reading one costs more than the rest of its rule. */
function rememberLast(has: (address: string) => boolean): (address: string) => boolean {
  let last: string | undefined
  let answer = false
  return (address) => {
    if (address !== last) answer = has(address)
    last = address
    return answer
  }
}

const refuse = (text: string): ParsedNetwork => ({ ok: false, text })

function isWithin(address: Octets | undefined, network: Octets, bits: number): boolean {
  return address?.every((octet, at) => (octet & maskAt(at, bits)) === network[at]) ?? false
}

/** Of the octet at this place the bits that the prefix has. */
function maskAt(at: number, bits: number): number {
  const own = Math.min(8, Math.max(0, bits - at * 8))
  return (0xff << (8 - own)) & 0xff
}

/** An address as sockets name it: IPv4 as IPv4 also where it came to a listener of IPv6. */
export function plainAddress(address: string): string {
  const [, v4] = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/iu.exec(address) ?? []
  return (v4 ?? address).toLowerCase()
}

/** Undefined for what is no address. A zone, as in `fe80::1%eth0`, is left out. */
export function readAddress(text: string): Octets | undefined {
  if (!text.includes(':')) {
    const octets = readDotted(text)
    return octets && [...mapped, ...octets]
  }
  const [bare = ''] = text.split('%')
  const [before = '', after, ...more] = bare.split('::')
  const head = readGroups(before)
  const tail = after === undefined ? [] : readGroups(after)
  if (more.length > 0 || !head || !tail) return undefined
  const missing = 16 - head.length - tail.length
  if (after === undefined ? missing !== 0 : missing < 2) return undefined
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail]
}

function readGroups(text: string): Octets | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const octets = parts.map((part, at) =>
    at === parts.length - 1 && part.includes('.') ? readDotted(part) : readGroup(part),
  )
  return octets.every((group) => group !== undefined) ? octets.flat() : undefined
}

function readGroup(part: string): Octets | undefined {
  if (!/^[\da-f]{1,4}$/iu.test(part)) return undefined
  const value = Number.parseInt(part, 16)
  return [value >> 8, value & 0xff]
}

function readDotted(text: string): Octets | undefined {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/u.test(text)) return undefined
  const octets = text.split('.').map(Number)
  return octets.every((octet) => octet < 256) ? octets : undefined
}
