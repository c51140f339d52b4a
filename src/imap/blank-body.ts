/** Which octets of a message are message text: literals and, rarely, quoted strings; knows nothing of credentials. */

import type { Span } from './blank.ts'
import { isKnownCommandWord } from './commands/index.ts'
import { endOfText, startOfAnnouncement } from './line-end.ts'
import type { Message } from './message.ts'
import { BACKSLASH, DQUOTE, latin1, SP } from './octets.ts'
import type { RawMessage } from './raw-message.ts'
import { beforeBody, closingQuote, endOfTokenWord, isFetchResponse, readHead } from './redact.ts'
import { untaggedNames } from './responses/index.ts'

/** The text of mails, or of what becomes one, in the order of the parts. */
export function findBodies(message: Message): readonly Span[] {
  return findTexts(message).filter(({ from, to }) => to > from)
}

function findTexts({ raw, kind }: Message): readonly Span[] {
  if (kind === 'command') return findUploads(raw)
  if (kind !== 'response') return []
  if (isFetchResponse(raw)) return findFetched(raw)
  const end = endOfTokenWord(raw)
  if (end !== undefined) return findUrlTexts(raw, end)
  return isKnownResponse(raw) ? [] : literalsOf(raw)
}

/** What a vendor's response has in its literals may be a mail; of most others none has a literal. */
function isKnownResponse(raw: RawMessage): boolean {
  if (raw.parts.length === 1) return true
  const [, first, second] = readHead(raw).words
  const name = /^\d+$/u.test(first?.word ?? '') ? second : first
  return untaggedNames.has(name?.word ?? '')
}

/** Commands whose literals are mails, but for the name of the mailbox and URLs. */
const uploads = new Set(['APPEND', 'REPLACE'])

function findUploads(raw: RawMessage): readonly Span[] {
  if (raw.parts.length === 1) return []
  const { text, words, nameEnd } = readHead(raw)
  const isUid = words[1]?.word === 'UID'
  const name = (isUid ? words[2]?.word : words[1]?.word) ?? ''
  const literals = literalsOf(raw)
  // A misspelt APPEND, or one without its tag, has a mail all the same.
  if (!uploads.has(name)) return isKnownCommandWord(isUid ? `UID ${name}` : name) ? [] : literals
  return literals.filter(({ part }) => {
    if (part === 1 && literals.length > 1 && isMailboxDue(text.slice(nameEnd), name)) return false
    return !/[( ]URL +$/iu.test(textBefore(raw, part))
  })
}

/** Nothing but the message's number, which REPLACE has, stands before the announcement. */
const isMailboxDue = (argumentsText: string, name: string): boolean =>
  (name === 'REPLACE' ? /^ +[^ ()"{]+ +~?\{/u : /^ +~?\{/u).test(argumentsText)

function findFetched(raw: RawMessage): readonly Span[] {
  return raw.parts.flatMap((part, index) => {
    if (part.kind === 'line') return findQuotedBodies(raw, index)
    return isBodyNext(textBefore(raw, index)) ? [{ part: index, from: 0, to: part.announced.size }] : []
  })
}

/**
 * Names of bodies, and any name that is not known here: what a vendor calls by a name of its own may be a body too.
 * Within lists, as in ENVELOPE, a literal stands behind a string, a number, NIL or a parenthesis.
 */
function isBodyNext(text: string): boolean {
  const tail = text.trimEnd().slice(-TAIL)
  if (beforeBody.test(tail)) return true
  const [, name = ''] = /(?:^|[ (])([A-Z][^ ()"]*) *$/iu.exec(tail) ?? []
  return name !== '' && name.toUpperCase() !== 'NIL'
}

/** Characters before a string that are looked at for its item's name. */
const TAIL = 64

function findQuotedBodies(raw: RawMessage, index: number): readonly Span[] {
  const line = raw.parts[index]
  if (line?.kind !== 'line') return []
  const text = latin1(line.octets)
  if (!hasQuotedBody.test(text)) return []
  const spans: Span[] = []
  for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', quote)) {
    const end = Math.min(closingQuote(text, quote + 1), endOfText(text))
    if (beforeBody.test(tailBefore(text, quote)) && end > quote + 1)
      spans.push({ part: index, from: quote + 1, to: end })
    quote = end + 1
    if (quote >= text.length) break
  }
  return spans
}

/** Also within strings; nearly no line has it, and to walk over all strings of an ENVELOPE costs three times this look. */
const hasQuotedBody =
  /(?:\](?:<[\d.]*>)?|RFC822(?:\.TEXT|\.HEADER)?|(?:PREVIEW|SNIPPET)(?: +\(FUZZY)?)[\0-\x20]*"/iu

/** However many spaces a server puts there. */
function tailBefore(text: string, quote: number): string {
  let end = quote
  while (end > 0 && text.charCodeAt(end - 1) <= SP) end--
  return text.slice(Math.max(0, end - TAIL), end)
}

/** URLFETCH names a URL and gives its text, as a literal or in quotes. */
function findUrlTexts(raw: RawMessage, end: number): readonly Span[] {
  const literals = literalsOf(raw).filter(({ part }) => {
    const before = textBefore(raw, part)
    return part > 1 || before.slice(end).trim() !== ''
  })
  const quoted = raw.parts.flatMap((part, index) => (part.kind === 'line' ? quotedTexts(raw, index) : []))
  return [...literals, ...quoted].toSorted((a, b) => a.part - b.part || a.from - b.from)
}

/** By hand: a pattern would begin anew at every escaped quote of a string that never ends. */
function quotedTexts(raw: RawMessage, index: number): readonly Span[] {
  const line = raw.parts[index]
  if (line?.kind !== 'line') return []
  const text = latin1(line.octets)
  const spans: Span[] = []
  for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', quote)) {
    const from = quote + 1
    const to = endOfQuoted(text, from)
    const isUrl = /^imaps?:/iu.test(text.slice(from, from + 6))
    if (to > from && !isUrl) spans.push({ part: index, from, to })
    quote = to + 1
    if (quote >= text.length) break
  }
  return spans
}

function endOfQuoted(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text.charCodeAt(at) === BACKSLASH) at++
    else if (text.charCodeAt(at) === DQUOTE) return at
  }
  return endOfText(text)
}

function literalsOf({ parts }: RawMessage): readonly Span[] {
  return parts.flatMap((part, index) =>
    part.kind === 'literal' ? [{ part: index, from: 0, to: part.announced.size }] : [],
  )
}

/** The line in front of a literal, without the announcement. */
function textBefore({ parts }: RawMessage, index: number): string {
  const line = parts[index - 1]
  if (line?.kind !== 'line') return ''
  const text = latin1(line.octets)
  return text.slice(0, startOfAnnouncement(text))
}
