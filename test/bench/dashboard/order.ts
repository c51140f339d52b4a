/** What the dashboard's bench orders of its paced clients, and what comes back; plain data for a channel between processes. */

export type PacedOrder =
  /** Connect, log in and select; the sessions stay. */
  | { readonly kind: 'open'; readonly port: number; readonly sessions: number }
  /** So many commands a second over all sessions together, however late the answers come. */
  | { readonly kind: 'run'; readonly seconds: number; readonly rate: number }

export interface PacedFigures {
  readonly commands: number
  /** Milliseconds from the write of a command to its completion. */
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Milliseconds at p99 that this client was late in sending: where it is high, the machine was busy. */
  readonly lateP99: number
}

export type PacedOutcome =
  | { readonly kind: 'done'; readonly figures: PacedFigures }
  | { readonly kind: 'failed'; readonly reason: string }
