/** The lines below a transcript: all of the selected line that had no room, its times and what is wrong with it. */

import { timesOf } from '../../session/exchange-times.ts'
import { exactDuration, octets } from '../format.ts'
import { blank, fitSpans, mark, spansWidth, text, type Line, type Span, type Style } from '../span.ts'
import { sanitize } from '../sanitize.ts'
import { rowText } from '../subjects.ts'
import { messagesOf, type FoundMark, type Pair } from '../transcript.ts'
import type { ViewLine } from '../transcript-view.ts'
import { wrap } from '../width.ts'
import { LEVEL_SIGNS, LEVEL_STYLES, type RowContext } from './transcript-row.ts'

/** A rule, and exactly `height` lines. */
export function renderDetail(line: ViewLine | undefined, context: RowContext & { height: number }): Line[] {
  const { columns, height } = context
  const pair = line && line.row.kind !== 'note' ? line.row.pair : undefined
  const lines = [ruleOf(pair, columns), ...(line ? words(line, context) : [])]
  while (lines.length < height + 1) lines.push(blank)
  return lines.slice(0, height + 1)
}

function ruleOf(pair: Pair | undefined, columns: number): Line {
  const left = [mark('─ ', 'dim'), ...(pair ? timing(pair) : [mark('detail ', 'dim')])]
  const rest = mark('─'.repeat(Math.max(0, columns - spansWidth(left))), 'dim')
  return { spans: fitSpans([...left, rest], columns), isSelected: false }
}

/** `A17 UID FETCH  wait 180ms  transfer 2.90s  in 40 out 3.9M`. */
function timing(pair: Pair): Span[] {
  const { openedAt, firstOctetAt, completedAt, heldMillis } = pair
  const times = timesOf(pair)
  const spans = [text(`${pair.tag} ${pair.name} `, 'strong')]
  const say = (name: string, value: string): void =>
    void spans.push(mark(` ${name} `, 'dim'), mark(`${value} `))
  if (firstOctetAt !== undefined) say('wait', exactDuration(times?.wait ?? firstOctetAt - openedAt))
  if (firstOctetAt !== undefined && times) say('transfer', exactDuration(times.transfer))
  if (heldMillis > 0) say('held', exactDuration(heldMillis))
  if (completedAt !== undefined) say('in', octets(pair.octetsIn))
  if (completedAt !== undefined) say('out', octets(pair.octetsOut))
  if (pair.isShared) spans.push(mark(' shared ', 'dim'))
  return spans
}

function words(line: ViewLine, { columns, describe }: RowContext): Line[] {
  const { row, message } = line
  const shown = message ?? messagesOf(row)[0]
  const whole = shown ? shown.text(describe) : rowText(row, describe)
  const sent =
    message?.sent ?? (row.kind === 'note' || row.kind === 'untagged' ? undefined : row.message?.sent)
  return [
    ...wrapped(' ', whole, { columns, style: 'plain' }),
    ...(sent ? wrapped(' <- went on as: ', sent.text(describe), { columns, style: 'accent' }) : []),
    ...findingsOf(line).flatMap((found) => findingLines(found, columns)),
  ]
}

function findingsOf({ row }: ViewLine): readonly FoundMark[] {
  if (row.kind === 'note') return row.finding ? [row.finding] : []
  return row.pair?.findings ?? []
}

function findingLines(
  { id, name, level, text: said, advice, reference }: FoundMark,
  columns: number,
): Line[] {
  const head = ` ${LEVEL_SIGNS[level]} ${id} ${name}: `
  return wrapped(head, `${said} ${advice} (${reference})`, { columns, style: LEVEL_STYLES[level] })
}

interface Look {
  readonly columns: number
  readonly style: Style
}

function wrapped(head: string, whole: string, { columns, style }: Look): Line[] {
  const lines = wrap(sanitize(head + whole).trimStart(), Math.max(10, columns - 2))
  return lines.map((one) => ({
    spans: fitSpans([mark(' '), { text: one, style }], columns),
    isSelected: false,
  }))
}
