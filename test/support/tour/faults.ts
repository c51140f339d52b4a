/** What the servers of the tour get wrong: faults that strict reading must find, each with the rule that it breaks. */

import type { Finding } from './reading.ts'

export interface ServerFault {
  readonly server: 'dovecot' | 'cyrus'
  readonly what: string
  readonly text: RegExp
  /** Whose rule is broken, and how. */
  readonly because: string
}

/** What the checks rightly hold against a server, by the id of the check. */
export interface BlamedFault {
  readonly server: 'dovecot' | 'cyrus'
  readonly id: string
  /** What the server does, and which rule that breaks. */
  readonly because: string
}

export const blamedFaults: readonly BlamedFault[] = [
  {
    server: 'cyrus',
    id: 'S34',
    because:
      'RFC 4731 section 3.1: SEARCH RETURN (RELEVANCY ALL) that finds nothing is answered by no ESEARCH',
  },
]

export const serverFaults: readonly ServerFault[] = [
  {
    server: 'dovecot',
    what: 'trailing-space',
    text: /^\* THREAD \r\n$/u,
    because: 'RFC 5256 section 5: thread-data is "THREAD" [SP 1*thread-list], no space without a list',
  },
  {
    server: 'dovecot',
    what: 'empty-list',
    text: /^\* GENURLAUTH\r\n$/u,
    because: 'RFC 4467 section 9: genurlauth-data has one URL at least; a command without any was BAD',
  },
  {
    server: 'dovecot',
    what: 'eight-bit-mailbox',
    text: /^\* STATUS \{9\}\r\n/u,
    because: 'RFC 3501 section 5.1.3: names are in modified UTF-7; what NOTIFY brings is not encoded',
  },
  {
    server: 'dovecot',
    what: 'odd-code',
    text: /^t\d+ NO \[BADEVENT [A-Z]/iu,
    because: 'RFC 5465 section 8: the events of BADEVENT stand in parentheses',
  },
  {
    server: 'cyrus',
    what: 'lone-modseq',
    text: /^\* SEARCH \(MODSEQ 1\)\r\n$/u,
    because: 'RFC 7162 section 7: search-sort-mod-seq stands behind one number at least',
  },
  {
    server: 'cyrus',
    what: 'odd-entry',
    text: /^\* METADATA \S+ \("\/private\/no\/\/entry" NIL\)\r\n$/u,
    because: 'RFC 5464 section 4.1: no entry name has two slashes in a row; the command was BAD',
  },
  {
    server: 'cyrus',
    what: 'odd-atom',
    text: /^\* (?:MAILBOX|QUOTA) %\(/u,
    because: 'RFC 9051 section 9: no atom has %; answers to SYNCGET are in a syntax of their own',
  },
  {
    server: 'cyrus',
    what: 'odd-attribute',
    text: /^\* LSUB \(/u,
    because:
      'RFC 3501 section 9: LSUB has attributes, delimiter and name; SYNCGET lists names in its own way',
  },
  {
    server: 'cyrus',
    what: 'tagged-data',
    text: /^t\d+ DUMP \(/u,
    because: 'RFC 9051 section 2.2.2: data are untagged; what DUMP brings has the tag of the command',
  },
]

export function faultOf(server: ServerFault['server'], finding: Finding): ServerFault | undefined {
  return serverFaults.find(
    (fault) =>
      fault.server === server &&
      finding.from === 'server' &&
      fault.what === finding.what &&
      fault.text.test(finding.text),
  )
}
