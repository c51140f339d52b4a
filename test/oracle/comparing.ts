/** What is the same: truths before and after, and answers to a canary and to nothing; it knows no connection. */

import { clip } from './findings.ts'
import { showStream } from './generator/marks.ts'

const changesShown = 8

export function compareTruth(before: readonly string[], now: readonly string[]): string[] {
  const [was, is] = [new Set(before), new Set(now)]
  const gone = before.filter((line) => !is.has(line)).map((line) => `- ${clip(showStream(line), 200)}`)
  const come = now.filter((line) => !was.has(line)).map((line) => `+ ${clip(showStream(line), 200)}`)
  return [...gone.slice(0, changesShown), ...come.slice(0, changesShown)]
}

/** Without what differs from one answer to the next: times that Dovecot tells, and news of the selected mailbox. */
export function comparable(received: string): string {
  return received
    .replaceAll(/ \(\d+\.\d+ \+ [^)]*secs\)/g, '')
    .replaceAll(/^\* \d+ (?:EXISTS|RECENT|EXPUNGE|FETCH .*)\r\n/gm, '')
    .replaceAll(/^\* (?:VANISHED|OK \[(?:HIGHESTMODSEQ|CLOSED)|FLAGS|OK \[PERMANENTFLAGS).*\r\n/gm, '')
    .replaceAll(/^probe\d+ .*\r\n/gm, '')
}
