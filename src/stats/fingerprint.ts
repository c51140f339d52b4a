/** What kind of command it is, without whose mail it is about: `UID FETCH ? (FLAGS ENVELOPE)`; knows no session. */

import { clip } from '../imap/printable.ts'
import type { Exchange } from '../session/exchanges.ts'
import { cutArguments, type Word } from './argument-words.ts'
import { SearchWords } from './search-words.ts'

/** Characters of a fingerprint: enough for the items of any FETCH that people write. */
const LONGEST = 120

/** How many arguments in front are somebody's data: mailboxes, sets, users. Behind them stand words of the language. */
const values: Readonly<Record<string, number>> = {
  APPEND: 1,
  COPY: 2,
  CREATE: 1,
  DELETE: 1,
  DELETEACL: 2,
  EXAMINE: 1,
  EXPUNGE: 1,
  FETCH: 1,
  GETACL: 1,
  GETQUOTA: 1,
  GETQUOTAROOT: 1,
  LISTRIGHTS: 2,
  LOGIN: 2,
  LSUB: 2,
  MOVE: 2,
  MYRIGHTS: 1,
  RENAME: 2,
  REPLACE: 2,
  SELECT: 1,
  SETACL: 3,
  SETQUOTA: 1,
  STATUS: 1,
  STORE: 1,
  SUBSCRIBE: 1,
  UNSUBSCRIBE: 1,
}

/** Commands whose arguments are words of the language from the first on. */
const wordy = new Set(['ENABLE', 'COMPRESS', 'AUTHENTICATE', 'LIST', 'XLIST'])

/** Any other command: its arguments do not tell kinds apart, or nobody knows which of them do. */
const opaque = '?'

/** Only what is printed of a command is read, so that a live session and its capture have the same. */
export function fingerprint({ name, args }: Pick<Exchange, 'name' | 'args'>): string {
  if (args === '') return clip(name, LONGEST)
  const verb = name.startsWith('UID ') ? name.slice(4) : name
  return clip(`${name} ${describe(verb, args)}`, LONGEST)
}

function describe(verb: string, args: string): string {
  if (verb === 'SEARCH' || verb === 'SORT' || verb === 'THREAD' || verb === 'ESEARCH') {
    return join(describeSearch(verb, cutArguments(args)))
  }
  const hidden = Object.hasOwn(values, verb) ? (values[verb] ?? 0) : 0
  if (hidden === 0 && !wordy.has(verb)) return opaque
  const isStore = verb === 'STORE' || verb === 'APPEND'
  const show = verb === 'LIST' || verb === 'XLIST' ? listWord : isStore ? storeWord : plainWord
  return join(describeWords(cutArguments(args), hidden, show))
}

function describeWords(
  words: readonly Word[],
  hidden: number,
  show: (text: string) => string,
): readonly string[] {
  let left = hidden
  let depth = 0
  const shown: string[] = []
  for (const word of words) {
    if (word.kind === 'open') depth++
    if (word.kind === 'close') depth--
    if (word.kind === 'open' || word.kind === 'close') shown.push(word.kind === 'open' ? '(' : ')')
    else shown.push(word.kind === 'value' || left > 0 ? '?' : show(word.text))
    // A list is one argument, as `(1 2)` of an EXPUNGE is not, but `(\Seen)` of an APPEND.
    if (depth === 0 && left > 0) left--
  }
  return shown
}

/** Numbers and sets are data, as is whatever looks like neither a word nor a flag. */
function plainWord(text: string): string {
  if (text.includes('[')) return sectionWord(text)
  return /^[+\-$\\]?[A-Z][A-Z0-9.\-=_/+*]*$/u.test(text) ? text : '?'
}

/** `BODY.PEEK[1.2.MIME]<0.1024>` is `BODY.PEEK[?.MIME]<?>`: which part, and where from, is data. */
function sectionWord(text: string): string {
  const [, name = '', section = '', rest = ''] = /^([A-Z.]+)\[([^\]]*)\](.*)$/u.exec(text) ?? []
  if (name === '') return '?'
  const shape = section.replace(/^\d+(?:\.\d+)*/u, '?').replaceAll(/[^A-Z0-9.\-?() ]/gu, '?')
  return `${name}[${shape}]${rest === '' ? '' : '<?>'}`
}

/** Flags of the system and of the registry are few; keywords are what a user calls things. */
const storeWord = (text: string): string => (isFlagWord(text) ? writeFlag(text) : '?')

const isFlagWord = (text: string): boolean =>
  /^(?:[\\$][A-Z]+|[+-]?FLAGS(?:\.SILENT)?|[+-]?X-GM-LABELS(?:\.SILENT)?|UNCHANGEDSINCE)$/u.test(text)

/** `\Seen`, as it is written everywhere. */
const writeFlag = (text: string): string =>
  text.startsWith('\\') ? text.slice(0, 2) + text.slice(2).toLowerCase() : text

/** References and patterns are data; what is selected and returned is not. */
const listWord = (text: string): string => (listWords.has(text) ? text : '?')

const listWords = new Set(
  (
    'RETURN SUBSCRIBED REMOTE CHILDREN RECURSIVEMATCH SPECIAL-USE STATUS MYRIGHTS METADATA MESSAGES RECENT UIDNEXT ' +
    'UIDVALIDITY UNSEEN SIZE DELETED HIGHESTMODSEQ MAILBOXID'
  ).split(' '),
)

/** What stands in front of the keys: criteria and a charset, or an algorithm. */
const heads: Readonly<Record<string, 'list' | 'word' | undefined>> = { SORT: 'list', THREAD: 'word' }

function describeSearch(verb: string, words: readonly Word[]): readonly string[] {
  const keys = new SearchWords(heads[verb])
  return words.map((word) => keys.show(word))
}

/** Data side by side within a list is one `?`: how many there are makes no other kind of command. */
function join(shown: readonly string[]): string {
  let text = ''
  let depth = 0
  let last = ''
  for (const word of shown) {
    if (word === '(') depth++
    if (word === ')') depth--
    if (word === '?' && last === '?' && depth > 0) continue
    text += text === '' || last === '(' || word === ')' ? word : ` ${word}`
    last = word
  }
  return text
}
