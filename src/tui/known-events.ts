/** What is still known of a session, told again as events, so that it can be written to a file; knows no format and no file. */

import type { ObservedEvent } from '../findings/finding.ts'
import { grouped } from './format.ts'
import type { KeptMessage } from './kept-message.ts'
import { Retelling, type Piece } from './retelling.ts'
import type { SessionRow } from './state.ts'
import { messagesOf, type TranscriptRow } from './transcript.ts'

/** Rows told again at most, the latest: more than a live session keeps, and a file has them anyway. */
const ROWS_TOLD = 20_000

/** In the order of time: what one session has seen of a mailbox, another may contradict. */
export function eventsOfAll(sessions: readonly SessionRow[]): ObservedEvent[] {
  return sessions.flatMap((session) => eventsOf(session)).toSorted((a, b) => a.at - b.at)
}

/** In the order in which they came; credentials are blanked, and large literals known by their size. */
export function eventsOf(session: SessionRow): ObservedEvent[] {
  const { first, end } = session.source
  const begin = Math.max(first, end - ROWS_TOLD)
  const known = new KnownPieces()
  for (let place = begin; place < end; place++) {
    const row = session.source.rowAt(place)
    if (row) known.add(row)
  }
  const older = begin + known.gaps
  const retelling = new Retelling(session, older === 0)
  const loss = explainLoss(older, known.lost)
  if (loss !== undefined) retelling.warn(known.firstAt ?? session.openedAt, loss, wholeAdvice)
  for (const piece of known.inOrder()) retelling.tell(piece, known.untaggedOf(piece))
  return retelling.finish()
}

const wholeAdvice = 'a capture that begins with the session is whole: imaptap --capture FILE'

/** What a reader of the file must know before it judges anybody by what is missing. */
function explainLoss(older: number, lost: number): string | undefined {
  const parts = [
    ...(older > 0 ? [`${counted(older, 'older line')} of this session`] : []),
    ...(lost > 0 ? [`${counted(lost, 'message')} of long runs or long lines`] : []),
  ]
  return parts.length === 0 ? undefined : `this is not all: ${parts.join(' and ')} were no longer kept`
}

const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`

/** Rows taken apart: a run stands where it began, though others spoke between its responses. */
class KnownPieces {
  readonly #pieces: Piece[] = []
  readonly #untagged = new Map<number, number>()
  /** Messages that were counted and not kept. */
  lost = 0
  /** Rows that only say that there were more. */
  gaps = 0
  firstAt: number | undefined

  add(row: TranscriptRow): void {
    this.firstAt ??= row.at
    if (row.kind === 'note') {
      if (row.isGap) this.gaps++
      if (row.noted) this.#pieces.push({ kind: 'noted', at: row.at, noted: row.noted })
      return
    }
    const { pair } = row
    if (row.kind === 'untagged') {
      if (pair) this.#untagged.set(pair.id, (this.#untagged.get(pair.id) ?? 0) + row.count)
      this.lost += row.count - row.messages.length
    }
    const args = row.kind === 'command' ? row.args : ''
    // Before its first message, and also where that is not there any more.
    if (pair) this.#pieces.push({ kind: 'begun', at: pair.openedAt, pair, args })
    for (const message of messagesOf(row)) this.#addMessage(row, message)
    if (row.kind !== 'completion') return
    const { at, codeArgs, text } = row
    this.#pieces.push({ kind: 'completed', at, pair: row.pair, codeArgs, text })
  }

  #addMessage(row: Exclude<TranscriptRow, { kind: 'note' }>, message: KeptMessage): void {
    if (message.specimen() === undefined) this.lost++
    else this.#pieces.push({ kind: 'message', at: message.at, pair: row.pair, message })
  }

  inOrder(): readonly Piece[] {
    return this.#pieces.toSorted((a, b) => a.at - b.at)
  }

  untaggedOf(piece: Piece): number {
    return piece.kind === 'completed' ? (this.#untagged.get(piece.pair.id) ?? 0) : 0
  }
}
