/** What is wrong with a configuration, and where; it does not know how it is printed or which exit code follows. */

/** Where a setting was written. */
export type Source = 'flag' | 'environment' | 'file'

export interface Problem {
  readonly source: Source
  /** `imaptap.yaml:3:7: tls.cert`, `--cert` or `IMAPTAP_TLS__CERT`. */
  readonly where: string
  readonly message: string
}

export class BadConfiguration extends Error {
  override readonly name = 'BadConfiguration'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(writeProblem).join('\n'))
    this.problems = problems
  }

  /** Every problem was typed on the command line. */
  get isUsage(): boolean {
    return this.problems.every((problem) => problem.source === 'flag')
  }
}

export function writeProblem(problem: Problem): string {
  return `${problem.where}: ${problem.message}`
}
