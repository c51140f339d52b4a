/** The ruled line above what a screen shows: its name, a word about it, and what is chosen; knows no screen. */

import { fitSpans, mark, spansWidth, text, type Line, type Span } from '../span.ts'

export interface RuleParts {
  readonly name: string
  readonly left?: readonly Span[]
  readonly right?: readonly Span[]
  /** The filter that is applied; nothing where it is empty. */
  readonly filter?: string
}

export function renderRule({ name, left = [], right = [], filter = '' }: RuleParts, columns: number): Line {
  const filtered = filter === '' ? [] : [text(`/${filter}`, 'accent')]
  const ends = [...filtered, ...right].flatMap((span) => [span, mark(' ')])
  const end = ends.length === 0 ? [] : [mark(' '), ...ends, mark('─', 'dim')]
  const room = Math.max(0, columns - spansWidth(end))
  const about = left.length === 0 ? [] : [...left, mark(' ')]
  const start = [mark('─ ', 'dim'), mark(name, 'title'), mark(' '), ...about]
  const rule = mark('─'.repeat(Math.max(0, room - spansWidth(start))), 'dim')
  return { spans: fitSpans([...fitSpans([...start, rule], room), ...end], columns), isSelected: false }
}

/** The lines of a screen, cut and filled to its height. */
export function filled(lines: readonly Line[], height: number): Line[] {
  const whole = lines.slice(0, Math.max(0, height))
  while (whole.length < height) whole.push({ spans: [], isSelected: false })
  return whole
}
