/** Makes transcript rows of the messages that are neither commands nor completions, which the exchange events bring. */

import type { Message } from '../imap/message.ts'
import { latin1, PLUS, STAR } from '../imap/octets.ts'
import type { ProxyEvent } from '../relay/event.ts'
import type { SessionRow, State } from './state.ts'
import type { Pair, TranscriptRow } from './transcript.ts'

interface Context {
  readonly state: State
  readonly session: SessionRow
  readonly push: (row: TranscriptRow) => void
  readonly describe: (message: Message) => string
}

type MessageEvent = Extract<ProxyEvent, { kind: 'message' }>

/** Octets read to tell what kind of response a message is. */
const HEAD = 64

export function observeMessage(context: Context, event: MessageEvent): void {
  const { message, side, at } = event
  countOctets(context, event)
  if (message.kind === 'command') return
  const pair = event.exchange && context.session.open.get(event.exchange.id)?.pair
  const first = firstOctets(message)[0]
  if (message.kind === 'response' && first === STAR) return observeUntagged(context, event, pair)
  const isCompletion = message.kind === 'response' && first !== PLUS
  if (!isCompletion) context.push({ kind: 'data', at, side, pair, text: textOf(context, event) })
}

function textOf(context: Context, event: MessageEvent): string {
  return event.hidesAll ? `‹redacted ${event.message.raw.octets}›` : context.describe(event.message)
}

function countOctets(context: Context, event: MessageEvent): void {
  const count = event.message.raw.octets
  context.state.octetRate.add(event.at, count)
  if (event.side === 'client') context.session.octetsIn += count
  else context.session.octetsOut += count
}

/** A response like the one before it only makes that row count on: a FETCH of a large mailbox stays one row. */
function observeUntagged(context: Context, event: MessageEvent, pair: Pair | undefined): void {
  const word = event.hidesAll ? '?' : wordOf(firstOctets(event.message))
  const count = event.message.raw.octets
  const last = context.session.transcript.last()
  if (last?.kind === 'untagged' && last.word === word && last.pair === pair) {
    last.count++
    last.octets += count
    return
  }
  const isPush = pair === undefined || pair.name === 'IDLE'
  const text = textOf(context, event)
  context.push({ kind: 'untagged', at: event.at, word, pair, isPush, count: 1, octets: count, text })
}

function firstOctets(message: Message): Uint8Array {
  const [part] = message.raw.parts
  return part?.kind === 'line' ? part.octets.subarray(0, HEAD) : new Uint8Array()
}

/** `* 12 FETCH (...` -> `FETCH`. */
function wordOf(head: Uint8Array): string {
  return /^\* (?:\d+ )?([A-Za-z][A-Za-z0-9-]*)/.exec(latin1(head))?.[1]?.toUpperCase() ?? '?'
}
