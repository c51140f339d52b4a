/** How many columns text takes, counted without asking the terminal library, which is wrong for emoji; knows no styles. */

/**
 * Only ranges on which blessed, xterm and tmux agree; a test compares them. Characters outside are never shown
 * raw: `sanitize` spells them out.
 */
const ZERO: readonly (readonly [number, number])[] = [
  [0x0300, 0x036f],
  [0x0591, 0x05bd],
  [0x05bf, 0x05bf],
  [0x05c1, 0x05c2],
  [0x064b, 0x065e],
  [0x0670, 0x0670],
  [0x0901, 0x0902],
  [0x093c, 0x093c],
  [0x0941, 0x0948],
  [0x094d, 0x094d],
  [0x0e31, 0x0e31],
  [0x0e34, 0x0e3a],
  [0x0e47, 0x0e4e],
]

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115e],
  [0x2e80, 0x2fd5],
  [0x3001, 0x3029],
  [0x3041, 0x3096],
  [0x309b, 0x312d],
  [0x3131, 0x3163],
  [0x3165, 0x31ba],
  [0x31c0, 0x31e3],
  [0x31f0, 0x3247],
  [0x3250, 0x32fe],
  [0x3300, 0x4dbf],
  [0x4e00, 0xa4c6],
  [0xac00, 0xd7a3],
  [0xf900, 0xfad9],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
]

/** Narrow enough for everybody, but for the few exceptions below. */
const NARROW: readonly (readonly [number, number])[] = [
  [0x0020, 0x007e],
  [0x00a1, 0x10ff],
  [0x1e00, 0x2e7f],
  [0xff61, 0xff9f],
  [0xfffd, 0xfffd],
]

/** Unassigned, invisible, reordering or combining characters, and the angle brackets and trigrams that became wide. */
const UNSURE = /[\p{C}\p{Z}\p{Mn}\p{Me}\u06de\u2329\u232a\u2630-\u2637\u268a-\u268f]/u

/** Columns of one character, or undefined where terminals disagree or it would not show. */
export function widthOf(point: number): 0 | 1 | 2 | undefined {
  if (point >= 0x20 && point < 0x7f) return 1
  if (isIn(ZERO, point)) return 0
  const width = isIn(WIDE, point) ? 2 : isIn(NARROW, point) ? 1 : undefined
  return UNSURE.test(String.fromCodePoint(point)) ? undefined : width
}

function isIn(ranges: readonly (readonly [number, number])[], point: number): boolean {
  for (const [first, last] of ranges) if (point >= first && point <= last) return true
  return false
}

const ASCII = /^[\x20-\x7e]*$/

/** Columns of sanitised text. */
export function columnsOf(text: string): number {
  if (ASCII.test(text)) return text.length
  let columns = 0
  for (const character of text) columns += widthOf(character.codePointAt(0) ?? 0) ?? 1
  return columns
}

/** At most `columns` wide; what was cut is marked by `…`. */
export function truncate(text: string, columns: number): string {
  if (columns <= 0) return ''
  if (columnsOf(text) <= columns) return text
  return `${prefix(text, columns - 1)}…`
}

function prefix(text: string, columns: number): string {
  let used = 0
  let kept = ''
  for (const character of text) {
    used += widthOf(character.codePointAt(0) ?? 0) ?? 1
    if (used > columns) break
    kept += character
  }
  return kept
}

/** Exactly `columns` wide: cut or filled with spaces. */
export function fit(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const cut = truncate(text, columns)
  const gap = ' '.repeat(Math.max(0, columns - columnsOf(cut)))
  return align === 'left' ? cut + gap : gap + cut
}

/** Sanitised text broken at spaces into lines of at most `columns`; words longer than a line are broken anywhere. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`
    if (columnsOf(joined) <= columns) {
      line = joined
      continue
    }
    if (line !== '') lines.push(line)
    line = breakWord(word, Math.max(2, columns), lines)
  }
  return [...lines, line]
}

/** Pushes whole lines of a word that is too long; what remains of it starts the next line. */
function breakWord(word: string, columns: number, lines: string[]): string {
  let rest = word
  while (columnsOf(rest) > columns) {
    const head = prefix(rest, columns)
    lines.push(head)
    rest = rest.slice(head.length)
  }
  return rest
}
