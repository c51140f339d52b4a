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

/** Without the mailbox that was opened first, and what differs from one answer to the next: times, and the oracle's own probes. */
export function comparable(received: string): string {
  const opened = /(?:^|\n)w1 (?:OK|NO|BAD)[^\n]*\n/.exec(received)
  return received
    .slice(opened ? opened.index + opened[0].length : 0)
    .replaceAll(/ \(\d+\.\d+ (?:\+ [^)]*secs|sec)\)/g, '')
    .replaceAll(/^probe\d+ .*\r\n/gm, '')
}
