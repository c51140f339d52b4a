/** Keys of SEARCH and items of FETCH that are a slip of a known one, as conditions name them; reads no command. */

import { listNearWords, nearestWord } from '../config/nearest-word.ts'
import { fetchAttributeNames } from '../imap/fetch-attribute.ts'
import { searchKeyNames } from '../imap/search-key.ts'
import { showWord } from './condition-fault.ts'

interface Item {
  /** `searchKeys` or `fetchItems`: others have no fault. */
  readonly variable: string
  readonly word: string
  /** The condition speaks of `"unknown"`: whoever wrote it means what nobody here knows. */
  readonly namesUnknown: boolean
}

export function findItemFault({ variable, word, namesUnknown }: Item): string | undefined {
  if (variable === 'searchKeys') return namesUnknown ? undefined : explain(word, 'SEARCH has no key', keys)
  if (variable !== 'fetchItems' || section.test(word)) return undefined
  const bare = withoutPart(word) ?? withoutRest(word)
  if (bare !== undefined) return bare
  return namesUnknown ? undefined : explain(word, 'FETCH has no item', items)
}

/** MESSAGES: a set of numbers. The last two are Dovecot's within MIMEPART, and all but HEADER and MESSAGEID. */
const keys: ReadonlySet<string> = new Set([...searchKeyNames, 'MESSAGES', 'SENDER', 'MESSAGE-ID'])
const items: ReadonlySet<string> = new Set([
  ...fetchAttributeNames,
  'BODY[TEXT]',
  'BODY[HEADER]',
  'BODY[HEADER.FIELDS]',
  'BODY[HEADER.FIELDS.NOT]',
])

const section =
  /^(?:BODY(?:\.PEEK)?\[(?:[1-9]\d*(?:\.[1-9]\d*)*(?:\.MIME)?|(?:[1-9]\d*\.)*(?:HEADER(?:\.FIELDS(?:\.NOT)?)?|TEXT))?\]|BINARY(?:\.PEEK)?\[(?:[1-9]\d*(?:\.[1-9]\d*)*)?\])$/u

/** `BINARY.SIZE[1.2]`: only BODY and BINARY keep what stands in their brackets. */
function withoutPart(word: string): string | undefined {
  const [, name = ''] = /^([^[]+)\[[^\]]/u.exec(word) ?? []
  if (!items.has(`${name}[]`) || /^(?:BODY|BINARY)(?:\.PEEK)?$/u.test(name)) return undefined
  return `items of this name stand there without the number of the part: write "${name}[]"`
}

function withoutRest(word: string): string | undefined {
  if (!/^B(?:ODY|INARY)[.A-Z]*\[.*[ (<]/u.test(word)) return undefined
  const short = `${word.replace(/[ (<].*$/u, '').replace(/\]$/u, '')}]`
  return `items stand there without header fields and octets: write "${showWord(short)}"`
}

/** Servers have keys and items of their own, and a body part is searched by more words: only what is all but a known word is a slip. */
function explain(word: string, what: string, known: ReadonlySet<string>): string | undefined {
  // Extensions that are not registered begin with X-; of two letters half is a slip.
  if (known.has(word) || word.startsWith('X-') || word.length < 3) return undefined
  if (nearestWord(word, [...known]) === undefined) return undefined
  const near = listNearWords(word, [...known]).map((one) => `"${one}"`)
  return `${what} "${showWord(word)}": did you mean ${near.join(' or ')}?`
}
