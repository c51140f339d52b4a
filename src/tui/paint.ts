/** Turns styled lines into blessed's tags, the one place where text meets markup; draws nothing itself. */

import type { Line, Span, Style } from './span.ts'

export interface Paint {
  /** False under NO_COLOR: then weight and inversion alone tell things apart. */
  readonly hasColour: boolean
  /** blessed's own escape for braces. */
  readonly escape: (text: string) => string
}

/** The terminal's own colours, so that its theme decides; 244 is a grey that is legible on dark and on light. */
const COLOURS: Readonly<Record<Style, readonly string[]>> = {
  plain: [],
  dim: ['244-fg'],
  strong: ['bold'],
  accent: ['cyan-fg'],
  good: ['green-fg'],
  warn: ['yellow-fg'],
  bad: ['red-fg'],
  title: ['bold', 'cyan-fg'],
}

const WEIGHTS: Readonly<Record<Style, readonly string[]>> = {
  plain: [],
  dim: [],
  strong: ['bold'],
  accent: [],
  good: [],
  warn: ['bold'],
  bad: ['bold', 'underline'],
  title: ['bold'],
}

export function paint(line: Line, { hasColour, escape }: Paint): string {
  if (line.isSelected) return `{inverse}${line.spans.map((span) => escape(span.text)).join('')}{/inverse}`
  return line.spans.map((span) => paintSpan(span, hasColour ? COLOURS : WEIGHTS, escape)).join('')
}

function paintSpan(span: Span, styles: typeof COLOURS, escape: Paint['escape']): string {
  const tags = styles[span.style]
  if (tags.length === 0) return escape(span.text)
  return `${tags.map((tag) => `{${tag}}`).join('')}${escape(span.text)}{/}`
}
