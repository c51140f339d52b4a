/** Secrets in URLs inside any text: tokens of URLAUTH (RFC 4467), passwords before a host, and Gmail's pages for one user; knows no command. */

import { decodeText, encodeText } from './utf8.ts'

/**
 * All behind `;urlauth=`, the access part as well, up to what ends a URL in IMAP. An escaped quote ends no string, and
 * so no token either.
 */
const token = /(;urlauth=)((?:\\.|[^ "()[\]\\])*)/gisu

/**
 * `imap://joe:secret@host`: RFC 5092 has no password there, and referrals are seen to have one all the same. What is cut
 * off before its `@` is one as well, unless it could be a port.
 */
const password = /(:\/\/[^\s"/:@]{0,255}:)(?!\d{0,5}$)([^\s"/@]{1,255})(?=@|$)/gu

/** `[WEBALERT url]`: behind the host stands what lets anyone act as the user. */
const webAlert = /(\[WEBALERT +(?:https?:\/\/[^\s/\]]{0,255})?)([^\s\]]*)/giu

/** `[URLMECH INTERNAL NAME=data]`: what URLs are signed with. */
const urlMech = /(\[URLMECH )([^\]]*)/giu
const mechanismData = /(=)([^\s\]]+)/gu

/** Nearly no text has one, and this look costs next to nothing. */
const isSuspect = /;urlauth=|:\/\/|\[WEBALERT|\[URLMECH/iu

/** The text with its secrets as their size. Not to be done twice: the mark itself would be taken for a token. */
export function hideUrlTokens(text: string): string {
  if (!isSuspect.test(text)) return text
  return text
    .replace(token, hide)
    .replace(password, hide)
    .replace(webAlert, hide)
    .replace(urlMech, (_, mark: string, rest: string) => mark + rest.replace(mechanismData, hide))
}

/** Octets `from` up to `to` of a text. */
export interface OctetRange {
  readonly from: number
  readonly to: number
}

/** Where the same secrets stand in an octet string, in order and without overlap. */
export function findUrlSecrets(octets: string): readonly OctetRange[] {
  if (!isSuspect.test(octets)) return []
  const text = decodeText(octets)
  const found = [...groupsOf(text, token), ...groupsOf(text, password), ...groupsOf(text, webAlert)]
  for (const { from, to } of groupsOf(text, urlMech))
    for (const inner of groupsOf(text.slice(from, to), mechanismData))
      found.push({ from: from + inner.from, to: from + inner.to })
  return toOctets(text, found)
}

/** Where the second group of each match stands: it ends where the match does. */
function groupsOf(text: string, pattern: RegExp): OctetRange[] {
  return [...text.matchAll(pattern)].flatMap(({ index, 1: mark = '', 2: secret = '' }) => {
    const from = index + mark.length
    return secret === '' ? [] : [{ from, to: from + secret.length }]
  })
}

/** One walk over the text, whatever overlaps. */
function toOctets(text: string, ranges: readonly OctetRange[]): readonly OctetRange[] {
  const spans: { from: number; to: number }[] = []
  let at = 0
  let octet = 0
  const walkTo = (unit: number): number => {
    octet += encodeText(text.slice(at, unit)).length
    at = unit
    return octet
  }
  for (const { from, to } of ranges.toSorted((a, b) => a.from - b.from)) {
    if (to <= at && spans.length > 0) continue
    const start = from < at ? octet : walkTo(from)
    spans.push({ from: start, to: walkTo(to) })
  }
  return spans
}

const hide = (_: string, mark: string, secret: string): string => `${mark}‹redacted ${secret.length}›`
