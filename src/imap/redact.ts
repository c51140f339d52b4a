/** Messages as printable lines without credentials and without message bodies; decides by what was being said, not by how it looks. */

import { readCommand } from './commands/index.ts'
import { strictUtf8 } from './cursor.ts'
import { contentEnd, DQUOTE, latin1, PLUS, SP } from './octets.ts'
import type { Message } from './message.ts'
import { clip, printable } from './printable.ts'
import type { LiteralAnnouncement, RawMessage } from './raw-message.ts'
import { hideUrlTokens } from './url-token.ts'
import { decodeText } from './utf8.ts'

export interface Showing {
  /** The caller knows that this may be a secret whatever it looks like: SASL data, or a line out of place. */
  readonly hidesAll: boolean
  /** Characters shown at most, over all lines. */
  readonly limit: number
}

/** What stands where nothing is shown, not even a size. */
export const REDACTED = '‹redacted›'

/** Commands and responses that carry tokens as good as credentials. */
const tokenWords = new Set(['GENURLAUTH', 'URLFETCH'])

/** Commands whose arguments are credentials, or tokens as good as one. */
const secretWords = new Set([
  'LOGIN',
  'AUTHENTICATE',
  'CLIENTID',
  'PROXYAUTH',
  'XAPPLEPUSHSERVICE',
  ...tokenWords,
])

/** Whether the arguments of this command, such as `LOGIN`, are credentials. */
export const takesCredentials = (name: string): boolean => secretWords.has(name)

/** Only these are shown behind AUTHENTICATE: any other word there may be the credentials themselves. */
const mechanism =
  /^(?:ANONYMOUS|CRAM-MD5|DIGEST-MD5|EXTERNAL|GS2-[A-Z0-9]{1,9}(?:-PLUS)?|GSSAPI|GSS-SPNEGO|KERBEROS_V4|LOGIN|NTLM|OAUTHBEARER|PLAIN|PLAIN-CLIENTTOKEN|SCRAM-SHA-(?:1|224|256|384|512)(?:-PLUS)?|SKEY|XOAUTH2?)$/u

export const isKnownMechanism = (name: string): boolean => mechanism.test(name)

/** Courier's way to another protocol: it stands where a tag or a name would, and no line of it is ours to show. */
const otherProtocol = String.raw`\SMAP1`

/** Octets of a line that are looked at for its first words: any honest tag and name fit in. */
const HEAD = 4096

/** The arguments of a command as one printable line. */
export function describeCommand(raw: RawMessage, { hidesAll, limit }: Showing): string {
  if (hidesAll) return hidden(contentSize(raw))
  const head = readHead(raw)
  const secret = findSecret(raw, head)
  if (secret === 'nowhere')
    return renderLines(raw, skipWhile(head.text, head.nameEnd, isSpace), limit)
      .join(' ')
      .trim()
  if (secret === 'anywhere') return hidden(contentSize(raw) - head.nameEnd)
  return clip(describeCredentials(raw, head.nameEnd), limit)
}

/** The lines of a message, one for each line on the wire; literals show as their size. */
export function describeMessage(message: Message, { hidesAll, limit }: Showing): readonly string[] {
  const { raw, kind } = message
  if (hidesAll || kind === 'sasl-data') return [clip(describeHidden(raw), limit)]
  if (kind === 'response') return describeResponse(raw, limit)
  if (kind !== 'command') return renderLines(raw, 0, limit)
  const head = readHead(raw)
  const secret = findSecret(raw, head)
  if (secret === 'nowhere') return renderLines(raw, 0, limit)
  if (secret === 'anywhere') return [clip(hidden(contentSize(raw)), limit)]
  return [
    clip(
      `${openText(head.text.slice(0, head.nameEnd), limit)} ${describeCredentials(raw, head.nameEnd)}`,
      limit,
    ),
  ]
}

