/** Lets the threads on which V8 compiles and collects stand back behind the one that relays; knows no session. */

import { readdirSync, readFileSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { join } from 'node:path'

/** What the system knows of the threads of this process, on Linux. */
const THREADS = '/proc/self/task'
/** As Node calls them; a Node or a system that does not name them so is left as it is. */
const HELPER = 'V8Worker'
/** A tenth of the time that the relaying thread gets, where both want the same core; all of it where nobody else does. */
const BEHIND = 10

/**
 * There are four of them, and what the dashboard keeps gives them much to do: on a single core they held up traffic.
 * `decisions/dashboard-memory.md` has the figures.
 */
export function lowerHelpers(): void {
  if (process.platform !== 'linux') return
  const nice = Math.min((attempt(() => getPriority()) ?? 0) + BEHIND, constants.priority.PRIORITY_LOW)
  for (const thread of attempt(() => readdirSync(THREADS)) ?? []) {
    const name = attempt(() => readFileSync(join(THREADS, thread, 'comm'), 'latin1').trim())
    if (name === HELPER) attempt(() => setPriority(Number(thread), nice))
  }
}

/** Nothing depends on it: a system that does not allow it goes on as before. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
