/** Reads FETCH items and writes one message's FETCH response; knows no session beyond the message's number. */

import { readSection } from './mime.ts'
import type { StoredMessage } from './mailbox.ts'
import { writeEnvelope, writeString, writeStructure } from './structure.ts'
import { itemsOf, wordOf, type Token } from './tokens.ts'

export type FetchItem =
  | { readonly kind: 'plain'; readonly name: string }
  | {
      readonly kind: 'section'
      readonly section: string
      /** How the response names it. */
      readonly label: string
      readonly partial: { readonly from: number; readonly count: number } | undefined
      readonly isPeek: boolean
    }

const MACROS: Record<string, readonly string[]> = {
  FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
  ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
  FULL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'],
}
const PLAIN = new Set(['FLAGS', 'UID', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY', 'BODYSTRUCTURE'])
const OLD_SECTIONS: Record<string, readonly [section: string, isPeek: boolean]> = {
  RFC822: ['', false],
  'RFC822.HEADER': ['HEADER', true],
  'RFC822.TEXT': ['TEXT', false],
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Undefined when an item is unknown. */
export function readFetchItems(token: Token | undefined): FetchItem[] | undefined {
  const macro = MACROS[wordOf(token) ?? '']
  if (macro) return macro.map((name) => ({ kind: 'plain', name }))
  const items = itemsOf(token).map(readFetchItem)
  const known = items.filter((item) => item !== undefined)
  return known.length > 0 && known.length === items.length ? known : undefined
}

function readFetchItem(token: Token): FetchItem | undefined {
  const word = wordOf(token)
  if (!word || token.kind !== 'atom') return undefined
  if (PLAIN.has(word)) return { kind: 'plain', name: word }
  const old = OLD_SECTIONS[word]
  if (old) return { kind: 'section', section: old[0], label: word, partial: undefined, isPeek: old[1] }
  const found = /^BODY(\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?$/i.exec(token.text)
  if (!found) return undefined
  const section = found[2] ?? ''
  if (!isSection(section)) return undefined
  const from = found[3]
  const partial = from === undefined ? undefined : { from: Number(from), count: Number(found[4]) }
  const label = `BODY[${section}]${partial ? `<${partial.from}>` : ''}`
  return { kind: 'section', section, label, partial, isPeek: found[1] !== undefined }
}

function isSection(section: string): boolean {
  return /^(?!.*\.$)(?:[1-9]\d*(?:\.|$))*(?:HEADER|TEXT|MIME|HEADER\.FIELDS(?:\.NOT)? \([^()]+\))?$/i.test(
    section,
  )
}

/** True when fetching the item marks the message as seen. */
export function isMarkingSeen(item: FetchItem): boolean {
  return item.kind === 'section' && !item.isPeek
}

export function writeFetch(sequence: number, message: StoredMessage, items: readonly FetchItem[]): string {
  return `* ${sequence} FETCH (${items.map((item) => writeItem(message, item)).join(' ')})\r\n`
}

export function writeFlags(message: StoredMessage): string {
  return `(${[...message.flags].join(' ')})`
}

function writeItem(message: StoredMessage, item: FetchItem): string {
  return item.kind === 'section'
    ? writeSectionItem(message, item)
    : `${item.name} ${writePlain(message, item.name)}`
}

function writePlain(message: StoredMessage, name: string): string {
  switch (name) {
    case 'FLAGS':
      return writeFlags(message)
    case 'UID':
      return String(message.uid)
    case 'INTERNALDATE':
      return `"${writeDate(message.date)}"`
    case 'RFC822.SIZE':
      return String(message.source.length)
    case 'ENVELOPE':
      return writeEnvelope(message.parsed)
    default:
      return writeStructure(message.text, message.parsed, name === 'BODYSTRUCTURE')
  }
}

function writeSectionItem(message: StoredMessage, item: FetchItem & { kind: 'section' }): string {
  const whole = readSection(message.text, message.parsed, item.section)
  if (whole === undefined) return `${item.label} NIL`
  const { from, count } = item.partial ?? { from: 0, count: whole.length }
  const octets = whole.slice(from, from + count)
  // A body is always a literal, as real servers write it; only nothing at all is written as "".
  return `${item.label} ${octets === '' ? writeString('') : `{${octets.length}}\r\n${octets}`}`
}

/** `07-Mar-2025 09:05:00 +0000` */
function writeDate(date: Date): string {
  const day = `${two(date.getUTCDate())}-${MONTHS[date.getUTCMonth()]}-${date.getUTCFullYear()}`
  return `${day} ${[date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')} +0000`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
