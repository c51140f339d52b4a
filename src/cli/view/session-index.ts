/** Where the records of one session lie and with which of them its rows begin, in a few octets each; reads no file. */

import type { Finding, FindingEvent, ObservedEvent } from '../../findings/finding.ts'
import { markOf } from '../../tui/observe.ts'
import type { FoundMark } from '../../tui/transcript.ts'
import { GrowingNumbers } from './growing-numbers.ts'
import { RisingNumbers } from './rising-numbers.ts'

/** Rows between two places from which rows can be made. */
const ROWS = 64
/** Records between them, where rows stand for many. */
const RECORDS = 1_000
/** Exchange ids from the first one seen on that are remembered. */
const EXCHANGES = 5_000_000

/** A place from which the rows behind it can be made by reading on. */
export interface Block {
  /** The first of its rows. */
  readonly row: number
  /** The record that begins it. */
  readonly record: number
  /** Records of the exchanges that were open then. */
  readonly open: readonly number[]
}

export class SessionIndex {
  readonly #offsets = new RisingNumbers()
  /** Rows and records of the blocks; both rise. */
  readonly #rows = new GrowingNumbers()
  readonly #records = new GrowingNumbers()
  /** Open exchanges at the beginning of a block, where there were any. */
  readonly #openAt = new Map<number, readonly number[]>()
  /** For each exchange id behind the first: one more than the record that completed it. */
  readonly #completions = new GrowingNumbers()
  /** Findings that are rows of their own, by the record behind which they stand. */
  readonly #foundAt = new Map<number, FindingEvent[]>()
  /** Findings that are marks at an exchange, by its id. */
  readonly #foundOf = new Map<number, FoundMark[]>()
  /** Exchanges in flight with the record that tells them best. */
  readonly #open = new Map<number, number>()
  #firstExchange: number | undefined
  /** Rows in all. */
  rows = 0

  /** A record that was observed: `rows` is how many there are after it. */
  add(offset: number, event: ObservedEvent, rows: number): void {
    const record = this.#offsets.length
    this.#offsets.push(offset)
    if (rows > this.rows && this.#isDue(record, event)) this.#begin(record)
    this.rows = rows
    this.#follow(record, event)
  }

  /** What the latest record shows; `rows` is how many there are after it. */
  addFinding(event: FindingEvent, rows: number): void {
    const { exchange } = event.finding
    if (rows > this.rows) addTo(this.#foundAt, this.#offsets.length - 1, event)
    else if (exchange !== undefined) addTo(this.#foundOf, exchange, leanMark(event.finding))
    this.rows = rows
  }

  get blocks(): number {
    return this.#rows.length
  }

  /** The block of this row, by its number. */
  blockOf(row: number): number {
    return this.#rows.lastUpTo(row)
  }

  /** The block that this record is read for. */
  blockOfRecord(record: number): number {
    return this.#records.lastUpTo(record)
  }

  block(number: number): Block | undefined {
    const row = this.#rows.at(number)
    const record = this.#records.at(number)
    if (row === undefined || record === undefined) return undefined
    return { row, record, open: this.#openAt.get(number) ?? [] }
  }

  get records(): number {
    return this.#offsets.length
  }

  offsetOf(record: number): number | undefined {
    return this.#offsets.at(record)
  }

  foundAt(record: number): readonly FindingEvent[] {
    return this.#foundAt.get(record) ?? []
  }

  foundOf(exchange: number): readonly FoundMark[] {
    return this.#foundOf.get(exchange) ?? []
  }

  /** The record that completed this exchange. */
  completionOf(exchange: number): number | undefined {
    const record = this.#completions.at(exchange - (this.#firstExchange ?? 0)) ?? 0
    return record > 0 ? record - 1 : undefined
  }

  /** Nothing more comes. */
  settle(): void {
    for (const numbers of [this.#offsets, this.#rows, this.#records, this.#completions]) numbers.settle()
    this.#open.clear()
  }

  /** A completion needs the message before it, and so begins none. */
  #isDue(record: number, { kind }: ObservedEvent): boolean {
    const block = this.block(this.#rows.length - 1)
    if (!block) return true
    if (kind === 'exchange-completed' || kind === 'closed') return false
    return this.rows - block.row >= ROWS || record - block.record >= RECORDS
  }

  #begin(record: number): void {
    if (this.#open.size > 0) this.#openAt.set(this.#rows.length, [...this.#open.values()])
    this.#rows.push(this.rows)
    this.#records.push(record)
  }

  #follow(record: number, event: ObservedEvent): void {
    if ('exchange' in event && event.exchange) this.#firstExchange ??= event.exchange.id
    if (event.kind === 'exchange-completed') {
      this.#open.delete(event.exchange.id)
      this.#complete(event.exchange.id, record)
      return
    }
    if (!('exchange' in event) || !event.exchange || event.exchange.completedAt !== undefined) return
    const { id } = event.exchange
    if (event.kind === 'exchange-opened' || !this.#open.has(id)) this.#open.set(id, record)
  }

  #complete(exchange: number, record: number): void {
    const at = exchange - (this.#firstExchange ?? exchange)
    if (at >= 0 && at <= EXCHANGES) this.#completions.set(at, record + 1)
  }
}

/** The lines that show it stand beside it in the transcript. */
const leanMark = (finding: Finding): FoundMark => ({ ...markOf(finding), evidence: [] })

function addTo<Value>(map: Map<number, Value[]>, key: number, value: Value): void {
  const values = map.get(key)
  if (values) values.push(value)
  else map.set(key, [value])
}
