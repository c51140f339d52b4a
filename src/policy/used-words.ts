/** The words of a command that some extension brought, each with its registry; knows no capability. */

import type { AppendMessage } from '../imap/append-message.ts'
import { commandName, type Command } from '../imap/commands/index.ts'
import type { SearchProgram } from '../imap/commands/search.ts'
import type { Registry } from '../imap/extensions/index.ts'
import type { FetchAttribute } from '../imap/fetch-attribute.ts'
import type { SearchKey } from '../imap/search-key.ts'
import { storeWord } from '../imap/store-item.ts'

export interface UsedWord {
  readonly registry: Registry
  /** Upper case, as it stands in the registry. */
  readonly word: string
}

/** Anything with a name, or a word where nobody knows the name. */
interface Named {
  readonly name: string
  readonly word?: string
}

export function usedWords(command: Command): readonly UsedWord[] {
  return [{ registry: 'command', word: commandName(command) }, ...wordsWithin(command)]
}

function wordsWithin(command: Command): readonly UsedWord[] {
  switch (command.name) {
    case 'FETCH':
      return [...attributes(command.items), ...named('fetch modifier', command.modifiers)]
    case 'CONVERT':
      return attributes(command.items)
    case 'STORE':
      return [
        { registry: 'store item', word: storeWord(command.change) },
        ...named('store modifier', command.modifiers),
      ]
    case 'STATUS':
      return words('status item', command.items)
    case 'SELECT':
    case 'EXAMINE':
      return named('select parameter', command.parameters)
    case 'CREATE':
      return named('create parameter', command.parameters)
    case 'APPEND':
      return command.messages.flatMap(wordsOfMessage)
    case 'REPLACE':
      return wordsOfMessage(command.message)
    case 'NOTIFY':
      return command.groups.flatMap(({ events }) =>
        events.flatMap((event) => (event.name === 'MESSAGENEW' ? attributes(event.items ?? []) : [])),
      )
    case 'LIST':
    case 'LSUB':
    case 'RLIST':
    case 'RLSUB':
    case 'XLIST':
      return wordsOfList([...(command.selection ?? []), ...(command.returns ?? [])])
    case 'SORT':
      return [
        ...command.criteria.flatMap((one) => words('sort key', [one.key === 'unknown' ? one.word : one.key])),
        ...named('return option', command.returns),
        ...wordsOfKeys(command),
      ]
    case 'SEARCH':
    case 'ESEARCH':
      return [...named('return option', command.returns), ...wordsOfKeys(command)]
    case 'THREAD':
      return wordsOfKeys(command)
    default:
      return []
  }
}

const words = (registry: Registry, all: readonly string[]): readonly UsedWord[] =>
  all.map((word) => ({ registry, word: word.toUpperCase() }))

const named = (registry: Registry, all: readonly Named[] | undefined): readonly UsedWord[] =>
  words(
    registry,
    (all ?? []).map(({ name, word }) => (name === 'unknown' ? (word ?? name) : name)),
  )

function attributes(items: readonly FetchAttribute[]): readonly UsedWord[] {
  return items.flatMap((item) => {
    const isPeek = 'isPeek' in item && item.isPeek
    const name = item.name === 'unknown' ? item.word : item.name
    return words('fetch attribute', [isPeek ? name.replace('[]', '.PEEK[]') : name])
  })
}

function wordsOfMessage({ options, data }: AppendMessage): readonly UsedWord[] {
  const kinds = { utf8: ['UTF8'], catenate: ['CATENATE'], literal: [], streamed: [] } as const
  const ofData = data.kind === 'extension' ? [data.word] : kinds[data.kind]
  return [...named('append data', options), ...words('append data', ofData)]
}

function wordsOfList(
  options: readonly (Named & { readonly items?: readonly string[] })[],
): readonly UsedWord[] {
  return options.flatMap((option) => [
    ...named('list option', [option]),
    ...words('status item', option.items ?? []),
  ])
}

function wordsOfKeys({ keys }: SearchProgram): readonly UsedWord[] {
  return allKeys(keys).flatMap((key) => words('search key', [key.key === 'unknown' ? key.word : key.key]))
}

/** With those that stand within others. */
export function allKeys(keys: readonly SearchKey[]): readonly SearchKey[] {
  return keys.flatMap((key) => {
    if (key.key === 'and') return allKeys(key.keys)
    if (key.key === 'OR') return [key, ...allKeys([key.left, key.right])]
    return 'operand' in key ? [key, ...allKeys([key.operand])] : [key]
  })
}
