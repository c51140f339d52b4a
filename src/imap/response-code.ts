/** Response codes in brackets (RFC 9051 section 7.1, RFC 5530, 4315, 7162): a registry, and unknown codes kept. */

import type { Cursor } from './cursor.ts'
import { readFlags, writeFlags, type Flag } from './flag.ts'
import { BACKSLASH, concat, DQUOTE, latin1, LBRACKET, LPAREN, RBRACKET, RPAREN, SP } from './octets.ts'
import { readSequenceSet, type SequenceSet } from './sequence-set.ts'
import { readAString } from './strings.ts'
import { readList } from './syntax.ts'
import { decodeText } from './utf8.ts'
import { readNumber, readNumber64 } from './words.ts'
import { Writer } from './writer.ts'

const bareCodes = [
  'ALERT',
  'PARSE',
  'READ-ONLY',
  'READ-WRITE',
  'TRYCREATE',
  'UIDNOTSTICKY',
  'CLOSED',
  'NOMODSEQ',
  'NOTSAVED',
  'UNAVAILABLE',
  'AUTHENTICATIONFAILED',
  'AUTHORIZATIONFAILED',
  'EXPIRED',
  'PRIVACYREQUIRED',
  'CONTACTADMIN',
  'NOPERM',
  'INUSE',
  'EXPUNGEISSUED',
  'CORRUPTION',
  'SERVERBUG',
  'CLIENTBUG',
  'CANNOT',
  'LIMIT',
  'OVERQUOTA',
  'ALREADYEXISTS',
  'NONEXISTENT',
  'HASCHILDREN',
  'UNKNOWN-CTE',
  'USEATTR',
  'TOOBIG',
  'COMPRESSIONACTIVE',
] as const

export type ResponseCode =
  | { readonly name: (typeof bareCodes)[number] }
  | { readonly name: 'BADCHARSET'; readonly charsets?: readonly string[] }
  | { readonly name: 'CAPABILITY'; readonly capabilities: readonly string[] }
  | { readonly name: 'PERMANENTFLAGS'; readonly flags: readonly Flag[] }
  | { readonly name: 'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN'; readonly value: number }
  | { readonly name: 'HIGHESTMODSEQ'; readonly modseq: bigint }
  | { readonly name: 'MODIFIED'; readonly messages: SequenceSet }
  | { readonly name: 'APPENDUID'; readonly uidValidity: number; readonly uids: SequenceSet }
  | {
      readonly name: 'COPYUID'
      readonly uidValidity: number
      readonly from: SequenceSet
      readonly to: SequenceSet
    }
  /** The word as written, and what stood between it and the bracket. */
  | { readonly name: 'unknown'; readonly word: string; readonly text: string }

type CodeOf<T extends string> = ResponseCode & { readonly name: T }

interface CodeForm<C extends ResponseCode> {
  read(cursor: Cursor, name: C['name']): C
  write(writer: Writer, code: C): void
}

const bareForm: CodeForm<CodeOf<(typeof bareCodes)[number]>> = {
  read: (_cursor, name) => ({ name }),
  write: () => {},
}

const badCharset: CodeForm<CodeOf<'BADCHARSET'>> = {
  read: (cursor, name) =>
    cursor.isAtSpaceThen(LPAREN)
      ? { name, charsets: (cursor.readSpace(), readList(cursor, readAString)) }
      : { name },
  write(writer, { charsets }) {
    if (!charsets) return
    writer.space()
    writer.list(charsets, (to, charset) => to.astring(charset))
  },
}

const capability: CodeForm<CodeOf<'CAPABILITY'>> = {
  read: (cursor, name) => ({ name, capabilities: readCodeWords(cursor) }),
  write(writer, { capabilities }) {
    for (const word of capabilities) writer.word(` ${word}`)
  },
}

const permanentFlags: CodeForm<CodeOf<'PERMANENTFLAGS'>> = {
  read(cursor, name) {
    cursor.readSpace()
    return { name, flags: readFlags(cursor) }
  },
  write(writer, { flags }) {
    writer.space()
    writeFlags(writer, flags)
  },
}

const numberForm: CodeForm<CodeOf<'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN'>> = {
  read(cursor, name) {
    cursor.readSpace()
    return { name, value: readNumber(cursor) }
  },
  write: (writer, { value }) => writer.word(` ${value}`),
}

const highestModseq: CodeForm<CodeOf<'HIGHESTMODSEQ'>> = {
  read(cursor, name) {
    cursor.readSpace()
    return { name, modseq: readNumber64(cursor) }
  },
  write: (writer, { modseq }) => writer.word(` ${modseq}`),
}

const modified: CodeForm<CodeOf<'MODIFIED'>> = {
  read(cursor, name) {
    cursor.readSpace()
    return { name, messages: readSequenceSet(cursor) }
  },
  write: (writer, { messages }) => writer.word(` ${messages}`),
}

