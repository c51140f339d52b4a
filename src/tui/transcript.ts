/** The rows of one session's transcript, a bounded ring; knows neither events nor how a row looks. */

import type { FindingLevel } from '../findings/finding.ts'
import { grouped } from './format.ts'
import type { KeptMessage } from './kept-message.ts'
import type { Noted } from './noted.ts'

/** What a row shows of a finding; the rest of it is for the findings screen. */
export interface FoundMark {
  readonly id: string
  readonly name: string
  readonly level: FindingLevel
  readonly text: string
  readonly advice: string
  readonly reference: string
  readonly evidence: readonly string[]
}

/** A command on its way, shared by the rows it is shown on. Strings only: no message is kept alive by it. */
export interface Pair {
  readonly id: number
  tag: string
  name: string
  /** Whom a login tried to be. */
  user: string | undefined
  readonly openedAt: number
  firstOctetAt: number | undefined
  completedAt: number | undefined
  /** Of this time, what went by at breakpoints. */
  heldMillis: number
  status: 'OK' | 'NO' | 'BAD' | 'aborted' | undefined
  code: string | undefined
  octetsIn: number
  octetsOut: number
  isShared: boolean
  /** At most `FINDINGS_KEPT`. */
  findings: readonly FoundMark[]
}

/** Findings shown of one exchange. */
export const FINDINGS_KEPT = 8

export type TranscriptRow = { readonly at: number } &
  /** Made when the first is heard of its exchange; what is not known until the command is whole comes later. */
  (
    | { readonly kind: 'command'; readonly pair: Pair; args: string; message: KeptMessage | undefined }
    | {
        readonly kind: 'completion'
        readonly pair: Pair
        readonly code: string | undefined
        readonly codeArgs: string | undefined
        readonly text: string
        readonly octets: number
        readonly message: KeptMessage | undefined
      }
    /** One untagged response, or a run of the same kind. */
    | {
        readonly kind: 'untagged'
        readonly word: string
        readonly pair: Pair | undefined
        /** Not an answer: the server spoke by itself, between commands or during IDLE. */
        readonly isPush: boolean
        count: number
        octets: number
        /** The first of the run, at most `RUN_KEPT`. */
        readonly messages: KeptMessage[]
      }
    /** SASL data, DONE, or a continuation request: neither command nor completion. */
    | {
        readonly kind: 'data'
        readonly side: 'client' | 'server'
        readonly pair: Pair | undefined
        readonly message: KeptMessage
      }
    | {
        readonly kind: 'note'
        readonly level: 'info' | 'rewrite' | 'warn' | 'bad'
        readonly text: string
        readonly finding?: FoundMark
        /** Stands for rows that are no longer kept: no filter hides it. */
        readonly isGap?: true
        /** The event it was made of, where a file should tell it again. */
        readonly noted?: Noted
      }
  )

export type CommandRow = Extract<TranscriptRow, { kind: 'command' }>

/** Rows kept for a live session while few are live. */
const LIVE_ROWS = 2000
/** Rows kept of all live sessions together. */
const ALL_LIVE_ROWS = 100_000
/** However many sessions there are, each keeps at least so many. */
const FEWEST_ROWS = 100
/** Octets of memory for the messages of all live sessions together. */
const ALL_OCTETS = 48 * 1024 * 1024
/** However many sessions there are, each keeps at least so many octets of messages. */
const FEWEST_OCTETS = 64 * 1024
/** Responses of one run that can be opened. */
export const RUN_KEPT = 500

export interface Budget {
  readonly rows: number
  readonly octets: number
}

/** What is left of a closed session whose transcript gave way to others: a thousand such are 32 MiB at most. */
const REST: Budget = { rows: 100, octets: 32 * 1024 }

