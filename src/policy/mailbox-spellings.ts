/** Every mailbox that a name could mean to some server: all encodings, cases, separators and prefixes; knows no pattern. */

import type { MailboxName } from '../imap/mailbox.ts'
import { hasKeptOctet, isAscii } from '../imap/utf8.ts'
import { resolveMailbox, separators, type NameHow } from './mailbox-name.ts'

/** What may separate levels, where the server's separator is another or not known. */
export const SOFT = '\u0001'

export interface Spellings {
  /** Folded, with `/` for the server's separator and `SOFT` for what may be one; no two alike. */
  readonly keys: readonly string[]
  /** As `resolveMailbox` has it: what a pattern would grant it also hides. Undefined where it names no one mailbox. */
  readonly exact: string | undefined
  /** True for the root of a namespace, such as `user/ann`: any mailbox may lie below it. */
  readonly isRoot: boolean
}

/** Nothing for the empty name, which names no mailbox. */
export function spellingsOf(name: MailboxName, how: NameHow): Spellings {
  if (name === '') return { keys: [], exact: undefined, isRoot: false }
  const keys = new Set<string>()
  let isRoot = false
  for (const text of decodings(name)) {
    const key = foldName(text, how.separator)
    keys.add(key)
    if (addWithoutPrefixes(keys, key, how)) isRoot = true
  }
  return { keys: [...keys], exact: exactOf(name, how), isRoot }
}

/** In either encoding: some servers take UTF-8 without having been asked to. */
function exactOf(name: MailboxName, how: NameHow): string | undefined {
  const resolved = resolveMailbox(name, how)
  const other = resolved.ok ? resolved : resolveMailbox(name, { ...how, isUtf8: !how.isUtf8 })
  return other.ok ? other.name : undefined
}

/** Servers differ in which encoding they take a name for, and in what they make of a bad one. */
function decodings(name: MailboxName): ReadonlySet<string> {
  const texts = new Set([name])
  if (hasKeptOctet(name)) texts.add(readAsLatin1(name))
  if (!/[&+]/u.test(name)) return texts
  for (const letters of [plainShift, slashShift]) {
    const once = name.replace(letters, decodeShift)
    texts.add(once)
    texts.add(once.replace(letters, decodeShift))
  }
  return texts
}

/** Octets that are no UTF-8 are kept as U+DC00 and the octet. */
const readAsLatin1 = (name: string): string =>
  name.replace(/[\udc80-\udcff]/gu, (unit) => String.fromCharCode(unit.charCodeAt(0) & 0xff))

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,'
const plainShift = /&([A-Za-z0-9+,]*)-?/gu
/** UTF-7 proper has a slash where the modified one has a comma. */
const slashShift = /[&+]([A-Za-z0-9+,/]*)-?/gu

/** As a decoder does that checks nothing: bits left over are dropped, an end is not asked for. */
function decodeShift(_: string, shifted: string): string {
  if (shifted === '') return '&'
  let bits = 0
  let held = 0
  let text = ''
  for (const letter of shifted) {
    bits = ((bits << 6) | ALPHABET.indexOf(letter === '/' ? ',' : letter)) & 0x3fffff
    held += 6
    if (held < 16) continue
    held -= 16
    text += String.fromCharCode((bits >> held) & 0xffff)
  }
  return text
}

/** What two names have in common that some server may take for one. */
export function foldText(text: string): string {
  if (isAscii(text)) return text.toLowerCase().replace(controls, '')
  // Twice: folding the case of some letters gives letters that are composed again.
  return foldCase(foldCase(text))
}

const controls = /[\0-\x1f\x7f]/gu
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu

/**
 * By way of upper case, where `ß` and `ss`, `ſ` and `s` are one; a sigma that ends a word is one as any. What is not seen
 * goes first, since it keeps letters and their marks apart.
 */
function foldCase(text: string): string {
  const composed = text.normalize('NFKC').replace(unseen, '').normalize('NFKC')
  return composed.toUpperCase().toLowerCase().replaceAll('ς', 'σ').normalize('NFKC')
}

function foldName(text: string, separator: string | null | undefined): string {
  let key = ''
  for (const unit of foldText(text)) key += unit === separator ? '/' : separators.includes(unit) ? SOFT : unit
  return tidySeparators(key)
}

/** Doubled ones, those at the ends and spaces about them say nothing. In one pass, whatever the name is made of. */
export function tidySeparators(key: string): string {
  let tidy = ''
  /** What stands between the last letter and the next, and whether it separates. */
  let spaces = ''
  let separator = ''
  for (const unit of key) {
    if (unit === '/') separator = '/'
    else if (unit === SOFT) separator ||= SOFT
    else if (unit.trim() === '') spaces += unit
    else {
      if (tidy !== '') tidy += separator === '' ? spaces : separator
      tidy += unit
      spaces = ''
      separator = ''
    }
  }
  return tidy
}

/** Namespaces of one level, or of two with a user's name in the second. */
const ofOne = /^(?:inbox|shared(?: (?:folders|mailboxes))?|public(?: folders)?|deleted|~.*|#.*|\{.*\})$/u
const ofTwo = /^(?:users?|other users?|shared(?: (?:folders|mailboxes))?|#.*)$/u
const mostPrefixes = 4

/** Adds what the name is without the prefixes of namespaces; true when nothing is left of it. */
function addWithoutPrefixes(keys: Set<string>, key: string, how: NameHow): boolean {
  let isRoot = false
  let layer = [key]
  for (let depth = 0; depth < mostPrefixes && layer.length > 0; depth++) {
    const shorter = layer.flatMap((one) => withoutPrefix(one, how))
    if (shorter.includes('')) isRoot = true
    layer = shorter.filter((one) => one !== '' && !keys.has(one))
    for (const one of layer) keys.add(one)
  }
  return isRoot
}

function withoutPrefix(key: string, how: NameHow): string[] {
  const found: string[] = []
  const first = levelEnd(key, 0)
  const head = key.slice(0, first)
  if (ofOne.test(head)) found.push(key.slice(first + 1))
  if (ofTwo.test(head)) found.push(...withoutUser(key, first))
  const host = /^\{[^}]*\}(?=.)/u.exec(key)
  if (host) found.push(key.slice(host[0].length))
  if (key.includes('@')) found.push(key.slice(0, key.lastIndexOf('@')))
  if (key.startsWith('[google mail]')) found.push(`[gmail]${key.slice('[google mail]'.length)}`)
  for (const prefix of how.prefixes ?? []) found.push(...withoutGiven(key, foldName(prefix, how.separator)))
  return found
}

/** `user/ann` alone is her INBOX. */
function withoutUser(key: string, first: number): string[] {
  if (first >= key.length) return ['']
  const second = levelEnd(key, first + 1)
  return second >= key.length ? ['', 'inbox'] : [key.slice(second + 1)]
}

function withoutGiven(key: string, prefix: string): string[] {
  if (prefix === '' || !key.startsWith(prefix)) return []
  const next = key.charAt(prefix.length)
  return next === '' ? [''] : next === '/' || next === SOFT ? [key.slice(prefix.length + 1)] : []
}

function levelEnd(key: string, from: number): number {
  let at = from
  while (at < key.length && key[at] !== '/' && key[at] !== SOFT) at++
  return at
}
