/** What a command's arguments are as words for conditions: flags, search keys, items, the form of its messages; knows no rule. */

import type { Command } from '../imap/commands/index.ts'
import type { FetchAttribute } from '../imap/fetch-attribute.ts'
import type { SearchKey } from '../imap/search-key.ts'
import type { Section } from '../imap/section.ts'
import type { Syntax } from '../imap/syntax.ts'
import type { SetForm } from './context.ts'

/** Small letters, without doubles. */
export function flagsOf(command: Command): readonly string[] {
  switch (command.name) {
    case 'STORE':
      return command.change.kind === 'flags' ? fold(command.change.flags) : []
    case 'APPEND':
      return fold(command.messages.flatMap(({ flags }) => flags ?? []))
    case 'REPLACE':
      return fold(command.message.flags ?? [])
    default:
      return []
  }
}

const fold = (flags: readonly string[]): readonly string[] => [
  ...new Set(flags.map((flag) => flag.toLowerCase())),
]

/** Upper case, with the keys within keys, without doubles. */
export function searchKeysOf(command: Command): readonly string[] {
  const words = new Set<string>()
  if ('keys' in command) collect(command.keys, words)
  return [...words]
}

/** Without recursion over siblings: a list of keys may be as long as a command. */
function collect(keys: readonly SearchKey[], words: Set<string>): void {
  const open = [...keys]
  for (let key = open.pop(); key; key = open.pop()) {
    if (key.key === 'and') open.push(...key.keys)
    else
      words.add(
        key.key === 'unknown' ? key.word.toUpperCase() : key.key === 'messages' ? 'MESSAGES' : key.key,
      )
    if ('operand' in key) open.push(key.operand)
    if (key.key === 'OR') open.push(key.left, key.right)
    if (key.key === 'MIMEPART' || key.key === 'X-MIMEPART') collectAtoms(key.arguments, words)
  }
}

/** Of a body part: nobody here reads its keys, and so each atom counts as one. */
function collectAtoms(values: readonly Syntax[], words: Set<string>): void {
  for (const value of values) {
    if (value.kind === 'list') collectAtoms(value.items, words)
    else if (value.kind === 'atom') words.add(value.text.toUpperCase())
    else if (value.kind === 'opaque')
      for (const [word] of value.text.matchAll(/[^\s()"]+/gu)) words.add(word.toUpperCase())
  }
}

/** Upper case, macros with what they stand for, without doubles. */
export function fetchItemsOf(command: Command): readonly string[] {
  if (command.name === 'PARTIAL') return [command.item.toUpperCase()]
  if (command.name === 'NOTIFY') {
    const events = command.groups.flatMap((group) => group.events)
    const items = events.flatMap((event) => (event.name === 'MESSAGENEW' ? (event.items ?? []) : []))
    return [...new Set(items.flatMap(itemWords))]
  }
  if (command.name !== 'FETCH' && command.name !== 'CONVERT') return []
  return [...new Set(command.items.flatMap(itemWords))]
}

const fast = ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE']
const macros = new Map<string, readonly string[]>([
  ['FAST', fast],
  ['ALL', [...fast, 'ENVELOPE']],
  ['FULL', [...fast, 'ENVELOPE', 'BODY']],
])

function itemWords(item: FetchAttribute): readonly string[] {
  switch (item.name) {
    case 'BODY[]':
      return [`BODY${item.isPeek ? '.PEEK' : ''}[${sectionWord(item.section)}]`]
    case 'BINARY[]':
      return [`BINARY${item.isPeek ? '.PEEK' : ''}[${item.part.join('.')}]`]
    case 'unknown':
      return [item.word.toUpperCase()]
    default:
      return [item.name, ...(macros.get(item.name) ?? [])]
  }
}

/** Without the fields that are asked for. */
function sectionWord(section: Section): string {
  const word = section.text === 'whole' ? [] : [section.text === 'unknown' ? section.word : section.text]
  return [...section.part, ...word].join('.').toUpperCase()
}

export function mechanismOf(command: Command): string {
  return command.name === 'AUTHENTICATE' ? command.mechanism.toUpperCase() : ''
}

/** The widest form of the set: `1,5:*` is `star`, `1,2:3` is `range`. */
export function setFormOf(command: Command): SetForm {
  const set = setOf(command)
  if (set === undefined) return 'none'
  if (set.includes('$')) return 'saved'
  if (set.includes('*')) return 'star'
  if (set.includes(':')) return 'range'
  return set.includes(',') ? 'list' : 'single'
}

function setOf(command: Command): string | undefined {
  if (command.name === 'REPLACE') return command.replaced
  if (command.name === 'PARTIAL') return String(command.message)
  if (!('messages' in command) || typeof command.messages !== 'string') return undefined
  return command.messages
}
