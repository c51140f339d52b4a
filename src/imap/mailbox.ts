/** Mailbox names: kept octet for octet, decoded from modified UTF-7 or UTF-8 for display only; knows no hierarchy. */

import type { Cursor } from './cursor.ts'
import { readAString } from './strings.ts'
import { isAscii } from './utf8.ts'
import type { Writer } from './writer.ts'

/** As it stood on the wire, in whatever case and encoding: the name's identity. */
export type MailboxName = string

/** Before UTF8=ACCEPT a name must be modified UTF-7; one that is not is kept as it stands, and told of. */
export function readMailbox(cursor: Cursor): MailboxName {
  const isLiteral = cursor.isAtLiteral()
  const mailbox = readAString(cursor)
  if (cursor.reading.isUtf8) return mailbox
  // In atoms and quoted strings their readers have told of 8-bit octets already.
  if (isLiteral && !isAscii(mailbox))
    cursor.quirk('eight-bit-mailbox', 'a mailbox name with 8-bit octets, without UTF8=ACCEPT')
  if (mailbox.includes('&') && !isUtf7(mailbox))
    cursor.quirk('bad-utf7', 'a mailbox name that is not modified UTF-7')
  return mailbox
}

export function writeMailbox(writer: Writer, mailbox: MailboxName): void {
  writer.astring(mailbox)
}

export const isInbox = (mailbox: MailboxName): boolean =>
  mailbox.length === 5 && mailbox.toUpperCase() === 'INBOX'

/** `INBOX` for every spelling of it (RFC 9051 section 5.1); other names are case-sensitive and stay. */
export const canonicalMailbox = (mailbox: MailboxName): MailboxName => (isInbox(mailbox) ? 'INBOX' : mailbox)

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,'

/**
 * For people: `INBOX` in upper case, and modified UTF-7 (RFC 3501 section 5.1.3) decoded; what is malformed stays as
 * it is. `isUtf8` is true once UTF8=ACCEPT or IMAP4rev2 was enabled: the name then is what it says, `&` and all.
 */
export function decodeMailboxName(mailbox: MailboxName, isUtf8 = false): string {
  const name = canonicalMailbox(mailbox)
  return isUtf8 || !name.includes('&') ? name : (decodeUtf7(name) ?? name)
}

/** Only the one spelling that RFC 3501 section 5.1.3 allows: nothing is shifted that can stand for itself. */
function isUtf7(name: string): boolean {
  const text = decodeUtf7(name)
  return text !== undefined && encodeMailboxName(text) === name
}

/** The text of a name in modified UTF-7; undefined when it is none. */
function decodeUtf7(name: string): string | undefined {
  let text = ''
  for (let at = 0; at < name.length;) {
    const shift = name.indexOf('&', at)
    if (shift < 0) return text + name.slice(at)
    const end = name.indexOf('-', shift)
    const decoded = end < 0 ? undefined : decodeShifted(name.slice(shift + 1, end))
    if (decoded === undefined) return undefined
    text += name.slice(at, shift) + decoded
    at = end + 1
  }
  return text
}

/** The modified UTF-7 of a name that a person typed. */
export function encodeMailboxName(text: string): MailboxName {
  let name = ''
  let wide = ''
  for (const unit of text.split('')) {
    const isDirect = unit >= ' ' && unit <= '~'
    if (isDirect && wide !== '') {
      name += `&${encodeShifted(wide)}-`
      wide = ''
    }
    if (isDirect) name += unit === '&' ? '&-' : unit
    else wide += unit
  }
  return wide === '' ? name : `${name}&${encodeShifted(wide)}-`
}

/** UTF-16 out of what stands between `&` and `-`; undefined when it is no such thing. */
function decodeShifted(shifted: string): string | undefined {
  if (shifted === '') return '&'
  let bits = 0
  let held = 0
  let text = ''
  for (const letter of shifted) {
    const value = ALPHABET.indexOf(letter)
    if (value < 0) return undefined
    bits = ((bits << 6) | value) & 0x3fffff
    held += 6
    if (held < 16) continue
    held -= 16
    text += String.fromCharCode((bits >> held) & 0xffff)
  }
  return held < 6 && (bits & ((1 << held) - 1)) === 0 ? text : undefined
}

function encodeShifted(wide: string): string {
  let bits = 0
  let held = 0
  let shifted = ''
  for (const unit of wide.split('')) {
    bits = ((bits & 0x3f) << 16) | unit.charCodeAt(0)
    for (held += 16; held >= 6; held -= 6) shifted += ALPHABET.charAt((bits >> (held - 6)) & 0x3f)
  }
  return held === 0 ? shifted : shifted + ALPHABET.charAt((bits << (6 - held)) & 0x3f)
}