/** What GENURLAUTH and URLFETCH answer is tokens, and the messages that they open. */
function describeResponse(raw: RawMessage, limit: number): readonly string[] {
  const end = endOfTokenWord(raw)
  if (end === undefined) return renderLines(raw, 0, limit)
  const { text } = readHead(raw)
  return [clip(`${openText(text.slice(0, end), limit)} ${hidden(contentSize(raw) - end)}`, limit)]
}

/** Behind the word of a response that is tokens all through; undefined for any other. */
export function endOfTokenWord(raw: RawMessage): number | undefined {
  const { words } = readHead(raw)
  const word = /^\d+$/u.test(words[1]?.word ?? '') ? words[2] : words[1]
  return word && tokenWords.has(word.word) ? word.end : undefined
}

/** Octets of the wire as text that may be seen. */
const openText = (octets: string, limit?: number): string =>
  printable(hideUrlTokens(decodeText(octets)), limit)

const hidden = (octets: number): string => `‹redacted ${Math.max(octets, 0)}›`

/** That it was a continuation request may be seen; what the server asked or told in it may not. */
function describeHidden(raw: RawMessage): string {
  const [line] = raw.parts
  const isContinuation = raw.from === 'server' && line?.kind === 'line' && line.octets[0] === PLUS
  return isContinuation ? `+ ${hidden(contentSize(raw) - 2)}` : hidden(contentSize(raw))
}

export interface Head {
  /** The beginning of the first line. */
  readonly text: string
  /** The first words, upper case: tag, name, and what follows. */
  readonly words: readonly { readonly word: string; readonly end: number }[]
  /** Where the name ends, `UID FETCH` being one. */
  readonly nameEnd: number
  /** Tag and name are longer than is looked at: nobody knows what this is. */
  readonly isCut: boolean
}

/** Cuts at controls as well as spaces: `a<TAB>LOGIN` is no less a LOGIN to the eye. */
export function readHead(raw: RawMessage): Head {
  const [line] = raw.parts
  const text = line?.kind === 'line' ? latin1(line.octets, 0, Math.min(line.octets.length, HEAD)) : ''
  const words: { word: string; end: number }[] = []
  for (let at = 0; at < text.length && words.length < 4;) {
    const from = skipWhile(text, at, isSeparator)
    at = skipWhile(text, from, (unit) => !isSeparator(unit))
    if (at > from) words.push({ word: text.slice(from, at).toUpperCase(), end: at })
  }
  const name = words[1]?.word === 'UID' ? (words[2] ?? words[1]) : words[1]
  const nameEnd = name?.end ?? text.length
  return { text, words, nameEnd, isCut: nameEnd === HEAD }
}

const isSpace = (unit: number): boolean => unit === SP
const isSeparator = (unit: number): boolean => unit <= 0x20 || unit === 0x7f

function skipWhile(text: string, from: number, holds: (unit: number) => boolean): number {
  let at = from
  while (at < text.length && holds(text.charCodeAt(at))) at++
  return at
}

/** Where credentials may stand: in the arguments of a command that takes them, or anywhere in a line that is odd. */
export function findSecret(raw: RawMessage, { words }: Head): 'nowhere' | 'arguments' | 'anywhere' {
  if (words.slice(0, 2).some(({ word }) => word === otherProtocol)) return 'anywhere'
  if (secretWords.has(words[1]?.word ?? '')) return 'arguments'
  if (!words.some(({ word }) => /LOGIN|AUTHENTICATE/u.test(word))) return 'nowhere'
  // `a SELECT Logins` is what it is; but `LOGIN joe secret`, without its tag, is a password out of place.
  const command = readCommand(raw)
  return command.ok && command.value.name !== 'unknown' ? 'nowhere' : 'anywhere'
}

