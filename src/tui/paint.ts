/** Turns styled lines into what a terminal understands, the one place where text meets its codes; moves no cursor. */

import type { Line, Span, Style } from './span.ts'
import type { Theme } from './state.ts'

/** The terminal's own colours, so that its theme decides; 244 is a grey that is legible on dark and on light. */
const DARK: Readonly<Record<Style, string>> = {
  plain: '',
  dim: '38;5;244',
  strong: '1',
  accent: '36',
  good: '32',
  warn: '33',
  bad: '31',
  title: '1;36',
}

/** Darker, so that they are legible on white. */
const LIGHT: Readonly<Record<Style, string>> = {
  plain: '',
  dim: '38;5;241',
  strong: '1',
  accent: '38;5;25',
  good: '38;5;28',
  warn: '38;5;130',
  bad: '38;5;160',
  title: '1;38;5;25',
}

/** Under NO_COLOR weight and inversion alone tell things apart. */
const MONO: Readonly<Record<Style, string>> = {
  plain: '',
  dim: '',
  strong: '1',
  accent: '',
  good: '',
  warn: '1',
  bad: '1;4',
  title: '1',
}

const STYLES: Readonly<Record<Theme, typeof DARK>> = { dark: DARK, light: LIGHT, mono: MONO }

const RESET = '\x1b[0m'

export function paint(line: Line, theme: Theme): string {
  if (line.isSelected) return `\x1b[7m${line.spans.map((span) => harmless(span.text)).join('')}${RESET}`
  return line.spans.map((span) => paintSpan(span, STYLES[theme])).join('')
}

function paintSpan({ text, style }: Span, styles: typeof DARK): string {
  const code = styles[style]
  return code === '' ? harmless(text) : `\x1b[${code}m${harmless(text)}${RESET}`
}

/** Sanitised text has no controls: this is the last door, for a mistake of ours. */
function harmless(text: string): string {
  return /\p{Cc}/u.test(text) ? text.replaceAll(/\p{Cc}/gu, '?') : text
}
