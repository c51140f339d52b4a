/** What is wrong with a capture file, said for people: what, where and what to do; knows no exit code. */

import { printable } from '../imap/printable.ts'

export class CaptureFault extends Error {
  /** `session.ndjson:3`, or the file alone. */
  readonly where: string
  readonly advice: string

  constructor(where: string, text: string, advice: string) {
    // In a shared folder anybody may have named a file.
    super(printable(`${where}: ${text}`))
    this.name = 'CaptureFault'
    this.where = printable(where)
    this.advice = advice
  }
}
