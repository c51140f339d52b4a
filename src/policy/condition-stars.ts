/** Texts with a `*` that was meant as a pattern, where it is a letter like any other; knows no mailbox. */

import type { Subject } from './condition-subject.ts'

/** In the middle it may belong to the name: Dovecot's master users are `ann*master`. */
const isWild = (text: string): boolean => /^\*|\*$|\*@|@\*/u.test(text) && text !== '\\*'

/** `op`: what the text is compared by. */
export function explainStar(subject: Subject, text: string, op: string): string | undefined {
  if (subject.isMailbox || !isWild(text)) return undefined
  return `* stands for itself here: write ${writeInstead(subject, text, op === '!=')}`
}

function writeInstead({ name, item, type, letters }: Subject, text: string, isNot: boolean): string {
  const meant = letters === undefined ? text : letters === 'lower' ? text.toLowerCase() : text.toUpperCase()
  const isAny = /^\*+$/u.test(text)
  if (type === 'list<string>') return isAny ? `size(${name}) > 0` : `${name}.exists(x, x${writeTest(meant)})`
  if (isAny) return `${item ?? name} ${isNot ? '==' : '!='} ""`
  return `${isNot ? '!' : ''}${item ?? name}${writeTest(meant)}`
}

function writeTest(text: string): string {
  const body = text.replace(/^\*+|\*+$/gu, '')
  const quoted = JSON.stringify(body)
  if (body.includes('*')) return `.matches(${JSON.stringify(writePattern(text))})`
  if (!text.startsWith('*')) return `.startsWith(${quoted})`
  return text.endsWith('*') ? `.contains(${quoted})` : `.endsWith(${quoted})`
}

/** Classes of one letter, since a backslash would be written twice. */
const writePattern = (text: string): string =>
  `^${text.replace(/[.+?(){}|[\]$]/gu, '[$&]').replace(/\*+/gu, '.*')}$`
