/** Patterns of mailbox names: what grants fits one spelling, what hides fits every spelling; knows no rule and no right. */

import { isInbox, type MailboxName } from '../imap/mailbox.ts'
import { longestName, separators, type NameHow } from './mailbox-name.ts'
import { foldText, SOFT, spellingsOf, tidySeparators, type Spellings } from './mailbox-spellings.ts'

/** `*` stands for anything within a level, `**` for anything; `/` separates levels. */
export interface MailboxGlob {
  readonly pattern: string
  /** Narrow: the name as `resolveMailbox` gives it, with its case. `Archive/**` is not about Archive itself. */
  grants(name: { readonly name: string }): boolean
  /** Broad: whatever a server could take for such a name. `Archive/**` is about Archive as well. */
  hides(name: MailboxName, how: NameHow): boolean
  /** `hides` for a name whose spellings are known already, for who has many patterns. */
  hidesSpellings(spellings: Spellings): boolean
  /** Whether something below this name could be hidden: who renames it would take that along. */
  mayHideBelow(name: MailboxName, how: NameHow): boolean
}

/** For a pattern without fault. */
export function compileGlob(pattern: string): MailboxGlob {
  const text = isInbox(pattern) ? 'INBOX' : pattern.normalize('NFC')
  const exact = readTokens(text)
  const broad = broadForms(text)
  const hasStar = text.includes('*')
  const grants = ({ name }: { readonly name: string }): boolean => isFull(exact, run(exact, name, false))
  const hidesSpellings = ({ keys, exact: name }: Spellings): boolean =>
    keys.some((key) => broad.some((form) => fitsBroadly(form, key))) ||
    // A star may stand for nothing beside a sign that separates levels elsewhere.
    (hasStar && name !== undefined && grants({ name }))
  return {
    pattern,
    grants,
    hides: (name, how) => hidesSpellings(spellingsOf(name, how)),
    hidesSpellings,
    mayHideBelow(name, how) {
      const { keys, isRoot } = spellingsOf(name, how)
      return isRoot || keys.some((key) => broad.some((form) => isOpen(run(form.tokens, `${key}/`, true))))
    },
  }
}

/** What is wrong with a pattern, in words for its author; undefined for nothing. */
export function findGlobFault(pattern: string): string | undefined {
  if (pattern === '') return 'it is empty'
  if (pattern.length > longestName) return `it is longer than ${longestName} characters`
  if (/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u.test(pattern))
    return 'it holds a character that is not seen'
  if (pattern.includes('***')) return 'three asterisks in a row: ** stands for anything already'
  if (pattern.includes('%')) return '% is no wildcard here: * stays within a level'
  const levels = pattern.split('/')
  if (levels.includes('')) return 'it has a level without a name: write Archive/2024, without / at an end'
  if (levels.some((level) => level === '.' || level === '..')) return 'it has a level of dots'
  if (levels.some((level) => level !== level.trim())) return 'it has a space at an end of a level'
  return broadForms(pattern).some(({ tokens }) => tokens.length > 0) ? undefined : 'it names nothing'
}

/** A token: a UTF-16 unit, or one of these. */
const SEPARATOR = -1
const STAR = -2
const ANYTHING = -3

interface BroadForm {
  readonly tokens: readonly number[]
  /** Without wildcards: the key with `/` for every separator. */
  readonly plain: string | undefined
  /** What every key begins with. */
  readonly head: string
}

/** The pattern, and what it is without the INBOX that some servers have everything below. */
function broadForms(pattern: string): readonly BroadForm[] {
  const folded = foldPattern(pattern)
  const below = /^inbox\/(?=[^*])(.+)$/u.exec(folded)?.[1]
  const parts = below === undefined ? [folded] : [folded, below]
  return parts.map((part) => {
    const star = part.indexOf('*')
    return {
      tokens: readTokens(part),
      plain: star < 0 ? part : undefined,
      head: star < 0 ? part : part.slice(0, star).replace(/\/$/u, ''),
    }
  })
}

/** Folded as names are, each separator as `/`. */
function foldPattern(pattern: string): string {
  let key = ''
  for (const piece of pattern.split(/(\*+)/u)) {
    const folded = piece.startsWith('*') ? piece : foldText(piece).replaceAll('*', '')
    for (const unit of folded) key += separators.includes(unit) ? '/' : unit
  }
  return tidySeparators(key).replace('[google mail]', '[gmail]')
}

function readTokens(text: string): readonly number[] {
  const tokens: number[] = []
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '/') tokens.push(SEPARATOR)
    else if (text[at] !== '*') tokens.push(text.charCodeAt(at))
    else if (text[at + 1] === '*') tokens.push((at++, ANYTHING))
    else tokens.push(STAR)
  }
  return tokens
}

function fitsBroadly({ tokens, plain, head }: BroadForm, key: string): boolean {
  const flat = key.replaceAll(SOFT, '/')
  if (plain !== undefined) return flat === plain
  return flat.startsWith(head) && isFull(tokens, run(tokens, key, true))
}

/** Which tokens may come next once the text is read; the count of tokens is the end. In the product of both lengths. */
type Places = Uint8Array

function run(tokens: readonly number[], text: string, isBroad: boolean): Places {
  let places = new Uint8Array(tokens.length + 1)
  let next = new Uint8Array(tokens.length + 1)
  enter(tokens, places, 0, isBroad)
  // A leading `**/` may stand for no level at all.
  if (isBroad && tokens[0] === ANYTHING && tokens[1] === SEPARATOR) enter(tokens, places, 2, isBroad)
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    next.fill(0)
    for (let place = 0; place < tokens.length; place++) {
      if (places[place] === 1) step(tokens, next, { place, unit, isBroad })
    }
    const free = places
    places = next
    next = free
  }
  return places
}

const SLASH = 0x2f
const SOFT_UNIT = 1

function step(
  tokens: readonly number[],
  next: Places,
  { place, unit, isBroad }: { readonly place: number; readonly unit: number; readonly isBroad: boolean },
): void {
  const token = tokens[place] ?? 0
  const isSeparator = unit === SLASH || (isBroad && unit === SOFT_UNIT)
  if (token === ANYTHING || (token === STAR && unit !== SLASH)) enter(tokens, next, place, isBroad)
  else if (token === SEPARATOR ? isSeparator : token === unit) enter(tokens, next, place + 1, isBroad)
}

/** Stands before this token, and behind it where it may stand for nothing. */
function enter(tokens: readonly number[], places: Places, from: number, isBroad: boolean): void {
  for (let place = from; places[place] === 0;) {
    places[place] = 1
    const skipped = skippable(tokens, place, isBroad)
    if (skipped === 0) return
    place += skipped
  }
}

/** How many tokens may stand for nothing: wildcards, and when it is broad `/**` with the level that it would be. */
function skippable(tokens: readonly number[], place: number, isBroad: boolean): number {
  const token = tokens[place]
  if (token === STAR || token === ANYTHING) return 1
  return isBroad && token === SEPARATOR && tokens[place + 1] === ANYTHING && endsLevel(tokens, place + 2)
    ? 2
    : 0
}

const endsLevel = (tokens: readonly number[], place: number): boolean =>
  place === tokens.length || tokens[place] === SEPARATOR

const isFull = (tokens: readonly number[], places: Places): boolean => places[tokens.length] === 1
const isOpen = (places: Places): boolean => places.includes(1)
