/** What is wrong with a capture file, said for people: what, where and what to do; knows no exit code. */

export class CaptureFault extends Error {
  /** `session.ndjson:3`, or the file alone. */
  readonly where: string
  readonly advice: string

  constructor(where: string, text: string, advice: string) {
    super(`${where}: ${text}`)
    this.name = 'CaptureFault'
    this.where = where
    this.advice = advice
  }
}
