/** Sees from its first octets that an input is no IMAP, and says what to do about it; it does not read IMAP. */

import { isUtf8 } from 'node:buffer'

/** Octets that are looked at. */
export const headOctets = 64

export interface Recognized {
  /** Goes on after the input's name: `is a packet capture (pcap)`. */
  readonly what: string
  readonly advice: string
  /** Nothing of it can be IMAP; else it is read all the same. */
  readonly isHopeless: boolean
}

const capture =
  'take the octets of one side out of it: in Wireshark Follow TCP Stream, choose one direction, show as Raw, save'
const unpack = 'unpack it first, and hand on what comes out'
const give = 'what is wanted: the octets that one side of an IMAP session sent, as they were'

/** Beginnings in hex, none of which an IMAP session could have: `PK` alone may be a tag. */
const kinds: readonly (readonly [magic: RegExp, what: string, advice: string])[] = [
  [/^d4c3b2a1/u, 'a packet capture (pcap)', capture],
  [/^a1b2c3d4/u, 'a packet capture (pcap)', capture],
  [/^4d3cb2a1/u, 'a packet capture (pcap)', capture],
  [/^a1b23c4d/u, 'a packet capture (pcap)', capture],
  [/^0a0d0d0a.{8}(?:1a2b3c4d|4d3c2b1a)/u, 'a packet capture (pcapng)', capture],
  [/^1f8b/u, 'compressed (gzip)', unpack],
  [/^504b0304/u, 'an archive (zip)', unpack],
  [/^28b52ffd/u, 'compressed (zstd)', unpack],
  [/^fd377a585a00/u, 'compressed (xz)', unpack],
  [/^425a683[1-9]314159/u, 'compressed (bzip2)', unpack],
  [/^7f454c46/u, 'a program (ELF)', give],
  [/^25504446/u, 'a PDF document', give],
  [/^89504e47/u, 'a picture (PNG)', give],
  [/^160301/u, 'TLS, which cannot be read without its keys', 'decrypt it first, or record it behind imaptap'],
  [/^160303/u, 'TLS, which cannot be read without its keys', 'decrypt it first, or record it behind imaptap'],
  [/^fffe/u, 'UTF-16 text', 'save it as it was sent, or as UTF-8'],
  [/^feff/u, 'UTF-16 text', 'save it as it was sent, or as UTF-8'],
]

/** Undefined for what may be IMAP. */
export function recognize(head: Uint8Array): Recognized | undefined {
  const hex = Buffer.from(head).toString('hex')
  const kind = kinds.find(([magic]) => magic.test(hex))
  if (kind) return { what: `is ${kind[1]}`, advice: kind[2], isHopeless: true }
  const text = Buffer.from(head).toString('latin1')
  if (/^\s*[{[]\s*"/u.test(text))
    return { what: 'is JSON', advice: 'imaptap encode makes octets of JSON', isHopeless: true }
  if (/^\s*<(?:!doctype|html|\?xml)/iu.test(text))
    return { what: 'is HTML or XML', advice: give, isHopeless: true }
  if (/^(?:#[^\n]*\r?\n)*\s*[CS][:|] /u.test(text))
    return { what: 'looks like a trace, C: and S: lines', advice: 'read it with --trace', isHopeless: false }
  return isNoise(head)
    ? { what: 'looks like binary data, not IMAP', advice: give, isHopeless: false }
    : undefined
}

/** Controls that no text has, beyond the NULs that some servers pad with. */
function isNoise(head: Uint8Array): boolean {
  const start = head.findIndex((octet) => octet !== 0)
  if (start < 0) return head.length > 0
  const rest = head.subarray(start)
  const controls = rest.filter((octet) => octet < 0x20 && octet !== 0x0d && octet !== 0x0a && octet !== 0x09)
  // The head may end in the middle of a character.
  const isText = isUtf8(rest) || [1, 2, 3].some((cut) => isUtf8(rest.subarray(0, -cut)))
  return controls.length > 2 || (controls.length > 0 && !isText)
}
