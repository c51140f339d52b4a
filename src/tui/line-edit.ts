/** One line of text that is typed: its cursor and what keys do to it; knows neither what it is for nor how it looks. */

export interface EditedLine {
  readonly text: string
  /** In UTF-16 units, never inside a pair of surrogates. */
  readonly cursor: number
}

/** Longer input is of no use to anybody. */
export const LONGEST_LINE = 2_000

export const emptyLine: EditedLine = { text: '', cursor: 0 }

export function lineOf(text: string): EditedLine {
  return { text, cursor: text.length }
}

/** Undefined where the key does nothing to a line. */
export function editLine(line: EditedLine, key: string): EditedLine | undefined {
  const { text, cursor } = line
  switch (key) {
    case 'left':
      return { text, cursor: previous(text, cursor) }
    case 'right':
      return { text, cursor: next(text, cursor) }
    case 'home':
    case 'C-a':
      return { text, cursor: 0 }
    case 'end':
    case 'C-e':
      return lineOf(text)
    case 'backspace':
      return splice(line, previous(text, cursor), cursor)
    case 'delete':
      return splice(line, cursor, next(text, cursor))
    case 'C-u':
      return splice(line, 0, cursor)
    case 'C-w':
      return splice(line, wordStart(text, cursor), cursor)
    default:
      return isCharacter(key) ? insert(line, key) : undefined
  }
}

export function insert(line: EditedLine, added: string): EditedLine {
  if (line.text.length + added.length > LONGEST_LINE) return line
  const text = line.text.slice(0, line.cursor) + added + line.text.slice(line.cursor)
  return { text, cursor: line.cursor + added.length }
}

function splice({ text }: EditedLine, from: number, to: number): EditedLine {
  return { text: text.slice(0, from) + text.slice(to), cursor: from }
}

/** Keys that are one character are that character; all others have names. */
function isCharacter(key: string): boolean {
  return key.length === 1 || (key.length === 2 && (key.codePointAt(0) ?? 0) > 0xffff)
}

function previous(text: string, cursor: number): number {
  const low = text.charCodeAt(cursor - 1)
  return Math.max(0, cursor - (low >= 0xdc00 && low <= 0xdfff ? 2 : 1))
}

function next(text: string, cursor: number): number {
  const high = text.charCodeAt(cursor)
  return Math.min(text.length, cursor + (high >= 0xd800 && high <= 0xdbff ? 2 : 1))
}

function wordStart(text: string, cursor: number): number {
  let at = cursor
  while (at > 0 && text[at - 1] === ' ') at--
  while (at > 0 && text[at - 1] !== ' ') at--
  return at
}
