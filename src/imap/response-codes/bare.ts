/** Response codes that are one word (RFC 9051 section 7.1, RFC 5530 and many more, and those of vendors). */

import type { CodeForm } from './form.ts'

export interface BareCode {
  readonly name: (typeof names)[number]
}

const names = [
  'ALERT',
  'PARSE',
  'READ-ONLY',
  'READ-WRITE',
  'TRYCREATE',
  'CLOSED',
  'HASCHILDREN',
  'UNKNOWN-CTE',
  // RFC 4315, 7162, 5182.
  'UIDNOTSTICKY',
  'NOMODSEQ',
  'NOTSAVED',
  // RFC 5530.
  'UNAVAILABLE',
  'AUTHENTICATIONFAILED',
  'AUTHORIZATIONFAILED',
  'EXPIRED',
  'PRIVACYREQUIRED',
  'CONTACTADMIN',
  'NOPERM',
  'INUSE',
  'EXPUNGEISSUED',
  'CORRUPTION',
  'SERVERBUG',
  'CLIENTBUG',
  'CANNOT',
  'LIMIT',
  'OVERQUOTA',
  'ALREADYEXISTS',
  'NONEXISTENT',
  // RFC 6154, 4469 and 7888, 4978, 9586, 5465, 5255, 5259, 10022.
  'USEATTR',
  'TOOBIG',
  'COMPRESSIONACTIVE',
  'UIDREQUIRED',
  'NOTIFICATIONOVERFLOW',
  'BADCOMPARATOR',
  'TEMPFAIL',
  'TOOFEW',
  'TOOMANY',
  // Gmail, Netscape, and imapproxy when it had a connection at hand.
  'THROTTLED',
  'NETSCAPE',
  'XPROXYREUSE',
] as const

export const bare: CodeForm<BareCode> = {
  names,
  read: (_cursor, name) => ({ name }),
  write: () => {},
}
