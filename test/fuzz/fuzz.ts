/** The loop of the fuzzer: the same seed makes the same inputs, and each is known by its number. */

import { createRandom } from '../support/random.ts'
import { check } from './checks.ts'
import { generatedInputs, inputsOfTraces, type Input } from './inputs.ts'
import { mutate } from './mutate.ts'

export interface Crash {
  readonly run: number
  readonly input: Input
  readonly reason: string
}

export interface FuzzOptions {
  readonly seed: number
  /** Asked before each run. */
  readonly goesOn: (run: number) => boolean
  readonly onCrash: (crash: Crash) => void
}

/** Runs after which the generated messages are made anew. */
const RENEWAL = 100_000

/** Returns the number of runs. */
export function fuzz({ seed, goesOn, onCrash }: FuzzOptions): number {
  const traces = inputsOfTraces()
  let pool = [...traces, ...generatedInputs(seed, 20)]
  let run = 0
  for (; goesOn(run); run++) {
    if (run > 0 && run % RENEWAL === 0) pool = [...traces, ...generatedInputs(seed + run, 20)]
    const random = createRandom(seed + run)
    const input = mutate(pool[random.below(pool.length)] ?? nothing, pool, random)
    try {
      check(input, random)
    } catch (error) {
      onCrash({ run, input, reason: explain(error) })
    }
  }
  return run
}

const nothing: Input = { from: 'client', octets: new Uint8Array(0) }

function explain(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${String(error)}`
  const [first, at = ''] = (error.stack ?? error.message).split('\n')
  return error.constructor.name === 'Violation' ? error.message : `${first} ${at.trim()}`
}
