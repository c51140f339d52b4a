/** What a condition that cannot be read was meant to be: the slips of people who know other languages; knows no variable. */

import { showWord, type ConditionFault } from './condition-fault.ts'
import { guessSeconds, guessTime } from './condition-time.ts'
import { readTokens, type Token } from './condition-tokens.ts'

/** UTF-16 units. No person writes more by hand, and looking for slips takes more than linear time. */
const LONGEST = 4_096

/** In the order of the text; none where it is wrong in a way of its own. */
export function findSlips(source: string): readonly ConditionFault[] {
  if (source.length > LONGEST) return []
  const tokens = readTokens(source)
  const open = tokens.filter(({ isOpen }) => isOpen)
  // Behind an open quote nothing is what it seems.
  if (open.length > 0) return open.slice(0, 1).map((token) => explainOpenText(token, source))
  const spots = tokens.map((token, at): Spot => ({ token, at, tokens, source }))
  const slips = spots.flatMap(
    (spot) => explainBareText(spot) ?? faultAt(spot.token, explainWord(spot) ?? explainSign(spot)),
  )
  const plain = [...slips, ...findUnpaired(tokens)]
  // A gap may bring the next one about.
  return plain.length > 0 ? inOrder(plain) : findGaps(spots).slice(0, 1)
}

interface Spot {
  readonly token: Token
  readonly at: number
  readonly tokens: readonly Token[]
  readonly source: string
}

const faultAt = (token: Token, message: string | undefined): readonly ConditionFault[] =>
  message === undefined ? [] : [{ start: token.start, message }]

const inOrder = (faults: readonly ConditionFault[]): readonly ConditionFault[] =>
  faults.toSorted((one, other) => one.start - other.start)

function explainOpenText({ start, text }: Token, source: string): ConditionFault {
  const quote = text.replace(/^[rb]+/iu, '').charAt(0)
  const other = quote === '"' ? "'" : '"'
  const [bare] = /[\w.@-]+$/u.exec(source.slice(0, start)) ?? []
  if (bare !== undefined) return { start, message: `a quote is missing in front of ${showWord(bare)}` }
  if (text.includes(other))
    return {
      start,
      message: `the text begins with ${quote} and ends with ${other}: use the same on both sides`,
    }
  return { start, message: `this quote is not closed: end the text with ${quote}` }
}

const operators: ReadonlyMap<string, string> = new Map([
  ['and', 'write && in place of `and`'],
  ['or', 'write || in place of `or`'],
  ['xor', 'write != in place of `xor`'],
  ['is', 'write == in place of `is`'],
  ['equals', 'write == in place of `equals`'],
  ['eq', 'write == in place of `eq`'],
  ['ne', 'write != in place of `ne`'],
  ['between', 'write hour >= 8 && hour < 18 in place of `between`'],
  ['like', 'write glob(mailbox, "Archive/**") or client.matches("^K-9") in place of `like`'],
  ['contains', 'write client.contains("Mail"), or for a list "read" in actions'],
  ['has', 'for a list write "read" in actions'],
  ['matches', 'write client.matches("^K-9")'],
  ['startswith', 'write client.startsWith("K-9")'],
  ['endswith', 'write user.endsWith("@example.com")'],
  ['then', 'leave `then` out: what happens stands in a key of its own, such as `deny: true`'],
])

function explainWord(spot: Spot): string | undefined {
  const { token, at, tokens } = spot
  if (token.kind !== 'word' && token.kind !== 'number') return undefined
  const before = tokens[at - 1]
  const next = tokens[at + 1]
  if (token.kind === 'number') return explainQuantity(spot) ?? explainNumber(token, next)
  const word = token.text.toLowerCase()
  if (word === 'not') return next?.text === 'in' ? 'write !("a" in list) in place of `not in`' : notSign
  if ((word === 'if' || word === 'when' || word === 'where') && !before)
    return `leave \`${token.text}\` out: a condition stands alone`
  const isRange = word === 'and' && tokens[at - 2]?.text.toLowerCase() === 'between'
  return before && isOperandEnd(before) && !isRange ? operators.get(word) : undefined
}

const notSign = 'write ! in place of `not`'

