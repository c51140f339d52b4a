/** The octets that upstream answers with, made the same way in every process; knows no sockets. */

import { unreachable } from '../../../src/imap/fault.ts'

export type CorpusName = 'bodies' | 'metadata' | 'metadata-few' | 'message' | 'page'

const KIB = 1024
/** Sizes of bodies as people with attachments have them; 10 MiB in all. */
const BODY_SIZES = [256, 512, 768, 1024].map((kib) => kib * KIB)
const BODIES = 16
const MESSAGES = 10_000
/** What a client fetches when it opens a mailbox, and then idles. */
const FEW_MESSAGES = 300
/** What a client fetches when one scrolls its list. */
const PAGE_MESSAGES = 10
/** One envelope in so many carries its subject as a literal, as servers do with 8-bit subjects. */
const LITERAL_EVERY = 100

/** All untagged responses of one FETCH. */
export function makeCorpus(name: CorpusName): Buffer {
  switch (name) {
    case 'bodies':
      return makeBodies()
    case 'metadata':
      return makeMetadata(MESSAGES)
    case 'metadata-few':
      return makeMetadata(FEW_MESSAGES)
    case 'message':
      return makeMetadata(1)
    case 'page':
      return makeMetadata(PAGE_MESSAGES)
    default:
      return unreachable(name)
  }
}

/** The command that fetches it, without the tag. */
export function fetchCommand(name: CorpusName): string {
  switch (name) {
    case 'bodies':
      return `FETCH 1:${BODIES} (UID BODY.PEEK[])`
    case 'metadata':
      return `FETCH 1:${MESSAGES} (UID FLAGS ENVELOPE BODYSTRUCTURE)`
    case 'metadata-few':
      return `FETCH 1:${FEW_MESSAGES} (UID FLAGS ENVELOPE BODYSTRUCTURE)`
    case 'message':
      return 'UID FETCH 4001 (UID FLAGS ENVELOPE BODYSTRUCTURE)'
    case 'page':
      return `UID FETCH 4001:${4000 + PAGE_MESSAGES} (UID FLAGS ENVELOPE BODYSTRUCTURE)`
    default:
      return unreachable(name)
  }
}

function makeBodies(): Buffer {
  const text = makeBase64Lines(Math.max(...BODY_SIZES))
  const pieces: Buffer[] = []
  for (let message = 1; message <= BODIES; message++) {
    const size = BODY_SIZES[message % BODY_SIZES.length] ?? KIB
    pieces.push(Buffer.from(`* ${message} FETCH (UID ${message} BODY[] {${size}}\r\n`))
    pieces.push(text.subarray(0, size), Buffer.from(')\r\n'))
  }
  return Buffer.concat(pieces)
}

/** Pseudo-random base64 in lines of 76, so that a relay which shifts or repeats octets is caught. */
function makeBase64Lines(octets: number): Buffer {
  const raw = Buffer.alloc(octets)
  let seed = 42
  for (let at = 0; at < octets; at++) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff
    raw[at] = seed >> 16
  }
  const lines = raw.toString('base64').match(/.{1,76}/g) ?? []
  return Buffer.from(lines.join('\r\n'), 'latin1').subarray(0, octets)
}

function makeMetadata(messages: number): Buffer {
  const lines: string[] = []
  for (let message = 1; message <= messages; message++) lines.push(metadataOf(message))
  return Buffer.from(lines.join(''), 'latin1')
}

function metadataOf(message: number): string {
  const flags = message % 3 === 0 ? '\\Seen' : message % 7 === 0 ? '\\Seen \\Answered $Forwarded' : ''
  const parts = `FLAGS (${flags}) ENVELOPE (${envelopeOf(message)}) BODYSTRUCTURE (${structureOf(message)})`
  return `* ${message} FETCH (UID ${message + 4000} ${parts})\r\n`
}

function envelopeOf(message: number): string {
  const words = `Quarterly figures and the minutes of meeting ${message}`
  const subject = message % LITERAL_EVERY === 0 ? `{${words.length}}\r\n${words}` : `"Re: ${words}"`
  const from = `(("Ada Example ${message % 50}" NIL "ada.${message % 50}" "mail.example.org"))`
  const to = '(("Team" NIL "team" "example.org")("Grace Sample" NIL "grace" "lists.example.net"))'
  const id = `"<20261103.${message}.4711@mail.example.org>"`
  const reply = `"<20261102.${message - 1}.4710@mail.example.org>"`
  return `"Tue, 03 Nov 2026 09:${String(message % 60).padStart(2, '0')}:27 +0100" ${subject} ${from} ${from} ${from} ${to} NIL NIL ${reply} ${id}`
}

function structureOf(message: number): string {
  const boundary = `"boundary" "----=_Part_${message}_1720000000"`
  const parts = textPart('plain', 900 + message) + textPart('html', 4200 + message)
  return `${parts} "alternative" (${boundary}) NIL NIL NIL`
}

function textPart(kind: string, octets: number): string {
  return `("text" "${kind}" ("charset" "utf-8") NIL NIL "quoted-printable" ${octets} ${octets % 90} NIL NIL NIL NIL)`
}
