/** An end of the program that the person can do something about; it does not know how it is printed. */

export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exitCode: number
  /** What to do about it, as one sentence or command. */
  readonly advice: string | undefined

  constructor(message: string, exitCode: number, advice?: string) {
    super(message)
    this.exitCode = exitCode
    this.advice = advice
  }
}
