/** Draws findings: a line for each id, and the evidence of one; knows no keys and no order. */

import type { FindingLevel } from '../../findings/finding.ts'
import { timeOfDay } from '../format.ts'
import { sanitize } from '../sanitize.ts'
import { fitSpan, fitSpans, mark, text, type Line, type Span, type Style } from '../span.ts'
import { wrap } from '../width.ts'
import type { FindingCase, FindingGroup } from './findings-state.ts'

export const levelMarks: Readonly<Record<FindingLevel, Span>> = {
  error: mark('E', 'bad'),
  warning: mark('W', 'warn'),
  note: mark('N', 'accent'),
}

interface Column {
  readonly title: string
  readonly width: number
  /** From so many columns of the screen on. */
  readonly from: number
  readonly align: 'left' | 'right'
  readonly cell: (group: FindingGroup, epoch: number) => Span
}

const columns: readonly Column[] = [
  { title: 'ID', width: 4, from: 0, align: 'left', cell: ({ id }) => text(id, 'strong') },
  { title: 'COUNT', width: 6, from: 0, align: 'right', cell: ({ count }) => mark(`${count}×`) },
  { title: 'FINDING', width: 30, from: 46, align: 'left', cell: ({ latest }) => text(latest.name) },
  { title: 'SIDE', width: 6, from: 0, align: 'left', cell: ({ latest }) => mark(latest.side, 'dim') },
  { title: 'SESSIONS', width: 12, from: 70, align: 'left', cell: (group) => sessionsCell(group) },
  {
    title: 'LAST',
    width: 8,
    from: 88,
    align: 'left',
    cell: ({ lastAt }, epoch) => mark(timeOfDay(lastAt + epoch).slice(0, 8), 'dim'),
  },
]

function sessionsCell({ sessions }: FindingGroup): Span {
  const [first = '', second] = sessions
  if (second === undefined) return text(first)
  return text(sessions.size === 2 ? `${first} ${second}` : `${first} +${sessions.size - 1}`)
}

export function findingsHeading(width: number): Line {
  const spans = shownColumns(width).flatMap(({ title, width: cell, align }) => [
    mark(' '),
    fitSpan(mark(title, 'dim'), cell, align),
  ])
  return {
    spans: fitSpans([mark('   '), ...spans, mark(' '), mark('LATEST', 'dim')], width),
    isSelected: false,
  }
}

interface GroupLook {
  readonly isSelected: boolean
  readonly epoch: number
  readonly columns: number
}

export function groupLine(group: FindingGroup, { isSelected, epoch, columns: width }: GroupLook): Line {
  const cells = shownColumns(width).flatMap(({ cell, width: room, align }) => [
    mark(' '),
    fitSpan(cell(group, epoch), room, align),
  ])
  const start = [mark(isSelected ? '>' : ' ', 'title'), levelMarks[group.latest.level], mark(' ')]
  const spans = fitSpans([...start, ...cells, mark(' '), text(group.latest.text, 'dim')], width)
  return { spans, isSelected }
}

const shownColumns = (width: number): readonly Column[] => columns.filter(({ from }) => width >= from)

const levelWords: Readonly<Record<FindingLevel, string>> = { error: 'error', warning: 'warn', note: 'note' }

const LEVELS: Readonly<Record<FindingLevel, Style>> = { error: 'bad', warning: 'warn', note: 'accent' }

/** Why, by which rule, what to do, and the lines that show it. */
export function evidenceLines(
  group: FindingGroup,
  one: FindingCase,
  look: { epoch: number; columns: number },
): Line[] {
  const { finding, session, at } = one
  const place = group.cases.indexOf(one) + 1
  const who = [session, one.user, one.client, one.mailbox].filter((word) => word !== undefined).join(' · ')
  const older = group.count - group.cases.length
  const cases = `case ${older + place} of ${group.count}: ${who} at ${timeOfDay(at + look.epoch)}`
  return [
    ...paragraph(levelWords[finding.level], `${finding.id} ${finding.name}: ${finding.side}`, {
      style: LEVELS[finding.level],
      ...look,
    }),
    ...paragraph('why', finding.text, { style: 'plain', ...look }),
    ...paragraph('rule', finding.reference, { style: 'dim', ...look }),
    ...paragraph('do', finding.advice, { style: 'good', ...look }),
    ...paragraph('seen', cases, { style: 'dim', ...look }),
    ...finding.evidence.map((shown) => evidenceLine(shown, look.columns)),
  ]
}

function paragraph(
  word: string,
  words: string,
  { style, columns: width }: { style: Style; columns: number },
): Line[] {
  const lines = wrap(sanitize(words), Math.max(8, width - 8))
  return lines.map((part, at) => ({
    spans: fitSpans(
      [mark(at === 0 ? ` ${word.padEnd(5)} ` : ' '.repeat(7), 'dim'), text(part, style)],
      width,
    ),
    isSelected: false,
  }))
}

function evidenceLine(shown: string, width: number): Line {
  const isClient = shown.startsWith('C ')
  const side = mark(
    shown.slice(0, 1) === 'C' || shown.slice(0, 1) === 'S' ? shown.slice(0, 1) : ' ',
    isClient ? 'accent' : 'good',
  )
  return { spans: fitSpans([mark('   '), side, text(shown.slice(1))], width), isSelected: false }
}
