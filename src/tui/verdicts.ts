/** What a filter said of rows, kept until a row or the filter changes: no frame asks it of thousands again; knows no screen. */

import type { Filter } from '../filter/filter.ts'
import { shownUser, type SessionRow } from './state.ts'
import type { FoundMark, Pair, TranscriptRow } from './transcript.ts'

/** All of a row that goes on changing, as it was when the filter was asked. */
interface Verdict {
  readonly isShown: boolean
  readonly status: Pair['status']
  readonly findings: readonly FoundMark[] | undefined
  readonly args: string | undefined
  readonly count: number
}

export class Verdicts {
  #filter: Filter | undefined
  #facts = ''
  #known = new WeakMap<TranscriptRow, Verdict>()

  /** What is asked from here on is asked of this session by this filter. */
  begin(filter: Filter | undefined, session: SessionRow): void {
    const facts = factsOf(session)
    if (filter === this.#filter && facts === this.#facts) return
    this.#filter = filter
    this.#facts = facts
    this.#known = new WeakMap()
  }

  isShown(row: TranscriptRow, judge: () => boolean): boolean {
    const known = this.#known.get(row)
    if (known && isStill(known, row)) return known.isShown
    const isShown = judge()
    this.#known.set(row, { isShown, ...changingOf(row) })
    return isShown
  }
}

/** What every row of a session is asked for besides its own. */
function factsOf(session: SessionRow): string {
  const { id, client, agent, upstream, mailbox } = session
  return JSON.stringify([id, client?.host, agent, upstream, mailbox, shownUser(session)])
}

function changingOf(row: TranscriptRow): Omit<Verdict, 'isShown'> {
  const pair = pairOf(row)
  return { status: pair?.status, findings: pair?.findings, args: argsOf(row), count: countOf(row) }
}

function isStill(known: Verdict, row: TranscriptRow): boolean {
  const pair = pairOf(row)
  if (known.status !== pair?.status || known.findings !== pair?.findings) return false
  return known.count === countOf(row) && known.args === argsOf(row)
}

const pairOf = (row: TranscriptRow): Pair | undefined => (row.kind === 'note' ? undefined : row.pair)
const argsOf = (row: TranscriptRow): string | undefined => (row.kind === 'command' ? row.args : undefined)
const countOf = (row: TranscriptRow): number => (row.kind === 'untagged' ? row.count : 0)
