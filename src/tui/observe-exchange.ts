/** Folds commands and their completions into a session's rows; knows no other event. */

import type { ProxyEvent } from '../relay/event.ts'
import type { Exchange } from '../session/exchanges.ts'
import { timesOf } from '../session/exchange-times.ts'
import type { KeptMessage } from './kept-message.ts'
import { clip } from './row-text.ts'
import type { SessionRow, State } from './state.ts'
import type { CommandRow, FoundMark, Pair, TranscriptRow } from './transcript.ts'

/** Different commands remembered of a session: more than IMAP has. */
const COMMANDS_HEARD = 64

export interface Stage {
  readonly state: State
  readonly session: SessionRow
  readonly push: (row: TranscriptRow) => void
}

/** Its row may stand there already, made for an answer that came while the command was still on its way. */
export function openCommand({ state, session, push }: Stage, exchange: Exchange): void {
  const expected = session.open.get(exchange.id)
  const row = expected ?? expectCommand(state, session, exchange)
  fillCommand(row, exchange)
  hear(session, exchange)
  if (!expected) push(row)
}

type MessageEvent = Extract<ProxyEvent, { kind: 'message' }>

/** An answer to a command that is not whole yet: `+ go ahead` invites the rest of it. */
export function isAhead(
  session: SessionRow,
  event: MessageEvent,
): event is MessageEvent & { exchange: Exchange } {
  const { exchange, side } = event
  if (exchange === undefined || side === 'client' || session.open.has(exchange.id)) return false
  return exchange.completedAt === undefined
}

/** Of a command that is not whole nobody knows yet whether its tag may be shown. */
export function expectCommand(state: State, session: SessionRow, exchange: Exchange): CommandRow {
  const pair: Pair = { ...pairOf(exchange), tag: '…' }
  const row: CommandRow = { kind: 'command', at: exchange.openedAt, pair, args: '…', message: undefined }
  session.open.set(exchange.id, row)
  session.commands++
  state.commandRate.add(exchange.openedAt, 1)
  return row
}

function fillCommand(row: CommandRow, exchange: Exchange): void {
  row.pair.tag = clip(exchange.tag)
  row.pair.name = clip(exchange.name)
  row.pair.user = exchange.user === undefined ? undefined : clip(exchange.user)
  row.args = clip(exchange.args)
}

export function completePair(session: SessionRow, exchange: Exchange, at: number): TranscriptRow {
  const row = session.open.get(exchange.id)
  if (row) fillCommand(row, exchange)
  const pair = row?.pair ?? pairOf(exchange)
  session.open.delete(exchange.id)
  pair.firstOctetAt = exchange.firstOctetAt
  pair.completedAt = exchange.completedAt ?? at
  pair.heldMillis = exchange.heldMillis
  pair.status = exchange.status
  pair.isShared = exchange.attribution === 'shared'
  pair.code = exchange.code
  pair.octetsIn = exchange.octetsIn
  pair.octetsOut = exchange.octetsOut
  session.lastPair = pair
  hear(session, exchange)
  // An IDLE lasts as long as the client likes: it says nothing of how fast the server is.
  if (pair.name !== 'IDLE' && pair.status !== 'aborted') session.latencies.add(timesOf(pair)?.took ?? 0)
  return {
    kind: 'completion',
    at,
    pair,
    code: exchange.code,
    codeArgs: exchange.codeArgs === undefined ? undefined : clip(exchange.codeArgs),
    text: clip(exchange.text ?? ''),
    octets: exchange.octetsOut,
    message: takeCompletion(session, exchange),
  }
}

/** The line itself came just before the event. */
function takeCompletion(session: SessionRow, exchange: Exchange): KeptMessage | undefined {
  const { completion } = session
  session.completion = undefined
  return completion?.exchange === exchange.id ? completion.message : undefined
}

/** What filters ask for later: that a session ever said this, or was ever told that. */
function hear(session: SessionRow, exchange: Exchange): void {
  const { commands, statuses } = session.heard
  if (commands.size < COMMANDS_HEARD) commands.add(clip(exchange.name))
  if (exchange.status !== undefined) statuses.add(exchange.status)
  if (exchange.user !== undefined) session.triedUser = clip(exchange.user)
}

/** One for all: most exchanges have none. */
const nothing: readonly FoundMark[] = []

/** For a completion whose command was never seen: the dashboard was started in the middle of a session. */
export function pairOf(exchange: Exchange): Pair {
  return {
    id: exchange.id,
    tag: clip(exchange.tag),
    name: clip(exchange.name),
    user: exchange.user === undefined ? undefined : clip(exchange.user),
    openedAt: exchange.openedAt,
    firstOctetAt: exchange.firstOctetAt,
    completedAt: exchange.completedAt,
    heldMillis: exchange.heldMillis,
    status: exchange.status,
    code: exchange.code,
    octetsIn: exchange.octetsIn,
    octetsOut: exchange.octetsOut,
    isShared: exchange.attribution === 'shared',
    findings: nothing,
  }
}
