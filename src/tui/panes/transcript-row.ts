/** One line of the transcript: time, direction, what was said, and how long it took. */

import { unreachable } from '../../imap/fault.ts'
import { timesOf } from '../../session/exchange-times.ts'
import { duration, exactDuration, grouped, octets, timeOfDay } from '../format.ts'
import type { Describe } from '../kept-message.ts'
import { fitSpans, mark, spread, text, type Line, type Span, type Style } from '../span.ts'
import { codeOf } from '../subjects.ts'
import type { FoundMark, Pair, TranscriptRow } from '../transcript.ts'
import type { ViewLine } from '../transcript-view.ts'
import { styleOfWait } from './columns.ts'

export interface RowGeometry {
  readonly hasTime: boolean
  readonly hasBar: boolean
  /** Findings are shown by their names, not only by their ids. */
  readonly hasNames: boolean
}

export interface RowContext {
  readonly columns: number
  readonly geometry: RowGeometry
  readonly now: number
  /** Added to an event's time it gives the wall clock's. */
  readonly epoch: number
  readonly describe: Describe
  /** Places of runs that are open. */
  readonly open: ReadonlySet<number>
  /** The line that the keys work on, where one was chosen. */
  readonly cursor: ViewLine | undefined
}

type RowOf<K extends TranscriptRow['kind']> = Extract<TranscriptRow, { kind: K }>

export function rowGeometry(columns: number): RowGeometry {
  return { hasTime: columns >= 60, hasBar: columns >= 72, hasNames: columns >= 120 }
}

export function renderRow(line: ViewLine, context: RowContext): Line {
  const { left, right } = line.message ? memberParts(line, context) : parts(line, context)
  const time = timeSpans(line, context)
  const end = right.length > 0 ? [mark(' '), ...right, mark(' ')] : []
  const whole = spread([gutter(line, context), ...time, ...left], end, context.columns)
  return { spans: fitSpans(whole.spans, context.columns), isSelected: line === context.cursor }
}

interface Parts {
  readonly left: readonly Span[]
  readonly right: readonly Span[]
}

/** `>` is the line itself; other lines of the same exchange are tied to it, however many others lie between. */
function gutter(line: ViewLine, { cursor }: RowContext): Span {
  if (!cursor) return mark(' ')
  if (line === cursor) return mark('>', 'strong')
  const pair = pairOf(cursor.row)
  return pair !== undefined && pairOf(line.row)?.id === pair.id ? mark('┊', 'accent') : mark(' ')
}

function pairOf(row: TranscriptRow): Pair | undefined {
  return row.kind === 'note' ? undefined : row.pair
}

function parts(line: ViewLine, context: RowContext): Parts {
  const { row } = line
  switch (row.kind) {
    case 'command':
      return commandParts(row, context)
    case 'completion':
      return completionParts(row, context)
    case 'untagged':
      return untaggedParts(row, context.open.has(line.spot.place), context)
    case 'data':
      return {
        left: [
          mark(row.side === 'client' ? 'C   ' : 'S   ', 'dim'),
          text(row.message.text(context.describe), 'dim'),
        ],
        right: [],
      }
    case 'note':
      return noteParts(row)
    default:
      return unreachable(row)
  }
}

/** Answers carry no time: theirs is told by what they took. */
function timeSpans({ row, message }: ViewLine, context: RowContext): Span[] {
  if (!context.geometry.hasTime) return []
  const isAnswer = row.kind === 'completion' || (row.kind === 'untagged' && !row.isPush)
  const at = message?.at ?? row.at
  return [mark(isAnswer ? ' '.repeat(13) : `${timeOfDay(at + context.epoch)} `, 'dim')]
}

function commandParts({ pair, args }: RowOf<'command'>, { now, geometry }: RowContext): Parts {
  const isRunning = pair.completedAt === undefined
  const waited = now - pair.openedAt - pair.heldMillis
  const style = pair.name === 'IDLE' ? 'dim' : styleOfWait(waited)
  return {
    left: [
      mark('C ', 'accent'),
      text(`${pair.tag} `, 'dim'),
      text(pair.name, 'strong'),
      mark(' '),
      text(args),
      ...triedBy(pair),
    ],
    right: isRunning
      ? [...findingSpans(pair.findings, geometry), mark('… ', style), mark(exactDuration(waited), style)]
      : waitOf(pair),
  }
}

/** LOGIN says it in its arguments; what AUTHENTICATE says is redacted whole. */
function triedBy({ name, user }: Pair): Span[] {
  return name === 'AUTHENTICATE' && user !== undefined ? [text(` as ${user}`, 'dim')] : []
}

/** Where most of the time went by before the first octet, it is said beside the command. */
function waitOf(pair: Pair): Span[] {
  const times = timesOf(pair)
  if (pair.firstOctetAt === undefined || times === undefined || times.took < 100) return []
  return [mark('wait ', 'dim'), mark(exactDuration(times.wait).padStart(6), 'dim')]
}

