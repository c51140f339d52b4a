/** Who runs this program, as the records of a ruling have it; it does not know what was ruled. */

import { userInfo } from 'node:os'

/** A user without an entry in the system's table has a number. */
export function nameOfUser(): string {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? '?'}`
  }
}
