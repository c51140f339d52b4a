/** Keys of SEARCH and items of FETCH that nobody here knows, as conditions name them; reads no command. */

import { listNearWords } from '../config/nearest-word.ts'
import { fetchAttributeNames } from '../imap/fetch-attribute.ts'
import { searchKeyNames } from '../imap/search-key.ts'
import { showWord } from './condition-fault.ts'

export function findItemFault(variable: string, word: string): string | undefined {
  if (variable !== 'searchKeys' && variable !== 'fetchItems') return undefined
  // Extensions that are not registered begin so, and rules may well know of one.
  if (word.startsWith('X-')) return undefined
  if (variable === 'searchKeys') return keys.has(word) ? undefined : explain(word, 'SEARCH has no key', keys)
  if (items.has(word) || section.test(word)) return undefined
  if (/^B(?:ODY|INARY)[.A-Z]*\[.*[ (<]/u.test(word)) return withoutRest(word)
  return explain(word, 'FETCH has no item', items)
}

/** MESSAGES: a set of numbers. */
const keys: ReadonlySet<string> = new Set([...searchKeyNames, 'MESSAGES'])
const items: ReadonlySet<string> = new Set([...fetchAttributeNames, 'BODY[TEXT]', 'BODY[HEADER]'])

const section =
  /^(?:BODY(?:\.PEEK)?\[(?:[1-9]\d*(?:\.[1-9]\d*)*(?:\.MIME)?|(?:[1-9]\d*\.)*(?:HEADER(?:\.FIELDS(?:\.NOT)?)?|TEXT))?\]|BINARY(?:\.PEEK)?\[(?:[1-9]\d*(?:\.[1-9]\d*)*)?\])$/u

function withoutRest(word: string): string {
  const short = `${word.replace(/[ (<].*$/u, '').replace(/\]$/u, '')}]`
  return `items stand there without header fields and octets: write "${showWord(short)}"`
}

function explain(word: string, what: string, known: ReadonlySet<string>): string {
  const near = listNearWords(word, [...known]).map((one) => `"${one}"`)
  const hint = near.length > 0 ? `: did you mean ${near.join(' or ')}?` : ' that is known here'
  return `${what} "${showWord(word)}"${hint}`
}
