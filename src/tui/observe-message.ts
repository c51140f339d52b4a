/** Makes transcript rows of the messages that are neither commands nor completions, which the exchange events bring. */

import type { Message } from '../imap/message.ts'
import { latin1, PLUS, STAR } from '../imap/octets.ts'
import type { ProxyEvent } from '../relay/event.ts'
import { KeptMessage } from './kept-message.ts'
import { budgetOf, type SessionRow, type State } from './state.ts'
import { RUN_KEPT, type Pair, type TranscriptRow } from './transcript.ts'

type MessageEvent = Extract<ProxyEvent, { kind: 'message' }>

/** Octets read to tell what kind of response a message is. */
const HEAD = 64

export function observeMessage(state: State, session: SessionRow, event: MessageEvent): void {
  const { message, side, at, exchange } = event
  countOctets(state, session, event)
  const open = exchange && session.open.get(exchange.id)
  if (open) open.pair.heldMillis = exchange.heldMillis
  if (message.kind === 'command') {
    if (open) session.transcript.fill(open, keep(state, event))
    return
  }
  const first = firstOctets(message)[0]
  if (message.kind === 'response' && first === STAR)
    return observeUntagged({ state, session, pair: open?.pair }, event)
  // A tag that nobody waits for ends no exchange: a row of its own is all it has.
  if (message.kind === 'response' && first !== PLUS && exchange) {
    // Its row is made by the event that follows, which says how the exchange ended.
    session.completion = { exchange: exchange.id, message: keep(state, event) }
    return
  }
  const row: TranscriptRow = { kind: 'data', at, side, pair: open?.pair, message: keep(state, event) }
  session.transcript.push(row, budgetOf(state))
}

function keep(
  state: State,
  { message, at, hidesAll, isOurs = false, isForUs = false, sent }: MessageEvent,
): KeptMessage {
  return new KeptMessage(message, { at, hidesAll, isOurs, isForUs, sent, describe: state.describe })
}

function countOctets(state: State, session: SessionRow, event: MessageEvent): void {
  const count = event.message.raw.octets
  state.octetRate.add(event.at, count)
  if (event.side === 'client') session.octetsIn += count
  else session.octetsOut += count
}

interface Stage {
  readonly state: State
  readonly session: SessionRow
  readonly pair: Pair | undefined
}

/** A response like the one before it only makes that row count on: a FETCH of a large mailbox stays one row. */
function observeUntagged({ state, session, pair }: Stage, event: MessageEvent): void {
  const word = event.hidesAll ? '?' : wordOf(firstOctets(event.message))
  const octets = event.message.raw.octets
  const { transcript } = session
  const last = transcript.last()
  if (last?.kind === 'untagged' && last.word === word && last.pair === pair) {
    last.count++
    last.octets += octets
    if (last.messages.length < RUN_KEPT) transcript.addToRun(last, keep(state, event), budgetOf(state))
    return
  }
  const isPush = pair === undefined || pair.name === 'IDLE'
  const messages = [keep(state, event)]
  const row: TranscriptRow = {
    kind: 'untagged',
    at: event.at,
    word,
    pair,
    isPush,
    count: 1,
    octets,
    messages,
  }
  transcript.push(row, budgetOf(state))
}

function firstOctets(message: Message): Uint8Array {
  const [part] = message.raw.parts
  return part?.kind === 'line' ? part.octets.subarray(0, HEAD) : new Uint8Array()
}

/** `* 12 FETCH (...` -> `FETCH`. */
function wordOf(head: Uint8Array): string {
  return /^\* (?:\d+ )?([A-Za-z][A-Za-z0-9-]*)/.exec(latin1(head))?.[1]?.toUpperCase() ?? '?'
}