const appendUid: CodeForm<CodeOf<'APPENDUID'>> = {
  read(cursor, name) {
    cursor.readSpace()
    const uidValidity = readNumber(cursor)
    cursor.readSpace()
    return { name, uidValidity, uids: readSequenceSet(cursor) }
  },
  write: (writer, { uidValidity, uids }) => writer.word(` ${uidValidity} ${uids}`),
}

const copyUid: CodeForm<CodeOf<'COPYUID'>> = {
  read(cursor, name) {
    cursor.readSpace()
    const uidValidity = readNumber(cursor)
    cursor.readSpace()
    const from = readSequenceSet(cursor)
    cursor.readSpace()
    return { name, uidValidity, from, to: readSequenceSet(cursor) }
  },
  write: (writer, { uidValidity, from, to }) => writer.word(` ${uidValidity} ${from} ${to}`),
}

const forms = new Map<string, CodeForm<ResponseCode>>()
const register = <C extends ResponseCode>(names: readonly C['name'][], form: CodeForm<C>): void => {
  for (const name of names) forms.set(name, form)
}
register(bareCodes, bareForm)
register(['BADCHARSET'], badCharset)
register(['CAPABILITY'], capability)
register(['PERMANENTFLAGS'], permanentFlags)
register(['UIDNEXT', 'UIDVALIDITY', 'UNSEEN'], numberForm)
register(['HIGHESTMODSEQ'], highestModseq)
register(['MODIFIED'], modified)
register(['APPENDUID'], appendUid)
register(['COPYUID'], copyUid)

/** From `[` to `]`; fails when no code stands there, and the octets are then text. */
export function readResponseCode(cursor: Cursor): ResponseCode {
  cursor.expect(LBRACKET)
  const word = readCodeWord(cursor)
  const form = forms.get(word.toUpperCase())
  // The map's keys are the union's names: a form is found under its own names only.
  if (form) return readKnown(cursor, form, word.toUpperCase() as ResponseCode['name'])
  const close = closingBracket(cursor)
  const text = decodeText(cursor.text.slice(cursor.at, close).trimStart())
  cursor.at = close + 1
  return { name: 'unknown', word, text }
}

function readKnown(cursor: Cursor, form: CodeForm<ResponseCode>, name: ResponseCode['name']): ResponseCode {
  const code = form.read(cursor, name)
  if (cursor.skip(SP)) cursor.quirk('trailing-space', 'a space before the closing bracket')
  cursor.expect(RBRACKET)
  return code
}

export function writeResponseCode(writer: Writer, code: ResponseCode): void {
  writer.word('[')
  if (code.name === 'unknown') writer.word(code.text === '' ? code.word : `${code.word} ${code.text}`)
  else {
    writer.word(code.name)
    forms.get(code.name)?.write(writer, code)
  }
  writer.word(']')
}

/** What stands between the word and the bracket, as it would be written. */
export function codeArguments(code: ResponseCode): string {
  const writer = new Writer('server')
  writeResponseCode(writer, code)
  const text = decodeText(latin1(concat(writer.finish()))).trimEnd()
  return text.slice(text.indexOf(' ') < 0 ? text.length : text.indexOf(' ') + 1, -1)
}

/** Upper case: what the completion of an exchange is known by. */
export const codeWord = (code: ResponseCode): string =>
  code.name === 'unknown' ? code.word.toUpperCase() : code.name

/** Letters and what else an atom may hold, up to a space or the bracket. */
function readCodeWord(cursor: Cursor): string {
  const from = cursor.at
  while (isCodeOctet(cursor.peek())) cursor.at++
  const next = cursor.peek()
  if (cursor.at === from || (next !== SP && next !== RBRACKET)) cursor.fail('odd-code', 'no response code')
  return cursor.text.slice(from, cursor.at)
}

const isCodeOctet = (octet: number): boolean =>
  octet > SP && octet < 0x7f && octet !== RBRACKET && octet !== DQUOTE && octet !== LPAREN && octet !== RPAREN

function readCodeWords(cursor: Cursor): string[] {
  const words: string[] = []
  while (cursor.peek() === SP) {
    cursor.skipSpaces()
    if (cursor.peek() !== RBRACKET) words.push(readCodeWord(cursor))
  }
  return words
}

/** Where the code ends: quotes and parentheses are respected, and where they do not balance, the last bracket counts. */
function closingBracket(cursor: Cursor): number {
  const { text, end } = cursor
  let depth = 0
  let isQuoted = false
  for (let at = cursor.at; at < end; at++) {
    const octet = text.charCodeAt(at)
    if (octet === DQUOTE) isQuoted = !isQuoted
    else if (isQuoted) at += octet === BACKSLASH ? 1 : 0
    else if (octet === LPAREN) depth++
    else if (octet === RPAREN) depth--
    else if (octet === RBRACKET && depth <= 0) return at
  }
  const last = text.lastIndexOf(']', end - 1)
  return last >= cursor.at ? last : cursor.fail('odd-code', 'a response code without its closing bracket')
}
