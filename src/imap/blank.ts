/** Which octets of a message are credentials and which are message bodies, as ranges; changes nothing and knows no file. */

import { isOauthError } from './blank-challenge.ts'
import { readCommand } from './commands/index.ts'
import { strictUtf8 } from './cursor.ts'
import { startOfAnnouncement } from './line-end.ts'
import type { Message } from './message.ts'
import { BACKSLASH, contentEnd, DQUOTE, latin1, PLUS, SP } from './octets.ts'
import type { RawMessage, RawPart } from './raw-message.ts'
import { endOfTokenWord, findSecret, isKnownMechanism, readHead } from './redact.ts'
import { findUrlSecrets, hideUrlTokens } from './url-token.ts'

/** Octets `from` up to `to` of one part, a line or a literal. */
export interface Span {
  readonly part: number
  readonly from: number
  readonly to: number
}

/**
 * What `describeMessage` would not show for being a credential, in order and without overlap. Line ends and
 * announcements stay: the framing is no secret.
 */
export function findCredentials({ raw, kind }: Message, hidesAll: boolean): readonly Span[] {
  if (hidesAll || kind === 'sasl-data') return blankAll(raw, skipPrompt(raw))
  if (kind === 'response') {
    const end = endOfTokenWord(raw)
    return end === undefined ? findTokens(raw) : blankAll(raw, skipSpaces(raw, end))
  }
  if (kind !== 'command') return findTokens(raw)
  const head = readHead(raw)
  // What a peer hides behind an endless tag is not looked at twice.
  const secret = head.isCut ? 'anywhere' : findSecret(raw, head)
  if (secret === 'nowhere') return findTokens(raw)
  return secret === 'anywhere' ? blankAll(raw, 0) : blankArguments(raw, head.nameEnd)
}

/** Everything from an octet of the first line on. */
function blankAll(raw: RawMessage, from: number): readonly Span[] {
  const spans = raw.parts.map((part, index) => ({
    part: index,
    from: index === 0 ? from : 0,
    to: part.kind === 'line' ? textEnd(raw, index) : part.announced.size,
  }))
  return isTrivial(raw, from) ? [] : spans.filter((span) => span.to > span.from)
}

/** `*` cancels, `=` is an empty response (RFC 4959): both say something, and nothing secret. */
function isTrivial({ parts }: RawMessage, from: number): boolean {
  const [line] = parts
  if (parts.length !== 1 || line?.kind !== 'line') return false
  const text = latin1(line.octets, Math.min(from, line.octets.length), contentEnd(line.octets))
  return text === '*' || text === '=' || (line.octets[0] === PLUS && isOauthError(text))
}

/** The `+` of a continuation request and the space behind it may be seen. */
function skipPrompt({ from, parts }: RawMessage): number {
  const [line] = parts
  if (from !== 'server' || line?.kind !== 'line' || line.octets[0] !== PLUS) return 0
  return line.octets[1] === SP ? 2 : 1
}

/** Where a line's text ends: at its line end, or at the announcement of the literal behind it. */
function textEnd({ parts }: RawMessage, index: number): number {
  const line = parts[index]
  if (line?.kind !== 'line') return 0
  if (parts[index + 1]?.kind !== 'literal') return contentEnd(line.octets)
  return startOfAnnouncement(latin1(line.octets))
}

/** Of a flawless LOGIN the user stays, of a flawless AUTHENTICATE the mechanism; of any other command the name alone. */
function blankArguments(raw: RawMessage, nameEnd: number): readonly Span[] {
  const command = readCommand(raw, strictUtf8)
  if (!command.ok) return blankAll(raw, skipSpaces(raw, nameEnd))
  if (command.value.name === 'LOGIN' && hideUrlTokens(command.value.user) === command.value.user)
    return blankPassword(raw, skipSpaces(raw, nameEnd))
  if (command.value.name === 'AUTHENTICATE' && isKnownMechanism(command.value.mechanism))
    return blankInitialResponse(raw, skipSpaces(raw, nameEnd))
  return blankAll(raw, skipSpaces(raw, nameEnd))
}

function skipSpaces({ parts: [line] }: RawMessage, from: number): number {
  let at = from
  while (line?.kind === 'line' && line.octets[at] === SP) at++
  return at
}

/** The grammar has been checked: a user, one space, and the password up to the end. */
function blankPassword(raw: RawMessage, from: number): readonly Span[] {
  const [line, literal, rest] = raw.parts
  if (line?.kind !== 'line') return []
  const user = endOfString(line.octets, from)
  if (user < textEnd(raw, 0)) return blankString(raw, 0, user + 1)
  // The user is a literal, and the password stands behind it.
  return literal && rest ? blankString(raw, 2, 1) : []
}

/** Behind an atom or a quoted string that begins here. */
function endOfString(octets: Uint8Array, from: number): number {
  let at = from
  if (octets[at] !== DQUOTE) {
    while (at < octets.length && octets[at] !== SP) at++
    return at
  }
  for (at += 1; at < octets.length && octets[at] !== DQUOTE; at++) if (octets[at] === BACKSLASH) at++
  return at + 1
}

/** An atom, a quoted string without its quotes, or the literal behind the line. */
function blankString(raw: RawMessage, part: number, from: number): readonly Span[] {
  const line = raw.parts[part]
  const literal = raw.parts[part + 1]
  if (line?.kind !== 'line') return []
  const to = textEnd(raw, part)
  const isQuoted = line.octets[from] === DQUOTE && literal === undefined
  const inside = isQuoted ? { part, from: from + 1, to: to - 1 } : { part, from, to }
  const spans = inside.to > inside.from ? [inside] : []
  return literal?.kind === 'literal'
    ? [...spans, { part: part + 1, from: 0, to: literal.announced.size }]
    : spans
}

function blankInitialResponse(raw: RawMessage, from: number): readonly Span[] {
  const [line] = raw.parts
  if (line?.kind !== 'line') return []
  const start = endOfString(line.octets, from) + 1
  const to = textEnd(raw, 0)
  if (start >= to && raw.parts.length === 1) return []
  return blankAll(raw, start)
}

/** Secrets in URLs, which may stand in any text. */
function findTokens({ parts }: RawMessage): readonly Span[] {
  return parts.flatMap((part, index) => findPartTokens(part).map((range) => ({ part: index, ...range })))
}

function findPartTokens({ octets }: RawPart): readonly { from: number; to: number }[] {
  return octets === undefined ? [] : findUrlSecrets(latin1(octets))
}