/** What each live session may keep, given how many share the memory. */
export function budgetFor(liveSessions: number): Budget {
  const sharers = Math.max(1, liveSessions)
  return {
    rows: Math.max(FEWEST_ROWS, Math.min(LIVE_ROWS, Math.floor(ALL_LIVE_ROWS / sharers))),
    octets: Math.max(FEWEST_OCTETS, Math.floor(ALL_OCTETS / Math.max(4, sharers))),
  }
}

/** Rows by their place in the whole conversation, wherever they are kept. */
export interface RowSource {
  /** Place of the oldest row that is there. */
  readonly first: number
  /** One past the newest. */
  readonly end: number
  rowAt(place: number): TranscriptRow | undefined
  /** The place of a row of this exchange, where the source knows it without a search. */
  placeOf?(exchange: number): number | undefined
}

export class Transcript implements RowSource {
  #rows: TranscriptRow[] = []
  #dropped = 0
  #octets = 0
  #gap: TranscriptRow | undefined

  /** Oldest first. */
  get rows(): readonly TranscriptRow[] {
    return this.#rows
  }

  /** Where something was dropped, one row in front tells of it. */
  get first(): number {
    return this.#gap ? this.#dropped - 1 : this.#dropped
  }

  /** Rows that are no longer kept. */
  get dropped(): number {
    return this.#dropped
  }

  get end(): number {
    return this.#dropped + this.#rows.length
  }

  /** Octets of memory that its messages take, about. */
  get octets(): number {
    return this.#octets
  }

  rowAt(place: number): TranscriptRow | undefined {
    return this.#gap && place === this.#dropped - 1 ? this.#gap : this.#rows[place - this.#dropped]
  }

  last(): TranscriptRow | undefined {
    return this.#rows.at(-1)
  }

  push(row: TranscriptRow, budget: Budget): void {
    this.#rows.push(row)
    this.#octets += weightOf(row)
    this.#keepTo(budget)
  }

  /** A run went on: its newest row, if that is the one, has one more message. */
  addToRun(row: Extract<TranscriptRow, { kind: 'untagged' }>, message: KeptMessage, budget: Budget): void {
    row.messages.push(message)
    this.#octets += message.weight
    this.#keepTo(budget)
  }

  /** What a command turned out to be, once it was whole. */
  fill(row: CommandRow, message: KeptMessage): void {
    if (!row.message) this.#octets += message.weight
    row.message = message
  }

  /** Keeps only the end of it. */
  shrink(): void {
    this.#trim(REST)
  }

  #keepTo(budget: Budget): void {
    // A quarter more before trimming, so that the move is paid once in many pushes.
    const { rows, octets } = budget
    if (this.#rows.length > rows * 1.25 || this.#octets > octets * 1.25) this.#trim(budget)
  }

  /** The newest row always stays. */
  #trim({ rows, octets }: Budget): void {
    let excess = 0
    while (excess < this.#rows.length - 1) {
      const oldest = this.#rows[excess]
      if (!oldest || (this.#rows.length - excess <= rows && this.#octets <= octets)) break
      this.#octets -= weightOf(oldest)
      excess++
    }
    if (excess === 0) return
    this.#rows = this.#rows.slice(excess)
    this.#dropped += excess
    this.#gap = gapRow(this.#dropped, this.#rows[0]?.at ?? 0)
  }
}

function gapRow(dropped: number, at: number): TranscriptRow {
  const lines = dropped === 1 ? 'line is' : 'lines are'
  const text = `${grouped(dropped)} older ${lines} no longer kept`
  return { kind: 'note', at, level: 'warn', text, isGap: true }
}

/** The messages a row has, in order. */
export function messagesOf(row: TranscriptRow): readonly KeptMessage[] {
  if (row.kind === 'untagged') return row.messages
  return row.kind === 'note' || !row.message ? [] : [row.message]
}

function weightOf(row: TranscriptRow): number {
  let octets = 0
  for (const message of messagesOf(row)) octets += message.weight
  if (row.kind === 'note' && row.noted?.kind === 'held') octets += row.noted.message.weight
  return octets
}
