/** What a run leaves behind, for the tables and for the JSON file. */

import type { MachineFacts } from '../machine/machine.ts'
import type { Found } from '../peers/peer.ts'
import type { RoundResult } from './statistics.ts'

export interface CaseFailure {
  readonly peer: string
  /** Undefined: before the first round. */
  readonly round: number | undefined
  readonly reason: string
}

export interface CaseResult {
  readonly name: string
  readonly rounds: readonly RoundResult[]
  readonly failures: readonly CaseFailure[]
  /** By peer: what TLS agreed between the load client and it. */
  readonly ciphers: Readonly<Record<string, string>>
  readonly seconds: number
}

export interface RunResult {
  /** ISO 8601, when the run began. */
  readonly startedAt: string
  readonly machine: MachineFacts
  readonly isPinned: boolean
  readonly isQuick: boolean
  readonly isProfiled: boolean
  readonly rounds: number
  readonly peers: Readonly<Record<string, Found>>
  readonly cases: readonly CaseResult[]
}
