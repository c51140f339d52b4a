/** One line of the transcript: time, direction, what was said, and how long it took. */

import { unreachable } from '../../imap/fault.ts'
import { exactDuration, grouped, octets, timeOfDay } from '../format.ts'
import { fitSpans, mark, spread, text, type Line, type Span, type Style } from '../span.ts'
import type { Pair, TranscriptRow } from '../transcript.ts'
import { styleOfWait } from './columns.ts'

export interface RowGeometry {
  readonly hasTime: boolean
  readonly hasBar: boolean
}

export interface RowContext {
  readonly columns: number
  readonly geometry: RowGeometry
  readonly now: number
  /** Added to an event's time it gives the wall clock's. */
  readonly epoch: number
}

type RowOf<K extends TranscriptRow['kind']> = Extract<TranscriptRow, { kind: K }>

export function rowGeometry(columns: number): RowGeometry {
  return { hasTime: columns >= 60, hasBar: columns >= 72 }
}

export function renderRow(row: TranscriptRow, context: RowContext): Line {
  const { left, right } = parts(row, context)
  const time = timeSpans(row, context)
  const end = right.length > 0 ? [mark(' '), ...right, mark(' ')] : []
  const whole = spread([...time, ...left], end, context.columns)
  return { spans: fitSpans(whole.spans, context.columns), isSelected: false }
}

interface Parts {
  readonly left: readonly Span[]
  readonly right: readonly Span[]
}

function parts(row: TranscriptRow, context: RowContext): Parts {
  switch (row.kind) {
    case 'command':
      return commandParts(row, context)
    case 'completion':
      return completionParts(row, context)
    case 'untagged':
      return untaggedParts(row)
    case 'data':
      return {
        left: [mark(row.side === 'client' ? 'C   ' : 'S   ', 'dim'), text(row.text, 'dim')],
        right: [],
      }
    case 'note':
      return noteParts(row)
    default:
      return unreachable(row)
  }
}

/** Answers carry no time: theirs is told by what they took. */
function timeSpans(row: TranscriptRow, context: RowContext): Span[] {
  if (!context.geometry.hasTime) return []
  const isAnswer = row.kind === 'completion' || (row.kind === 'untagged' && !row.isPush)
  return [mark(isAnswer ? ' '.repeat(14) : ` ${timeOfDay(row.at + context.epoch)} `, 'dim')]
}

function commandParts({ pair, args }: RowOf<'command'>, { now }: RowContext): Parts {
  const isRunning = pair.completedAt === undefined
  const waited = now - pair.openedAt
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
    right: isRunning ? [mark('… ', style), mark(exactDuration(waited), style)] : waitOf(pair),
  }
}

/** LOGIN says it in its arguments; what AUTHENTICATE says is redacted whole. */
function triedBy({ name, user }: Pair): Span[] {
  return name === 'AUTHENTICATE' && user !== undefined ? [text(` as ${user}`, 'dim')] : []
}

/** Where most of the time went by before the first octet, it is said beside the command. */
function waitOf(pair: Pair): Span[] {
  const { firstOctetAt, completedAt } = pair
  if (firstOctetAt === undefined || completedAt === undefined || completedAt - pair.openedAt < 100) return []
  return [mark('wait ', 'dim'), mark(exactDuration(firstOctetAt - pair.openedAt).padStart(6), 'dim')]
}

const STATUS_STYLES: Readonly<Record<string, Style>> = {
  OK: 'plain',
  NO: 'warn',
  BAD: 'bad',
  aborted: 'warn',
}

function completionParts(row: RowOf<'completion'>, { geometry }: RowContext): Parts {
  const { pair } = row
  const took = (pair.completedAt ?? row.at) - pair.openedAt
  const style = pair.name === 'IDLE' ? 'dim' : styleOfWait(took)
  const code = row.code === undefined ? [] : [text(`[${codeOf(row.code, row.codeArgs)}] `)]
  const shared = pair.isShared ? [mark('shared ', 'dim')] : []
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
    right: [...shared, ...bar, mark(exactDuration(took).padStart(7), style)],
  }
}

function codeOf(word: string, args: string | undefined): string {
  return args === undefined || args === '' ? word : `${word} ${args}`
}

/** Columns that a bar takes, full or not. */
const BAR = 8

/** Longer for longer commands, one column for each tripling from 3 ms; waiting is light, transfer is solid. */
function barOf(pair: Pair, took: number): Span[] {
  if (pair.name === 'IDLE' || took < 3) return [mark(' '.repeat(BAR + 1))]
  const length = Math.max(1, Math.min(BAR, Math.round(Math.log(took / 3) / Math.log(3)) + 1))
  const waited = Math.max(0, (pair.firstOctetAt ?? pair.completedAt ?? 0) - pair.openedAt)
  const waiting = Math.min(length, Math.round((length * waited) / took))
  return [
    mark(' '.repeat(BAR - length)),
    mark('░'.repeat(waiting), 'dim'),
    mark('▇'.repeat(length - waiting), 'accent'),
    mark(' '),
  ]
}

function untaggedParts(row: RowOf<'untagged'>): Parts {
  const side = row.isPush ? mark('S ↓ ', 'accent') : mark('S   ', 'dim')
  if (row.count === 1)
    return { left: [side, text(row.text)], right: row.octets >= 1024 ? [mark(octets(row.octets))] : [] }
  const run = [
    mark(`▸ ${grouped(row.count)} × `),
    text(row.word, 'strong'),
    mark(`  ${octets(row.octets)}  `),
  ]
  return { left: [side, ...run, text(row.text, 'dim')], right: [] }
}

const NOTE_MARKS = { info: '· ', rewrite: '<- ', warn: '! ', bad: '✖ ' } as const
const NOTE_STYLES = { info: 'dim', rewrite: 'accent', warn: 'warn', bad: 'bad' } as const

function noteParts(row: RowOf<'note'>): Parts {
  const style = NOTE_STYLES[row.level]
  return { left: [mark(`  ${NOTE_MARKS[row.level]}`, style), text(row.text, style)], right: [] }
}
