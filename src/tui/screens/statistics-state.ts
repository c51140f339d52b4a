/** What the statistics screen keeps: all commands added up, and the latest one by one for filters; knows no events but completions. */

import type { Filter } from '../../filter/filter.ts'
import type { Subject } from '../../filter/subject.ts'
import { clip } from '../../imap/printable.ts'
import { CommandTable, type CommandRow, type Grouping, type RowOrder } from '../../stats/command-table.ts'
import { fingerprint } from '../../stats/fingerprint.ts'
import { timesOf } from '../../session/exchange-times.ts'
import type { Exchange } from '../../session/exchanges.ts'
import type { FilterSlot } from '../filter-slot.ts'
import type { SessionRow } from '../state.ts'
import type { Pair } from '../transcript.ts'
import { newCursor, type ListCursor } from './list-cursor.ts'

/** Commands that a filter looks at, the latest: a few MB, and 15 to 50 ms for a filter that is new. */
export const LATEST_KEPT = 10_000
/** Characters of the arguments that a filter looks at. */
const ARGUMENTS_KEPT = 300

/** One command that was answered, and whose it was. */
interface Answered {
  readonly kind: string
  readonly args: string
  readonly pair: Pair
  readonly session: string
  readonly user: string | undefined
  readonly client: string | undefined
  readonly address: string | undefined
  readonly upstream: string
  readonly mailbox: string | undefined
}

/** The commands that a filter lets pass, added up. */
interface Filtered {
  readonly filter: Filter
  readonly table: CommandTable
  /** Places in the order of all commands: the first that it looked at, and the next that it has to. */
  readonly since: number
  next: number
}

export interface StatisticsState {
  readonly table: CommandTable
  latest: Answered[]
  /** Commands that were let go from `latest`. */
  dropped: number
  filtered: Filtered | undefined
  readonly cursor: ListCursor
  by: Grouping
  sort: { readonly order: RowOrder; readonly isReversed: boolean }
  /** Rows in order, as last made. */
  made: Made | undefined
}

interface Made {
  readonly rows: readonly CommandRow[]
  readonly table: CommandTable
  readonly key: string
  readonly until: number
}

export function initialStatistics(): StatisticsState {
  return {
    table: new CommandTable(),
    latest: [],
    dropped: 0,
    filtered: undefined,
    cursor: newCursor(),
    by: 'command',
    sort: { order: 'total', isReversed: false },
    made: undefined,
  }
}

/** Behind the session's own row, which made the exchange its latest. */
export function countExchange(state: StatisticsState, exchange: Exchange, session: SessionRow): void {
  const { user, agent, lastPair: pair } = session
  const kind = fingerprint(exchange)
  state.table.addAs(kind, exchange, { user, client: agent })
  if (pair?.id !== exchange.id) return
  state.latest.push({
    kind,
    args: clip(exchange.args, ARGUMENTS_KEPT),
    pair,
    session: session.id,
    user,
    client: agent,
    address: session.client?.host,
    upstream: session.upstream,
    mailbox: session.mailbox,
  })
  // A quarter more before trimming, so that the move is paid once in many commands.
  if (state.latest.length <= LATEST_KEPT * 1.25) return
  state.dropped += state.latest.length - LATEST_KEPT
  state.latest = state.latest.slice(-LATEST_KEPT)
}

/** Milliseconds that an order stands: rows that change places twelve times a second cannot be read. */
const CALM = 500

/** The rows to be seen, in order, and the table that they are of. */
export function shownRows(state: StatisticsState, { filter, source }: FilterSlot, now: number): Made {
  const { order, isReversed } = state.sort
  const key = `${state.by} ${order} ${String(isReversed)} ${source}`
  const { made } = state
  if (made && made.key === key && now < made.until && made.until - now <= CALM) return made
  const table = filter ? tableOf(state, filter) : state.table
  const sorted = table.rows(state.by, order)
  state.made = { rows: isReversed ? sorted.toReversed() : sorted, table, key, until: now + CALM }
  return state.made
}

/** How many of the latest commands the filter looked at; undefined where those were all. */
export function countFiltered({ filtered }: StatisticsState): number | undefined {
  return filtered && filtered.since > 0 ? filtered.next - filtered.since : undefined
}

/** Only what came since the last look is looked at, unless some of that is gone already. */
function tableOf(state: StatisticsState, filter: Filter): CommandTable {
  const { dropped, latest } = state
  const known = state.filtered
  const isUsable = known?.filter === filter && known.next >= dropped
  const filtered = isUsable ? known : { filter, table: new CommandTable(), since: dropped, next: dropped }
  state.filtered = filtered
  for (const one of latest.slice(filtered.next - dropped))
    if (filter.matches(subjectOf(one))) filtered.table.addAs(one.kind, one.pair, one)
  filtered.next = dropped + latest.length
  return filtered.table
}

function subjectOf(one: Answered): Subject {
  const { pair, args, kind, user, ...whose } = one
  const name = user ?? pair.user
  return {
    ...whose,
    kind: 'exchange',
    user: name,
    command: pair.name,
    tag: pair.tag,
    args,
    status: pair.status,
    code: pair.code,
    millis: pair.name === 'IDLE' ? undefined : timesOf(pair)?.took,
    octets: pair.octetsIn + pair.octetsOut,
    findings: pair.findings,
    text: () => [pair.tag, pair.name, args, kind, name, whose.client].filter((part) => part).join(' '),
  }
}