/** Beside what counts seconds, and beside a time of day, the units are those of time. */
function explainQuantity({ token, at, tokens }: Spot): string | undefined {
  const unit = tokens[at + 1]
  const isApart = unit?.kind === 'word' && /^\d+$/u.test(token.text)
  const text = isApart ? `${token.text} ${unit.text}` : token.text
  const [behind] = tokens.slice(isApart ? at + 2 : at + 1)
  const isBeside = (name: string): boolean =>
    (isComparing(tokens[at - 1]) && tokens[at - 2]?.text === name) ||
    (isComparing(behind) && tokens.slice(at + 1, at + 6).some((one) => one.text === name))
  const seconds = isBeside('age') ? guessSeconds(text) : undefined
  if (seconds !== undefined) return `session.age counts seconds: write ${seconds}`
  const hasUnit = !/^\d+(?::\d{2})?$/u.test(text)
  const time = hasUnit && isBeside('time') ? guessTime(text) : undefined
  return time === undefined ? undefined : `a time stands in quotes: "${time}"`
}

const isComparing = (token: Token | undefined): boolean => /^(?:[<>]=?|[=!]=)$/u.test(token?.text ?? '')

function explainNumber({ text, end }: Token, next: Token | undefined): string | undefined {
  const [, size, unit = ''] = /^(\d+)([kmg])i?b?$/iu.exec(text) ?? []
  if (size !== undefined) return explainSize(size, unit)
  const [, apart] = /^([kmg])i?b$/iu.exec(next?.text ?? '') ?? []
  if (apart !== undefined) return explainSize(text, apart)
  if (/^\d{1,2}:\d{2}$/u.test(text)) return `a time stands in quotes: time >= "${text.padStart(5, '0')}"`
  if (/^\d+(?:\.\d+){2,}$/u.test(text))
    return next?.text === '/' && next.start === end
      ? 'a network is asked for by inNetwork(address, "10.0.0.0/8")'
      : `an address stands in quotes: "${text}"`
  const [, number, letters = ''] = /^(\d+)([a-z]+)$/iu.exec(text) ?? []
  if (number === undefined || /^(?:u|e|x.*)$/iu.test(letters)) return undefined
  return `a number has no unit: write ${number}, or a text in quotes`
}

const explainSize = (size: string, unit: string): string =>
  `a size is written ${size} * ${unit.toUpperCase()}iB, without quotes`

const signs: Readonly<Record<string, string>> = {
  '=': 'comparison is written ==',
  '===': 'comparison is written ==',
  '!==': 'write != in place of !==',
  '<>': 'write != in place of <>',
  '=>': 'write >= in place of =>',
  '=<': 'write <= in place of =<',
  '=~': 'write client.matches("^K-9") in place of =~',
  '~': 'write client.matches("^K-9") in place of ~',
  '&': 'write &&',
  '|': 'write ||',
  ';': 'leave ; out: nothing ends a condition',
  '#': 'a comment begins with //',
  $: 'a variable stands alone, without $',
  '\\': String.raw`a \ stands within quotes only, and twice: "\\deleted"`,
}

function explainSign({ token, at, tokens }: Spot): string | undefined {
  const { kind, text } = token
  if (kind === 'text') return explainText(token)
  if (kind !== 'sign') return undefined
  // The one that closes what another opened is the same slip.
  if (curly.test(text))
    return tokens.slice(0, at).some((one) => curly.test(one.text)) ? undefined : plainQuotes
  if (text === '(' && tokens[at - 1]?.text === 'in' && hasComma(tokens.slice(at + 1)))
    return 'a list stands in brackets: ["FETCH", "STORE"]'
  return signs[text]
}

const curly = /^[“”„‘’«»`]$/u
const plainQuotes = 'quotes are written " or \''

/** YAML takes no backslashes away but within its own double quotes. */
function explainText({ text }: Token): string | undefined {
  if (/^b?r/iu.test(text)) return undefined
  const [, wrong] = /(?<!\\)(?:\\\\)*\\([^\\abfnrtv"'`?xXuU0-7][\p{L}\p{N}]*)/u.exec(text) ?? []
  return wrong === undefined
    ? undefined
    : String.raw`a \ within quotes is written twice: \\${showWord(wrong)}`
}

