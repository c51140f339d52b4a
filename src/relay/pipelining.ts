/** Which commands may be in flight beside others in enforcing mode: those that change nothing about how others are read. */

const alone = [
  'APPEND',
  'CAPABILITY',
  'CHECK',
  'COPY',
  'EXPUNGE',
  'FETCH',
  'GETQUOTA',
  'GETQUOTAROOT',
  'LIST',
  'LSUB',
  'MOVE',
  'MYRIGHTS',
  'NAMESPACE',
  'NOOP',
  'REPLACE',
  'SEARCH',
  'SORT',
  'STATUS',
  'STORE',
  'THREAD',
] as const
const withUid = ['COPY', 'EXPUNGE', 'FETCH', 'MOVE', 'REPLACE', 'SEARCH', 'SORT', 'STORE', 'THREAD'] as const

const pipelined: ReadonlySet<string> = new Set([...alone, ...withUid.map((name) => `UID ${name}`)])

/**
 * All others wait until nothing is in flight, and nothing behind them is read until they are answered: what they do
 * decides about the next command, and unknown ones may do anything.
 */
export const mayBePipelined = (name: string): boolean => pipelined.has(name)

/** Commands in flight at a time; more wait, and their client is not read any further. */
export const MOST_IN_FLIGHT = 100
