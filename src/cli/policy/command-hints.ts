/** What people write into --command that is no command by itself, and what they meant; asks no policy. */

import { commandNames } from '../../imap/commands/index.ts'
import { encodeMailboxName } from '../../imap/mailbox.ts'
import { printable } from '../../imap/printable.ts'
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
  const [tag = '', first = '', second = ''] = text.trim().split(/\s+/u)
  if (!isTagged(tag, [first, second], others)) return
  // What stands behind may be a password, and is not repeated.
  throw new Failure(
    `--command is written without its tag: leave ${printable(tag, SHOWN)} out`,
    exitCodes.usage,
    `begin at ${first.toUpperCase()}`,
  )
}

/** Characters of a tag. */
const SHOWN = 40

const quoted = /"(?:[^"\\]|\\.)*"/gu

/** No tag, whatever follows: `UID` before what has no such form, and names of experiments (`XFOO STATUS`). */
const verbs = /^(?:UID|X[A-Z-]{2,})$/iu

/** The first word is no command, and what follows is one. */
function isTagged(
  tag: string,
  [first, second]: readonly [string, string],
  others: readonly string[],
): boolean {
  if (verbs.test(tag)) return false
  const known = new Set([...commandNames, ...others])
  const isCommand = (...words: readonly string[]): boolean => known.has(words.join(' ').toUpperCase())
  return !isCommand(tag) && !isCommand(tag, first) && (isCommand(first) || isCommand(first, second))
}

/** Commands in which the odd word is no name of a mailbox. */
const hints: readonly (readonly [RegExp, (odd: string) => string])[] = [
  // A password may be among them: none is repeated.
  [/^LOGIN\b/iu, () => 'write {} for its words, and what they hold by --literal'],
  [/^AUTHENTICATE\b/iu, () => 'what follows its mechanism is base64'],
  [/^(?:UID\s+)?FETCH\b/iu, (odd) => `nothing to fetch is called ${odd}`],
  [/^(?:UID\s+)?(?:SEARCH|SORT|THREAD)\b/iu, (odd) => `write {} for ${odd}, and what it holds by --literal`],
]

/** What to write for letters that a command cannot have as they are; undefined where it has none. */
export function hintAtLetters(text: string): string | undefined {
  const command = text.trim()
  const words = command.match(/"(?:[^"\\]|\\.)*"|[^\s"()]+/gu) ?? []
  const odd = words.find((word) => /\P{ASCII}/u.test(word))
  if (odd === undefined) return undefined
  const [, hint] = hints.find(([form]) => form.test(command)) ?? []
  if (hint) return `a command is ASCII: ${hint(odd)}`
  const name = encodeMailboxName(odd.replaceAll(/^"|"$/gu, ''))
  const written = /^[\w&+,./-]+$/u.test(name) ? name : `"${name}"`
  return `a name in a command is in modified UTF-7: write ${written} for ${odd}`
}
