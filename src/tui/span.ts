/** Styled text before it is painted: the panes' only output; knows no colours and no terminal. */

import { sanitize } from './sanitize.ts'
import { columnsOf, fit, truncate } from './width.ts'

/** What a piece of text means; `paint.ts` says how that looks. */
export type Style = 'plain' | 'dim' | 'strong' | 'accent' | 'good' | 'warn' | 'bad' | 'title'

export interface Span {
  readonly text: string
  readonly style: Style
}

export interface Line {
  readonly spans: readonly Span[]
  /** The whole line is shown inverted: the selection. */
  readonly isSelected: boolean
}

/** Text that may come from a peer. The only door for it: every character that could act is spelled out. */
export function text(value: string, style: Style = 'plain'): Span {
  return { text: sanitize(value), style }
}

/** Text of our own, such as a symbol that `sanitize` would spell out. Never pass anything from the wire. */
export function mark(value: string, style: Style = 'plain'): Span {
  return { text: value, style }
}

export function line(...spans: readonly Span[]): Line {
  return { spans, isSelected: false }
}

export const blank: Line = line()

export function fitSpan(span: Span, columns: number, align: 'left' | 'right' = 'left'): Span {
  return { text: fit(span.text, columns, align), style: span.style }
}

export function spansWidth(spans: readonly Span[]): number {
  let columns = 0
  for (const span of spans) columns += columnsOf(span.text)
  return columns
}

/** Spans cut or filled to exactly `columns`, so that no line ever wraps or leaves an old cell behind. */
export function fitSpans(spans: readonly Span[], columns: number): Span[] {
  const fitted: Span[] = []
  let left = columns
  for (const span of spans) {
    const width = columnsOf(span.text)
    const isTooWide = width > left
    const cut = isTooWide ? truncate(span.text, left) : span.text
    if (cut !== '') fitted.push({ text: cut, style: span.style })
    left -= isTooWide ? columnsOf(cut) : width
    if (isTooWide) break
  }
  if (left > 0) fitted.push(mark(' '.repeat(left)))
  return fitted
}

export function fitLine(whole: Line, columns: number): Line {
  return { spans: fitSpans(whole.spans, columns), isSelected: whole.isSelected }
}

/** One group at the left edge and one at the right; the left one gives way. */
export function spread(left: readonly Span[], right: readonly Span[], columns: number): Line {
  const kept = spansWidth(right) <= columns ? right : []
  return line(...fitSpans(left, columns - spansWidth(kept)), ...kept)
}

/** The line without its styles. */
export function plain(whole: Line): string {
  return whole.spans.map((span) => span.text).join('')
}