/** Shows a user or a mechanism only where the whole command is flawless; whatever is wrong hides all of it. */
function describeCredentials(raw: RawMessage, from: number): string {
  const command = readCommand(raw, strictUtf8)
  if (command.ok && command.value.name === 'LOGIN') {
    const { user, password } = command.value
    return `${printable(hideUrlTokens(user))} ${hidden(password.length)}`
  }
  if (command.ok && command.value.name === 'AUTHENTICATE' && mechanism.test(command.value.mechanism)) {
    const { mechanism: name, initialResponse } = command.value
    return initialResponse ? `${name} ${hidden(initialResponse.length)}` : name
  }
  return hidden(contentSize(raw) - from)
}

/** Octets without the line end. */
function contentSize(raw: RawMessage): number {
  const last = raw.parts.at(-1)
  if (last?.kind !== 'line') return raw.octets
  return raw.octets - (last.octets.length - contentEnd(last.octets))
}

/** Every line from `start` of the first on, with its literal as a size, until the limit is reached. */
function renderLines(raw: RawMessage, start: number, limit: number): string[] {
  const lines: string[] = []
  const isFetch = raw.from === 'server' && isFetchResponse(raw)
  let left = limit
  for (const [index, part] of raw.parts.entries()) {
    if (part.kind !== 'line') continue
    const from = index === 0 ? start : 0
    const line = renderLine(raw, index, { from, limit: left, isFetch })
    if (line === '') continue
    lines.push(line)
    left -= line.length
    if (left < 1) break
  }
  return lines
}

interface Cut {
  readonly from: number
  readonly limit: number
  readonly isFetch: boolean
}

function renderLine(raw: RawMessage, index: number, { from, limit, isFetch }: Cut): string {
  const line = raw.parts[index]
  const literal = raw.parts[index + 1]
  if (line?.kind !== 'line') return ''
  // More octets than characters may be shown need not be looked at; UTF-8 takes up to four for one.
  const end = contentEnd(line.octets)
  const text = latin1(line.octets, from, Math.max(from, Math.min(end, from + 4 * limit + 4)))
  if (literal?.kind !== 'literal') return openText(isFetch ? hideQuotedBodies(text) : text, limit)
  const brace = text.lastIndexOf('{')
  const before = brace < 0 ? text : text.slice(0, text[brace - 1] === '~' ? brace - 1 : brace)
  const shown = hideUrlTokens(decodeText(isFetch ? hideQuotedBodies(before) : before))
  return printable(shown + describeLiteral(literal.announced, literal.digest), limit)
}

function describeLiteral({ size, isBinary }: LiteralAnnouncement, digest: string | undefined): string {
  return `${isBinary ? '~' : ''}{${size}${digest === undefined ? '' : ` #${digest}`}}`
}

export function isFetchResponse(raw: RawMessage): boolean {
  const [line] = raw.parts
  return (
    line?.kind === 'line' &&
    /^\*\s+\d+\s+(?:(?:UID)?FETCH|CONVERTED|STORE)/iu.test(
      latin1(line.octets, 0, Math.min(64, line.octets.length)),
    )
  )
}

/** Names of items that are a body or its beginning. */
export const beforeBody = /(?:[\]>]|RFC822(?:\.TEXT|\.HEADER)?|(?:PREVIEW|SNIPPET)(?: +\(FUZZY)?) *$/iu

/** A body in quotes, rare as it is, shows as its size like any other. */
function hideQuotedBodies(text: string): string {
  let shown = ''
  let copied = 0
  for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', quote)) {
    const end = closingQuote(text, quote + 1)
    if (beforeBody.test(text.slice(Math.max(0, quote - 20), quote))) {
      shown += `${text.slice(copied, quote)}{${end - quote - 1}}`
      copied = end + 1
    }
    quote = end + 1
    if (quote >= text.length) break
  }
  return shown + text.slice(copied)
}

/** The quote that ends the string, or the end of the text; one in front of more text is seen to stand inside. */
export function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text.charCodeAt(at) === 0x5c) at++
    else if (text.charCodeAt(at) === DQUOTE && ' )"]'.includes(text.charAt(at + 1))) return at
  }
  return text.length
}