/** Addresses of mail and patterns, without their quotes. */
function explainBareText({ token, at, tokens, source }: Spot): readonly ConditionFault[] | undefined {
  const { kind, text, start } = token
  const isWild = text === '**' || (text === '*' && /^[),\]]?$/u.test(tokens[at + 1]?.text ?? ''))
  if (kind !== 'sign' || !(text === '@' || isWild)) return undefined
  const [before = ''] = /[^\s(),[\]"']*$/u.exec(source.slice(0, start)) ?? []
  const [behind = ''] = /^[^\s(),[\]"']*/u.exec(source.slice(start)) ?? []
  const message = `a text stands in quotes: "${showWord(before + behind)}"`
  return [{ start: start - before.length, message }]
}

/** Before the parenthesis closes, and not within another. */
function hasComma(tokens: readonly Token[]): boolean {
  let depth = 0
  for (const { text, kind } of tokens) {
    if (kind !== 'sign') continue
    if (text === ',' && depth === 0) return true
    if (/^[([{]$/u.test(text)) depth++
    if (/^[)\]}]$/u.test(text) && depth-- === 0) return false
  }
  return false
}

const closing = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])
const opening = new Map([...closing].map(([open, close]) => [close, open]))

function findUnpaired(tokens: readonly Token[]): readonly ConditionFault[] {
  const open: Token[] = []
  for (const token of tokens) {
    if (token.kind !== 'sign') continue
    if (closing.has(token.text)) open.push(token)
    const wanted = opening.get(token.text)
    if (wanted === undefined) continue
    const last = open.pop()
    if (last?.text === wanted) continue
    const message = last
      ? `${closing.get(last.text) ?? ''} is missing before this: it closes the ${last.text} at character ${last.start + 1}`
      : `this ${token.text} closes nothing: take it out, or open ${wanted} before it`
    return [{ start: token.start, message }]
  }
  return open.map(({ text, start }) => ({
    start,
    message: `this ${text} is not closed: a ${closing.get(text) ?? ''} is missing`,
  }))
}

const joining = new Set([
  '&&',
  '||',
  '==',
  '!=',
  '<',
  '>',
  '<=',
  '>=',
  '+',
  '*',
  '/',
  '%',
  '?',
  ':',
  ',',
  'in',
  '.',
])

/** Two values side by side, or an operator without one. */
function findGaps(spots: readonly Spot[]): readonly ConditionFault[] {
  return spots.flatMap(({ token, at, tokens }) => {
    const before = tokens[at - 1]
    const isAlone = !before || joining.has(before.text) || closing.has(before.text)
    if (isJoining(token) && isAlone && before?.text !== ',')
      return faultAt(token, `something is missing before ${showWord(token.text)}`)
    if (!before || !isOperandEnd(before) || !isOperandStart(token, before)) return []
    return faultAt(token, explainPair(before, token, { at, tokens }))
  })
}

const isJoining = ({ kind, text }: Token): boolean => kind !== 'text' && joining.has(text)

function explainPair(before: Token, token: Token, { at, tokens }: Pick<Spot, 'at' | 'tokens'>): string {
  const word = showWord(token.text)
  if (before.kind === 'text' && before.end === token.start && token.kind !== 'text')
    return `a text has one quote on each side: "${word}"`
  const holder = findHolder(tokens.slice(0, at))
  return holder === '[' || holder === 'call'
    ? `a comma is missing before ${word}`
    : `something is missing before ${word}: &&, || or a comparison`
}

/** What the end of the tokens stands in. */
function findHolder(tokens: readonly Token[]): '[' | '(' | 'call' | undefined {
  let depth = 0
  for (const [back, { kind, text }] of tokens.toReversed().entries()) {
    if (kind !== 'sign') continue
    if (opening.has(text)) depth++
    if (!closing.has(text) || depth-- > 0) continue
    if (text === '[') return '['
    const before = tokens[tokens.length - back - 2]
    return text === '(' && before?.kind === 'word' && before.text !== 'in' ? 'call' : '('
  }
  return undefined
}

const isOperandEnd = ({ kind, text }: Token): boolean => (kind === 'sign' ? opening.has(text) : text !== 'in')

const isOperandStart = ({ kind, text }: Token, before: Token): boolean =>
  kind === 'sign' ? text === '!' || (text === '(' && before.kind === 'text') : text !== 'in'
