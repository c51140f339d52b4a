/** Words that are said only by and to somebody who is logged in; for octets that begin in the middle of a session. */

const words = new Set([
  'APPEND',
  'CHECK',
  'CLOSE',
  'COPY',
  'CREATE',
  'DELETE',
  'ENABLED',
  'ESEARCH',
  'EXAMINE',
  'EXISTS',
  'EXPUNGE',
  'FETCH',
  'FLAGS',
  'IDLE',
  'LIST',
  'LSUB',
  'MOVE',
  'NAMESPACE',
  'QUOTA',
  'QUOTAROOT',
  'RECENT',
  'RENAME',
  'SEARCH',
  'SELECT',
  'SORT',
  'STATUS',
  'STORE',
  'SUBSCRIBE',
  'THREAD',
  'UNSELECT',
  'UNSUBSCRIBE',
  'VANISHED',
])

/** Whether this command (`FETCH`, `UID FETCH`) or untagged response stands behind a login (RFC 9051 section 3). */
export const impliesLogin = (name: string): boolean =>
  words.has(name.startsWith('UID ') ? name.slice(4) : name)
