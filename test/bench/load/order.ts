/** What the bench orders of its load client, and what comes back; plain data for a channel between processes. */

import type { CorpusName } from '../upstream/corpus.ts'

export type Order =
  /** Connect, log in and select; the sessions stay for the orders that follow. */
  | { readonly kind: 'open'; readonly port: number; readonly sessions: number; readonly concurrency: number }
  /** Each session fetches the corpus so many times, one after the other; `concurrency` sessions at once. */
  | {
      readonly kind: 'fetch'
      readonly corpus: CorpusName
      readonly fetches: number
      readonly concurrency: number
      /** Compare a digest of all that arrived with what upstream sends. Costs time: not for measured rounds. */
      readonly isHashed: boolean
    }
  /** One command after the other on the first session. */
  | { readonly kind: 'noop'; readonly commands: number }
  /** Each session sends batches of small commands without waiting within a batch. */
  | { readonly kind: 'pipeline'; readonly batches: number; readonly batchSize: number }
  /** Connect, LOGIN, LOGOUT, again and again. */
  | { readonly kind: 'setup'; readonly port: number; readonly sessions: number; readonly concurrency: number }
  | { readonly kind: 'idle' }
  | { readonly kind: 'end-idle' }
  | { readonly kind: 'close' }

export interface Figures {
  /** From the first octet of the order's work to the last. */
  readonly seconds: number
  /** Octets of responses, where the order counts them. */
  readonly octets?: number
  readonly commands?: number
  readonly p50Us?: number
  readonly p99Us?: number
  /** What TLS agreed between the load client and the proxy. */
  readonly cipher?: string
}

export type Outcome =
  | { readonly kind: 'done'; readonly figures: Figures }
  | { readonly kind: 'failed'; readonly reason: string }
