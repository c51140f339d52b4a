/** Commands added up by kind, by user and by client, in constant memory; knows no order of events and no screen. */

import { clip } from '../imap/printable.ts'
import { timesOf, type Timed } from '../session/exchange-times.ts'
import type { Exchange } from '../session/exchanges.ts'
import { Buckets } from './buckets.ts'
import { fingerprint } from './fingerprint.ts'

/** What is told of one kind of command, one user or one client. Times are milliseconds, without those at breakpoints. */
export interface CommandRow {
  /** The fingerprint, the user or the client; `other` for those beyond the limit, `-` where nobody is known. */
  readonly name: string
  readonly count: number
  /** Answered NO or BAD. */
  readonly errors: number
  /** The session ended first: they count, and have no time. */
  readonly aborted: number
  readonly totalMillis: number
  /** Until the first octet of the answer: the server. */
  readonly waitMillis: number
  /** From then until the completion: the server, the network and a client that reads. */
  readonly transferMillis: number
  /** Within 5%. */
  readonly p50: number
  readonly p95: number
  readonly max: number
  readonly octetsIn: number
  readonly octetsOut: number
}

/** Who sent it, as the session knows it. */
export interface Sender {
  readonly user?: string | undefined
  readonly client?: string | undefined
}

/** What is added up of an exchange. */
export type Counted = Timed & Pick<Exchange, 'name' | 'user' | 'status' | 'octetsIn' | 'octetsOut'>

export type Grouping = 'command' | 'user' | 'client'

export const rowOrders = ['total', 'count', 'errors', 'p50', 'p95', 'max', 'octets', 'name'] as const
export type RowOrder = (typeof rowOrders)[number]

/** Rows of each grouping: a row is 1.3 KiB, all of them under 4 MiB. */
const ROWS = 1_000
/** Where those beyond the limit are added up. */
const OTHER = 'other'
const NOBODY = '-'
/** Characters of a name that tell rows apart: sessions know users and clients by as many. */
const NAME = 200

export class CommandTable {
  readonly #rows: Readonly<Record<Grouping, Map<string, Tally>>> = {
    command: new Map(),
    user: new Map(),
    client: new Map(),
  }
  readonly #idle = new Tally('IDLE')
  readonly #all = new Tally('all')

  /** A completed exchange, or one that its session's end cut off. */
  add(exchange: Exchange, sender: Sender): void {
    this.addAs(fingerprint(exchange), exchange, sender)
  }

  /** The same for one whose fingerprint is known. */
  addAs(kind: string, exchange: Counted, { user, client }: Sender): void {
    // An IDLE lasts as long as the client likes: among the others it would be the slowest command of all.
    if (exchange.name === 'IDLE') return this.#idle.add(exchange)
    this.#all.add(exchange)
    this.#tally('command', kind).add(exchange)
    this.#tally('user', user ?? exchange.user ?? NOBODY).add(exchange)
    this.#tally('client', client ?? NOBODY).add(exchange)
  }

  /** All commands but IDLE in one row. */
  get all(): CommandRow {
    return this.#all.row()
  }

  /** Undefined where nobody idled. */
  get idle(): CommandRow | undefined {
    const row = this.#idle.row()
    return row.count === 0 ? undefined : row
  }

  /** The largest first; names in their order. */
  rows(by: Grouping, order: RowOrder = 'total'): readonly CommandRow[] {
    const rows = [...this.#rows[by].values()].map((tally) => tally.row())
    const weigh = weights[order]
    return rows.sort((one, other) => weigh(other) - weigh(one) || (one.name < other.name ? -1 : 1))
  }

  #tally(by: Grouping, name: string): Tally {
    const tallies = this.#rows[by]
    const shown = clip(name, NAME)
    const known = tallies.get(shown)
    if (known) return known
    const key = tallies.size < ROWS ? shown : OTHER
    const tally = tallies.get(key) ?? new Tally(key)
    tallies.set(key, tally)
    return tally
  }
}

const weights: Readonly<Record<RowOrder, (row: CommandRow) => number>> = {
  total: (row) => row.totalMillis,
  count: (row) => row.count,
  errors: (row) => row.errors,
  p50: (row) => row.p50,
  p95: (row) => row.p95,
  max: (row) => row.max,
  octets: (row) => row.octetsIn + row.octetsOut,
  name: () => 0,
}

class Tally {
  readonly #name: string
  readonly #times = new Buckets()
  #count = 0
  #errors = 0
  #aborted = 0
  #wait = 0
  #transfer = 0
  #octetsIn = 0
  #octetsOut = 0

  constructor(name: string) {
    this.#name = name
  }

  add(exchange: Counted): void {
    const { status } = exchange
    const times = timesOf(exchange)
    this.#count++
    this.#octetsIn += exchange.octetsIn
    this.#octetsOut += exchange.octetsOut
    if (status === 'NO' || status === 'BAD') this.#errors++
    if (status === 'aborted' || times === undefined) {
      this.#aborted++
      return
    }
    this.#wait += times.wait
    this.#transfer += times.transfer
    this.#times.add(times.took)
  }

  row(): CommandRow {
    return {
      name: this.#name,
      count: this.#count,
      errors: this.#errors,
      aborted: this.#aborted,
      totalMillis: this.#wait + this.#transfer,
      waitMillis: this.#wait,
      transferMillis: this.#transfer,
      p50: this.#times.quantile(0.5),
      p95: this.#times.quantile(0.95),
      max: this.#times.max,
      octetsIn: this.#octetsIn,
      octetsOut: this.#octetsOut,
    }
  }
}
