/** Who a mailbox name names: strict, one spelling for each mailbox, or no answer; knows no policy and no server but its separator. */

import { decodeMailboxName, encodeMailboxName, isInbox, type MailboxName } from '../imap/mailbox.ts'
import { isAscii } from '../imap/utf8.ts'

/** How names are to be taken in a session. */
export interface NameHow {
  /** True once the server has said that UTF8=ACCEPT or IMAP4rev2 is enabled. */
  readonly isUtf8: boolean
  /** What the server said to `LIST "" ""`: null for names without levels, undefined as long as nobody knows. */
  readonly separator: string | null | undefined
  /** Prefixes of the server's namespaces as they stand on the wire, where they are known: `user.`, `#shared/`. */
  readonly prefixes?: readonly string[]
}

export interface ResolvedName {
  /** The levels joined by `/` whatever the server's separator is; NFC; INBOX in upper case where it stands alone. */
  readonly name: string
  readonly levels: readonly string[]
}

export type Resolution = ({ readonly ok: true } & ResolvedName) | { readonly ok: false; readonly why: string }

/** Longer names are on no server; the longest known limit is that of Cyrus with 490. */
export const longestName = 1024
const mostLevels = 64

/**
 * The one mailbox that this can name, or why nobody can be sure which. `allowsTrailing` takes one separator at the end
 * off, as CREATE has it (RFC 9051 section 6.3.4).
 */
export function resolveMailbox(
  name: MailboxName,
  how: NameHow & { readonly allowsTrailing?: boolean },
): Resolution {
  if (name === '') return refuse('it is empty')
  if (name.length > longestName) return refuse('it is too long')
  if (isInbox(name)) return { ok: true, name: 'INBOX', levels: ['INBOX'] }
  const text = how.isUtf8 ? name : decodeStrictly(name)
  if (text === undefined) return refuse('it is not canonical modified UTF-7')
  const fault = findFault(text, how.isUtf8)
  if (fault !== undefined) return refuse(fault)
  return splitLevels(text, how)
}

const refuse = (why: string): Resolution => ({ ok: false, why })

/** Decoding and encoding again must give the same octets: of all spellings only one is a name. */
function decodeStrictly(name: MailboxName): string | undefined {
  const text = name.includes('&') ? decodeMailboxName(name) : name
  return encodeMailboxName(text) === name ? text : undefined
}

/** Zero-width, bidi and other characters that are not seen, and so make two names look like one. */
const unseen = /[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u
/** What is drawn as one sign may hold joiners and selectors that belong to it. */
const emoji = /\p{RGI_Emoji}/gv
/** What a server that decodes modified UTF-7 all the same would take for something else. */
const shift = /&[A-Za-z0-9+,]*-/u

function findFault(text: string, isUtf8: boolean): string | undefined {
  if (/[\0-\x1f\x7f-\x9f]/u.test(text)) return 'it holds control characters'
  if (/[%*]/u.test(text)) return 'it holds a wildcard'
  if (isUtf8 && shift.test(text)) return 'it could be modified UTF-7'
  if (isAscii(text)) return undefined
  if (unseen.test(text.replace(emoji, '')))
    return 'it holds characters that are not seen, or octets that are no UTF-8'
  return text.normalize('NFC') === text ? undefined : 'it is not in normalization form C'
}

/** Every separator that a server is known to have. */
export const separators = '/.\\:^'

function splitLevels(
  text: string,
  { separator, allowsTrailing = false }: NameHow & { readonly allowsTrailing?: boolean },
): Resolution {
  if (separator === undefined) return resolveUnsplit(text)
  const whole = allowsTrailing && separator !== null && text.endsWith(separator) ? text.slice(0, -1) : text
  const levels = separator === null || separator === '' ? [whole] : whole.split(separator)
  if (levels.length > mostLevels) return refuse('it has too many levels')
  if (levels.some((level) => level === '')) return refuse('it has a level without a name')
  if (levels.some((level) => level.includes('/'))) return refuse('it holds a slash that separates nothing')
  if (levels.some(isDots)) return refuse('it has a level of dots')
  if (levels.some((level) => level !== level.trim())) return refuse('it has a space at an end of a level')
  return nameOf(levels)
}

/** Before the server has told its separator only a name without any is beyond doubt. */
function resolveUnsplit(text: string): Resolution {
  const isWhole = text === text.trim() && text.split('').every((unit) => !separators.includes(unit))
  return isWhole ? nameOf([text]) : refuse('the separator of the server is not known')
}

/** `.` and `..` are folders of a file system. */
const isDots = (level: string): boolean => level === '.' || level === '..'

/** `inbox/` is INBOX again where CREATE may end in a separator. */
function nameOf(levels: readonly string[]): Resolution {
  const [only] = levels
  if (levels.length === 1 && only !== undefined && isInbox(only))
    return { ok: true, name: 'INBOX', levels: ['INBOX'] }
  return { ok: true, name: levels.join('/'), levels }
}
