/** The filter language explained in one page of text, from the table of words; knows no terminal. */

import { filterWords, type FilterWord } from './words.ts'

/** Columns of the first part of a row, and of the whole page. */
const WORD = 20
const PAGE = 80

export const filterGuide = `The filter language of show, lint, stats, tail, and of the dashboard's lists,
marks and breakpoints.

Terms:
${filterWords.map(rowOf).join('\n')}
  ${'TEXT, "TWO WORDS"'.padEnd(WORD)}anywhere in the line
  ${'/PATTERN/'.padEnd(WORD)}a regular expression (RE2) anywhere in the line

Upper and lower case are alike. A NAME is a whole word, in which * stands for
anything; a TEXT may be a part. Either may stand in quotes, or be a /PATTERN/.

Joined:
  ! TERM              not
  TERM & TERM         both; TERM TERM is the same
  TERM | TERM         either; binds less than &
  ( ... )             first

Other ways to write a term:
${filterWords.map(({ names }) => `  ${spellings(names).join(', ')}`).join('\n')}
  >200ms, <=2s        as behind ~t

Examples:
  ~c FETCH & ~t >200ms        slow FETCHes
  ~u ann ~s NO                what was refused to ann
  ~f error | ~f warning       commands with such a finding
  ~m INBOX !~c IDLE "Message-ID"
  ~k push & /EXISTS|EXPUNGE/  what a server said by itself
`

/** `~t >TIME`, and what it asks. */
export function termOf({ names: [name], value }: FilterWord): string {
  return `~${name} ${value}`
}

function rowOf(word: FilterWord): string {
  const [first = '', ...others] = wrap(word.help, PAGE - WORD - 2)
  const more = others.map((line) => `\n${' '.repeat(WORD + 2)}${line}`)
  return `  ${termOf(word).padEnd(WORD)}${first}${more.join('')}`
}

/** Lines of at most so many columns, cut at spaces. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  for (const piece of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + piece.length < columns)
      lines[lines.length - 1] = `${last} ${piece}`
    else lines.push(piece)
  }
  return lines
}

/** All but the first. */
function spellings([short, ...longer]: FilterWord['names']): readonly string[] {
  const prefixes = [short, ...longer].filter((name) => name.length > 1)
  return [...longer.map((name) => `~${name}`), ...prefixes.map((name) => `${name}:`)]
}
