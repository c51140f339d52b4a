/** What people write into --command that is no command by itself, and what they meant; asks no policy. */

import { commandNames } from '../../imap/commands/index.ts'
import { encodeMailboxName } from '../../imap/mailbox.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

/** Throws Failure for what would only be misread. `others`: commands that the policy knows. */
export function requireBareCommand(text: string, others: readonly string[]): void {
  if (text.trim() === '')
    throw new Failure('--command is empty', exitCodes.usage, "write --command 'UID MOVE 5 Trash'")
  const plain = text.replaceAll(quoted, '""')
  const [announced] = /~?\{\d+[+-]?\}/u.exec(plain) ?? []
  if (announced !== undefined)
    throw new Failure(
      `--command announces a literal, ${announced}, and has nothing behind it`,
      exitCodes.usage,
      "write {} in its place, and what it holds beside: --command 'APPEND Drafts {}' --literal 'Subject: x'",
    )
  const [tag = '', ...rest] = text.trim().split(/\s+/u)
  if (!isTagged(tag, rest, others)) return
  throw new Failure(
    `--command is written without its tag: leave ${tag} out`,
    exitCodes.usage,
    `write --command '${rest.join(' ')}'`,
  )
}

const quoted = /"(?:[^"\\]|\\.)*"/gu

/** The first word is no command, and what follows is one. */
function isTagged(
  tag: string,
  [first = '', second = '']: readonly string[],
  others: readonly string[],
): boolean {
  const known = new Set([...commandNames, ...others])
  const isCommand = (...words: readonly string[]): boolean => known.has(words.join(' ').toUpperCase())
  return !isCommand(tag) && !isCommand(tag, first) && (isCommand(first) || isCommand(first, second))
}

/** What to write for letters that a command cannot have as they are; undefined where it has none. */
export function hintAtLetters(text: string): string | undefined {
  const words = text.match(/"(?:[^"\\]|\\.)*"|[^\s"()]+/gu) ?? []
  const odd = words.find((word) => /\P{ASCII}/u.test(word))
  if (odd === undefined) return undefined
  if (/^(?:UID )?(?:SEARCH|SORT|THREAD)\b/iu.test(text))
    return `a command is ASCII: write {} for ${odd}, and what it holds by --literal`
  const name = encodeMailboxName(odd.replaceAll(/^"|"$/gu, ''))
  const written = /^[\w&+,./-]+$/u.test(name) ? name : `"${name}"`
  return `a name in a command is in modified UTF-7: write ${written} for ${odd}`
}