const STATUS_STYLES: Readonly<Record<string, Style>> = {
  OK: 'plain',
  NO: 'warn',
  BAD: 'bad',
  aborted: 'warn',
}

function completionParts(row: RowOf<'completion'>, { geometry }: RowContext): Parts {
  const { pair } = row
  const took = timesOf(pair)?.took ?? row.at - pair.openedAt
  const style = pair.name === 'IDLE' ? 'dim' : styleOfWait(took)
  const code = row.code === undefined ? [] : [text(`${codeOf(row)} `)]
  const shared = pair.isShared ? [mark('shared ', 'dim')] : []
  const held = pair.heldMillis > 0 ? [mark(`held ${duration(pair.heldMillis)} `, 'accent')] : []
  const bar = geometry.hasBar ? barOf(pair, took) : []
  return {
    left: [
      mark('S ', 'good'),
      text(`${pair.tag} `, 'dim'),
      text(pair.status ?? '?', STATUS_STYLES[pair.status ?? ''] ?? 'warn'),
      mark(' '),
      ...code,
      text(row.text, 'dim'),
    ],
    right: [
      ...findingSpans(pair.findings, geometry),
      ...shared,
      ...held,
      ...bar,
      mark(exactDuration(took).padStart(7), style),
    ],
  }
}

export const LEVEL_SIGNS = { error: 'E', warning: 'W', note: 'N' } as const
export const LEVEL_STYLES = { error: 'bad', warning: 'warn', note: 'accent' } as const

/** The worst first, two of them, then how many more. */
function findingSpans(findings: readonly FoundMark[], { hasNames }: RowGeometry): Span[] {
  if (findings.length === 0) return []
  const order = ['error', 'warning', 'note']
  const sorted = findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level))
  const spans = sorted.slice(0, 2).map(({ id, name, level }) => {
    return text(`${LEVEL_SIGNS[level]} ${hasNames ? name : id} `, LEVEL_STYLES[level])
  })
  return findings.length > 2 ? [...spans, mark(`+${findings.length - 2} `, 'dim')] : spans
}

/** Columns that a bar takes, full or not. */
const BAR = 8

/** Longer for longer commands, one column for each tripling from 3 ms; waiting is light, transfer is solid. */
function barOf(pair: Pair, took: number): Span[] {
  if (pair.name === 'IDLE' || took < 3) return [mark(' '.repeat(BAR + 1))]
  const length = Math.max(1, Math.min(BAR, Math.round(Math.log(took / 3) / Math.log(3)) + 1))
  const waiting = Math.min(length, Math.round((length * (timesOf(pair)?.wait ?? 0)) / took))
  return [
    mark(' '.repeat(BAR - length)),
    mark('░'.repeat(waiting), 'dim'),
    mark('▇'.repeat(length - waiting), 'accent'),
    mark(' '),
  ]
}

/** Where commands run side by side, an answer says whose it seems to be. */
function ownerOf(row: RowOf<'untagged'>): Span[] {
  return row.pair?.isShared === true && !row.isPush ? [text(`${row.pair.tag} `, 'dim')] : []
}

function untaggedParts(row: RowOf<'untagged'>, isOpen: boolean, { describe }: RowContext): Parts {
  const side = row.isPush ? mark('S ↓ ', 'accent') : mark('S   ', 'dim')
  const shown = row.messages[0]?.text(describe) ?? ''
  const right = row.octets >= 1024 ? [mark(octets(row.octets))] : []
  if (row.count === 1) return { left: [side, ...ownerOf(row), text(shown)], right }
  const run = [
    mark(`${isOpen ? '▾' : '▸'} ${grouped(row.count)} × `),
    text(row.word, 'strong'),
    mark(`  ${octets(row.octets)}  `),
  ]
  const unkept = row.count - row.messages.length
  const more =
    isOpen && unkept > 0 ? [mark(`the first ${grouped(row.messages.length)} were kept`, 'dim')] : []
  return { left: [side, ...ownerOf(row), ...run, ...(isOpen ? more : [text(shown, 'dim')])], right: [] }
}

function memberParts({ message }: ViewLine, { describe }: RowContext): Parts {
  const size = (message?.octets ?? 0) >= 1024 ? [mark(octets(message?.octets ?? 0), 'dim')] : []
  return { left: [mark('S     ', 'dim'), text(message?.text(describe) ?? '')], right: size }
}

const NOTE_MARKS = { info: '· ', rewrite: '<- ', warn: '! ', bad: '✖ ' } as const
const NOTE_STYLES = { info: 'dim', rewrite: 'accent', warn: 'warn', bad: 'bad' } as const

function noteParts(row: RowOf<'note'>): Parts {
  const style = NOTE_STYLES[row.level]
  return { left: [mark(`  ${NOTE_MARKS[row.level]}`, style), text(row.text, style)], right: [] }
}
