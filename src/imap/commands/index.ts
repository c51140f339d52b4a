/** The registry of commands: one line each; reads and writes whole commands, and keeps what nobody here knows. */

import { readMessage, tolerant, type Cursor, type Reading } from '../cursor.ts'
import type { Parsed } from '../fault.ts'
import { CR, LF, latin1, SP } from '../octets.ts'
import type { RawMessage } from '../raw-message.ts'
import { readSyntaxRest, writeSyntaxRest, type Syntax } from '../syntax.ts'
import { readTag } from '../tag.ts'
import { readAtom } from '../words.ts'
import { Writer, type LiteralStyle } from '../writer.ts'
import { identifier, setAcl } from './acl.ts'
import { getAnnotation, setAnnotation } from './annotation.ts'
import { append, replace } from './append.ts'
import { authenticate } from './authenticate.ts'
import { bare } from './bare.ts'
import { cancelUpdate } from './cancel-update.ts'
import { comparator } from './comparator.ts'
import { conversions, convert } from './convert.ts'
import { copy } from './copy.ts'
import { create } from './create.ts'
import { generic, scan, xfer, xrename } from './cyrus.ts'
import { compress, enable } from './enable.ts'
import { esearch } from './esearch.ts'
import { expunge } from './expunge.ts'
import { fetch } from './fetch.ts'
import type { CommandForm } from './form.ts'
import { id } from './id.ts'
import { applePush, clientId, proxyAuth } from './identity.ts'
import { jmapAccess } from './jmap-access.ts'
import { language } from './language.ts'
import { list } from './list.ts'
import { login } from './login.ts'
import { mailboxName } from './mailbox-name.ts'
import { getMetadata, setMetadata } from './metadata.ts'
import { notify } from './notify.ts'
import { bboard, find, partial } from './obsolete.ts'
import { getQuota, setQuota } from './quota.ts'
import { rename } from './rename.ts'
import { search } from './search.ts'
import { select } from './select.ts'
import { sort } from './sort.ts'
import { status } from './status.ts'
import { store } from './store.ts'
import { thread } from './thread.ts'
import { uidBatches } from './uid-batches.ts'
import { genUrlAuth, resetKey, urlFetch } from './urlauth.ts'

/** To add a command: one file beside this one, and one word here. */
const forms = [
  append,
  applePush,
  authenticate,
  bare,
  bboard,
  cancelUpdate,
  clientId,
  comparator,
  compress,
  conversions,
  convert,
  copy,
  create,
  enable,
  esearch,
  expunge,
  fetch,
  find,
  generic,
  genUrlAuth,
  getAnnotation,
  getMetadata,
  getQuota,
  id,
  identifier,
  jmapAccess,
  language,
  list,
  login,
  mailboxName,
  notify,
  partial,
  proxyAuth,
  rename,
  replace,
  resetKey,
  scan,
  search,
  select,
  setAcl,
  setAnnotation,
  setMetadata,
  setQuota,
  sort,
  status,
  store,
  thread,
  uidBatches,
  urlFetch,
  xfer,
  xrename,
] as const

export interface UnknownCommand {
  readonly tag: string
  readonly name: 'unknown'
  /** As it was written; `UID FOO` for an unknown word behind UID. */
  readonly word: string
  readonly arguments: readonly Syntax[]
}

export type KnownCommand = ReturnType<(typeof forms)[number]['read']>
export type Command = KnownCommand | UnknownCommand

type AnyForm = CommandForm<KnownCommand>

const byWord = new Map<string, AnyForm>()
const names = new Map<string, KnownCommand['name']>()
const uidWords = new Set<string>()
// A form only ever reads and writes the names it is registered under, which the union cannot express.
for (const form of forms as unknown as readonly AnyForm[]) {
  for (const name of form.names) {
    byWord.set(name, form)
    names.set(name, name)
  }
  for (const name of form.uidNames ?? []) uidWords.add(name)
}

/** Upper case; `UID FETCH` for the UID forms. */
export const commandNames: ReadonlySet<string> = new Set([
  ...names.keys(),
  ...[...uidWords].map((name) => `UID ${name}`),
])
/** The first words of names of two words, such as `FIND MAILBOXES`. */
const firstWords = new Set([...names.keys()].flatMap((name) => /^(\S+) /u.exec(name)?.[1] ?? []))

export function readCommand(raw: RawMessage, reading: Reading = tolerant): Parsed<Command> {
  return readMessage(raw, readWholeCommand, reading)
}

/**
 * The pieces to send, in order. In the style `synchronizing` every piece but the last ends in the announcement
 * of a literal, and the next must wait for its `+`; in `non-synchronizing` there is one piece.
 */
