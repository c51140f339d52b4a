/** What a filter that parses may still have wrong: a command that nobody knows, a question that a message cannot answer; looks at no event. */

import { commandNames, isKnownCommandWord } from '../imap/commands/index.ts'
import type { Filter } from './filter.ts'

/** Kinds that are no messages: imaptap's own words, and what is only a summary. */
const notMessages = new Set(['decided', 'finding', 'note', 'session'])

/** Commands asked for that imaptap has never heard of; a vendor's own may be among them. */
export function unknownCommands({ asked }: Filter): readonly string[] {
  return (asked.get('c') ?? []).filter((name) => {
    const word = name.toUpperCase()
    return word !== 'UID' && !word.includes('*') && !isKnownCommandWord(word)
  })
}

/** Why nothing can ever be held by it, in one sentence; undefined where something can. */
export function explainHoldless({ uses, asked }: Filter): string | undefined {
  if (uses.has('t')) return '~t asks how long a command took, which nobody knows while it can be held'
  if (uses.has('f')) return '~f asks for findings, which are made of messages that have gone on'
  if (uses.has('rule') || uses.has('e'))
    return '~rule and ~e ask what a policy decided, which it does behind a breakpoint'
  const kind = asked.get('k')?.find((name) => notMessages.has(name.toLowerCase()))
  return kind === undefined ? undefined : `~k ${kind} is no message: exchange, response and push can be held`
}

/** The known commands, for who guesses what was meant. */
export const knownCommands = (): readonly string[] => [...commandNames]
