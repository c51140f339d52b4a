/** What is wrong with the words that a policy gives or takes: names of rules and of users, rights; it does not know where they stand. */

import { nonEmpty } from './checked-text.ts'
import { showText } from './shown-text.ts'

/** A name is looked for as it is shown, and shown in one line: nothing in it may be unseen but what spells a word. */
export function findRuleNameFault(name: string): string | undefined {
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(name.replace(joiners, '')))
    return 'must be one line without control characters'
  const bare = name.trim()
  if (bare === '') return nonEmpty(name)
  return name === bare ? undefined : `has a space at an end: write ${showText(bare)}`
}

/** Persian, Hindi and others spell with them, and emoji are made of several; beside an ASCII letter nothing shows them. */
const joiners = /(?<=[^\0-\x7f\u200c\u200d])[\u200c\u200d](?=[^\0-\x7f\u200c\u200d])/gu

/** An entry about nobody hides nothing: what looks like a list or like another language of patterns is a mistake. */
export function findUserFault(user: string): string | undefined {
  return user.includes(',') && isOneLine(user) ? explainComma(user) : findListedUserFault(user)
}

/** Of an item of a list, where a comma belongs to the name: `smith, john`, `cn=ann,ou=x`. */
export function findListedUserFault(user: string): string | undefined {
  const bare = user.trim()
  if (bare === '') return nonEmpty(user)
  if (!isOneLine(bare)) return 'must be one line without control characters'
  if (/^[[{].*,|^,|,$/u.test(bare)) return explainComma(user)
  if (user !== bare) return `has a space at an end: write ${showText(bare)}`
  if (user.startsWith('!'))
    return `nobody is left out by !: write an entry for ${showText(user.slice(1).trim())} in front, since the first that fits counts`
  if (user.startsWith('@')) return `is the name of nobody: write *${showText(user)} for everybody there`
  if (user.startsWith('.*')) return `* alone stands for anything: write ${showText(user.slice(1))}`
  return /^[/^]/u.test(user)
    ? 'is no pattern here: only * stands for anything, as in ann* or *@example.com'
    : undefined
}

const isOneLine = (user: string): boolean => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(user.trim())

function explainComma(user: string): string {
  const list = `is one name with a comma in it: a list is written ${showText(writeList(user))}`
  const isName = !/^[[{(,]|,$|['\p{Cf}]/u.test(user.trim())
  return isName ? `${list}, and this one name ${showText(`['${user.trim()}']`)}` : list
}

/** As somebody would write it who knew how: `ann, bob`, `{ann,bob}`. */
function writeList(user: string): string {
  const names = user.replaceAll(/^[\s[{(]+|[\s\]})]+$/gu, '').split(',')
  const each = names.map((name) => name.trim()).filter((name) => name !== '')
  return `[${each.map((name) => (/^[\w.+-]+(?:@[\w.-]+)?$/u.test(name) ? name : `'${name}'`)).join(', ')}]`
}

const rightsMeant: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:none|nothing|no|never)$/iu,
    'write [] where nothing may be done, or hidden: true where it shall not be seen',
  ],
  [
    /^(?:write|read-?write|rw|edit|modify|change)$/iu,
    'write some of flag, insert, create, delete, such as [read, flag, insert]',
  ],
  [/^(?:read-?only|ro|look|view|lookup|select)$/iu, 'write read'],
]

/** What to write for a right that there is not; undefined where nobody can guess. */
export function explainRight(written: unknown): string | undefined {
  if (typeof written !== 'string') return undefined
  const meant = rightsMeant.find(([word]) => word.test(written))
  return meant && `there is no right ${written}: ${meant[1]}`
}