export function writeCommand(command: Command, style: LiteralStyle = 'synchronizing'): Uint8Array[] {
  const writer = new Writer(style)
  writer.text(command.tag)
  writer.space()
  if (command.name === 'unknown') {
    writer.text(command.word)
    writeSyntaxRest(writer, command.arguments)
  } else {
    writer.word(commandName(command))
    byWord.get(command.name)?.write(writer, command)
  }
  return writer.finish()
}

/** Upper case, `UID FETCH` for UID forms. */
export function commandName(command: Command): string {
  if (command.name === 'unknown') return command.word.toUpperCase()
  return 'uid' in command && command.uid ? `UID ${command.name}` : command.name
}

/** Whether the word, such as `FETCH` or `uid fetch`, names a command that is read here. */
export function isKnownCommandWord(word: string): boolean {
  const upper = word.toUpperCase()
  return upper.startsWith('UID ') ? uidWords.has(upper.slice(4)) : names.has(upper)
}

/** Octets that are looked at for the second word of a name. */
const LONGEST_NAME = 20

/** Tag and upper-case name off the head of a line, without reading the rest. */
export function nameOfCommandLine(line: Uint8Array): { tag: string; word: string } | undefined {
  // Long enough for any honest head, so that a huge line is not decoded for it.
  const head = latin1(line, 0, Math.min(line.length, 4096))
  const tagStart = skipSpaces(head, 0)
  const tagEnd = wordEnd(head, tagStart)
  const start = skipSpaces(head, tagEnd)
  const end = wordEnd(head, start)
  if (tagEnd === tagStart || end === start) return undefined
  const tag = head.slice(tagStart, tagEnd)
  const word = head.slice(start, end).toUpperCase()
  if (word !== 'UID') return { tag, word }
  const next = skipSpaces(head, end)
  const nextEnd = wordEnd(head, next)
  return { tag, word: nextEnd === next ? word : `UID ${head.slice(next, nextEnd).toUpperCase()}` }
}

function skipSpaces(text: string, from: number): number {
  let at = from
  while (text.charCodeAt(at) === SP) at++
  return at
}

/** Up to a space or the line end; past the end of the text, where there is no such octet, it is NaN. */
function wordEnd(text: string, from: number): number {
  let at = from
  for (let octet = text.charCodeAt(at); octet !== SP && octet !== CR && octet !== LF && octet >= 0;) {
    octet = text.charCodeAt(++at)
  }
  return at
}

function readWholeCommand(cursor: Cursor): Command {
  const command = readKnownOrUnknown(cursor)
  cursor.readEnd()
  return command
}

function readKnownOrUnknown(cursor: Cursor): Command {
  if (cursor.peek() === SP) {
    cursor.skipSpaces()
    cursor.quirk('leading-space', 'a space before the tag')
  }
  const tag = readTag(cursor)
  cursor.readSpace()
  const word = readAtom(cursor)
  if (word.toUpperCase() === 'UID') return readUidForm(cursor, tag, word)
  const name = readLongName(cursor, word.toUpperCase())
  const form = name && byWord.get(name)
  if (form) return form.read(cursor, { tag, name, uid: false })
  if (firstWords.has(word.toUpperCase())) cursor.quirk('odd-shape', 'half of a name of two words')
  return readUnknown(cursor, tag, word)
}

/** `SUBSCRIBE MAILBOX x` is one command, `SUBSCRIBE MAILBOX` is about a mailbox of that name. */
function readLongName(cursor: Cursor, word: string): KnownCommand['name'] | undefined {
  const single = names.get(word)
  if (!firstWords.has(word)) return single
  const from = cursor.at
  const rest = cursor.text.slice(from, Math.min(from + LONGEST_NAME, cursor.end))
  const second = /^ ([A-Za-z.]+)(?![^ ()])/u.exec(rest)?.[1] ?? ''
  const name = names.get(`${word} ${second.toUpperCase()}`)
  if (!name) return single
  cursor.at += 1 + second.length
  if (!single || cursor.hasMore()) return name
  cursor.at = from
  return single
}

function readUidForm(cursor: Cursor, tag: string, uid: string): Command {
  if (!cursor.hasMore()) {
    cursor.quirk('odd-shape', 'UID without the command that it belongs to')
    return { tag, name: 'unknown', word: uid, arguments: [] }
  }
  cursor.readSpace()
  const word = readAtom(cursor)
  const name = names.get(word.toUpperCase())
  const form = name && uidWords.has(name) ? byWord.get(name) : undefined
  if (form && name) return form.read(cursor, { tag, name, uid: true })
  if (name) cursor.quirk('odd-shape', 'UID before a command that has no such form')
  return readUnknown(cursor, tag, `${uid} ${word}`)
}

function readUnknown(cursor: Cursor, tag: string, word: string): UnknownCommand {
  return { tag, name: 'unknown', word, arguments: readSyntaxRest(cursor) }
}
