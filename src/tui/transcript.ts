/** The rows of one session's transcript, a bounded ring; knows neither events nor how a row looks. */

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
  status: 'OK' | 'NO' | 'BAD' | 'aborted' | undefined
  isShared: boolean
}

export type TranscriptRow = { readonly at: number } &
  /** Made when the first is heard of its exchange; what is not known until the command is whole comes later. */
  (
    | { readonly kind: 'command'; readonly pair: Pair; args: string }
    | {
        readonly kind: 'completion'
        readonly pair: Pair
        readonly code: string | undefined
        readonly codeArgs: string | undefined
        readonly text: string
        readonly octets: number
      }
    /** One untagged response, or a run of the same kind. */
    | {
        readonly kind: 'untagged'
        readonly word: string
        readonly text: string
        readonly pair: Pair | undefined
        /** Not an answer: the server spoke by itself, between commands or during IDLE. */
        readonly isPush: boolean
        count: number
        octets: number
      }
    /** SASL data, DONE, or a continuation request: neither command nor completion. */
    | {
        readonly kind: 'data'
        readonly side: 'client' | 'server'
        readonly text: string
        readonly pair: Pair | undefined
      }
    | { readonly kind: 'note'; readonly level: 'info' | 'rewrite' | 'warn' | 'bad'; readonly text: string }
  )

export type CommandRow = Extract<TranscriptRow, { kind: 'command' }>

/** Rows kept for a live session while few are live. */
const LIVE_ROWS = 2000
/** Rows kept once a session closed. */
const CLOSED_ROWS = 100
/** Rows kept of all live sessions together: about 30 MB of short strings. */
const ALL_LIVE_ROWS = 100_000
/** However many sessions there are, each keeps at least so many. */
const FEWEST_ROWS = 100

/** What each live session may keep, given how many share the memory. */
export function rowsFor(liveSessions: number): number {
  return Math.max(FEWEST_ROWS, Math.min(LIVE_ROWS, Math.floor(ALL_LIVE_ROWS / Math.max(1, liveSessions))))
}

export class Transcript {
  #rows: TranscriptRow[] = []
  #dropped = 0

  /** Oldest first. */
  get rows(): readonly TranscriptRow[] {
    return this.#rows
  }

  /** Rows that were let go; the place of `rows[0]` in the whole conversation. */
  get dropped(): number {
    return this.#dropped
  }

  last(): TranscriptRow | undefined {
    return this.#rows.at(-1)
  }

  push(row: TranscriptRow, limit: number): void {
    this.#rows.push(row)
    // A quarter more before trimming, so that the move is paid once in many pushes.
    if (this.#rows.length > limit * 1.25) this.trim(limit)
  }

  close(): void {
    this.trim(CLOSED_ROWS)
  }

  trim(limit: number): void {
    const excess = this.#rows.length - limit
    if (excess <= 0) return
    this.#rows = this.#rows.slice(excess)
    this.#dropped += excess
  }
}
