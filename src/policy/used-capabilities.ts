/** Which capabilities a command makes use of, by the list of extensions and what that list cannot say; knows no policy. */

import type { AppendMessage } from '../imap/append-message.ts'
import { commandName, commandNames, type Command } from '../imap/commands/index.ts'
import type { ListCommand } from '../imap/commands/list.ts'
import { extensions, type Extension } from '../imap/extensions/index.ts'
import type { SearchKey } from '../imap/search-key.ts'
import { allKeys, usedWords, type UsedWord } from './used-words.ts'

/** Any of these capabilities, upper case, is enough for what the command does; the first is the one it is best known by. */
export type Alternatives = readonly string[]

/** Of the command as a whole: all of them have to be there. */
export function capabilitiesUsedBy(command: Command): readonly Alternatives[] {
  return [...usedWords(command).flatMap(alternativesOf), ...usedBeside(command), ...usedByName(command)]
}

/** Rows whose words belong to other rows, are told apart by more than the word, or are no one capability's. */
const apart: ReadonlySet<string> = new Set([
  'IMAP4',
  'IMAP4rev2',
  'ESEARCH',
  'ESORT',
  'THREAD=*',
  'THREAD=REFS',
  'COMPRESS=DEFLATE',
  'URLAUTH=BINARY',
  'XUM1',
  'DIGEST=SHA1',
])

/** Words that a row repeats from another one that is there without it. */
const repeated: ReadonlyMap<string, readonly string[]> = new Map([
  ['QRESYNC', ['CONDSTORE', 'HIGHESTMODSEQ']],
  ['CONTEXT=SORT', ['SORT', 'UID SORT']],
])

const everywhere = extensions.find(({ name }) => name === 'IMAP4rev1')
const byWord = readRows()

function readRows(): ReadonlyMap<string, Alternatives> {
  const found = new Map<string, string[]>()
  for (const row of extensions) {
    if (apart.has(row.name)) continue
    for (const used of wordsOf(row)) {
      if (isEverywhere(used)) continue
      const key = keyOf(used)
      found.set(key, [...(found.get(key) ?? []), row.name.toUpperCase(), ...upper(row.aliases ?? [])])
    }
  }
  return found
}

/** Of capabilities whose names go on, as of `THREAD=*` and `APPENDLIMIT=`, each one is known. */
export function isKnownCapability(word: string): boolean {
  const name = word.toUpperCase()
  return known.has(name) || knownHeads.some((head) => name.startsWith(head))
}

const names = extensions.flatMap(({ name, aliases }) => upper([name, ...(aliases ?? [])]))
const known: ReadonlySet<string> = new Set(names)
const knownHeads = names.filter((name) => /[=*]$/u.test(name)).map((name) => name.replace(/\*$/u, ''))

function wordsOf({ name, reads }: Extension): readonly UsedWord[] {
  const skipped = repeated.get(name) ?? []
  // The keys of `reads` are registries, which Object.entries cannot say.
  const entries = Object.entries(reads) as [UsedWord['registry'], readonly string[]][]
  return entries.flatMap(([registry, all]) =>
    all.filter((word) => !skipped.includes(word)).map((word) => ({ registry, word })),
  )
}

/** What IMAP4rev1 has is nobody's to hide: several rows name APPEND, and mean something within it. */
function isEverywhere({ registry, word }: UsedWord): boolean {
  return everywhere?.reads[registry]?.includes(word) === true
}

function keyOf({ registry, word }: UsedWord): string {
  return `${registry} ${word}`
}

function upper(all: readonly string[]): readonly string[] {
  return all.map((one) => one.toUpperCase())
}

function alternativesOf(used: UsedWord): readonly Alternatives[] {
  const found = byWord.get(keyOf(used))
  return found ? [found] : (beside.get(keyOf(used)) ?? [])
}

/** Of Cyrus's row each word by itself. */
const beside: ReadonlyMap<string, readonly Alternatives[]> = new Map([
  ['sort key MODSEQ', [['SORT=MODSEQ']]],
  ['sort key UID', [['SORT=UID']]],
  ['fetch attribute DIGEST.SHA1', [['DIGEST=SHA1']]],
  ['fetch attribute CREATEDMODSEQ', [['X-CREATEDMODSEQ']]],
  ['status item CREATEDMODSEQ', [['X-CREATEDMODSEQ']]],
  ...['CID', 'BASECID'].map((word): [string, readonly Alternatives[]] => [
    `fetch attribute ${word}`,
    [['XCONVERSATIONS']],
  ]),
  ...['CID', 'CONVFLAG', 'CONVMODSEQ', 'CONVREAD', 'CONVSEEN', 'CONVUNREAD', 'CONVUNSEEN'].map(
    (word): [string, readonly Alternatives[]] => [`search key ${word}`, [['XCONVERSATIONS']]],
  ),
])

/** A capability may go by the name of its command: `IDLE`, `XYZZY`, and what a server has that nobody here knows. */
function usedByName(command: Command): readonly Alternatives[] {
  const name = commandName(command)
  if (isEverywhere({ registry: 'command', word: name })) return []
  return commandNames.has(name) && byWord.has(`command ${name}`) ? [] : [[name]]
}

/** What is more than a word. */
function usedBeside(command: Command): readonly Alternatives[] {
  switch (command.name) {
    case 'AUTHENTICATE':
      return [[`AUTH=${command.mechanism}`], ...(command.initialResponse ? [['SASL-IR']] : [])]
    case 'COMPRESS':
      return [[`COMPRESS=${command.algorithm}`]]
    case 'ENABLE':
      return upper(command.capabilities).map((word) => [word])
    case 'LIST':
      return isExtended(command) ? [['LIST-EXTENDED']] : []
    case 'SEARCH':
    case 'ESEARCH':
      return [...ifAny(command.returns, 'ESEARCH'), ...savedIn(command.keys)]
    case 'SORT':
      return [...ifAny(command.returns, 'ESORT'), ...savedIn(command.keys)]
    case 'THREAD':
      return [[`THREAD=${command.algorithm}`], ...savedIn(command.keys)]
    case 'APPEND':
      return [
        ...(command.messages.length > 1 ? [['MULTIAPPEND']] : []),
        ...(command.messages.some(isBinary) ? [['BINARY']] : []),
      ]
    case 'REPLACE':
      return isBinary(command.message) ? [['BINARY']] : []
    case 'URLFETCH':
      return command.requests.some(({ parameters }) => parameters) ? [['URLAUTH=BINARY']] : []
    case 'GETMETADATA':
    case 'SETMETADATA':
      return command.mailbox === '' ? [['METADATA-SERVER', 'METADATA']] : [['METADATA']]
    case 'COPY':
    case 'MOVE':
    case 'FETCH':
    case 'STORE':
    case 'CONVERT':
      return isSaved(command.messages) ? [['SEARCHRES']] : []
    case 'EXPUNGE':
      return command.uid && isSaved(command.messages) ? [['SEARCHRES']] : []
    default:
      return []
  }
}

const ifAny = (returns: unknown, capability: string): readonly Alternatives[] =>
  returns === undefined ? [] : [[capability]]

const isSaved = (set: string): boolean => set.includes('$')

function savedIn(keys: readonly SearchKey[]): readonly Alternatives[] {
  return allKeys(keys).some((key) => 'set' in key && isSaved(key.set)) ? [['SEARCHRES']] : []
}

const isBinary = ({ data }: AppendMessage): boolean => 'isBinary' in data && data.isBinary

const isExtended = ({ selection, returns, patterns }: ListCommand): boolean =>
  selection !== undefined || returns !== undefined || patterns.length !== 1
