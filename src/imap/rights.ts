/** Rights of access control lists (RFC 4314 section 2): one letter or digit each; knows no mailbox. */

import type { Cursor } from './cursor.ts'
import { readAString } from './strings.ts'

/** `lrswipkxtea`; the order says nothing. `c` and `d` are the obsolete ones of RFC 2086. */
export type Rights = string

/** Letters in lower case and digits; may be empty. */
export function readRights(cursor: Cursor): Rights {
  return checkRights(cursor, readAString(cursor))
}

/** Tells of what is no right. */
export function checkRights(cursor: Cursor, rights: Rights): Rights {
  if (!/^[a-z0-9]*$/u.test(rights)) cursor.quirk('odd-rights', 'rights that are no small letters or digits')
  return rights
}
