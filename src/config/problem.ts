/** What is wrong with a configuration, and where; it does not know how it is printed or which exit code follows. */

import type { PolicyDocument } from './policy-document.ts'

/** Where a setting was written. */
export type Source = 'flag' | 'environment' | 'file'

export interface Problem {
  readonly source: Source
  /** `imaptap.yaml:3:7: tls.cert`, `--cert` or `IMAPTAP_TLS__CERT`. */
  readonly where: string
  readonly message: string
}

/** What could be read of a policy beside what is wrong: there may be more to tell, and nothing to enforce. */
export interface PolicyRest {
  readonly document: PolicyDocument
  /** Nothing is wrong with the policy as far as it was read. */
  readonly isWhole: boolean
}

export class BadConfiguration extends Error {
  override readonly name = 'BadConfiguration'
  readonly problems: readonly Problem[]
  readonly rest: PolicyRest | undefined

  constructor(problems: readonly Problem[], rest?: PolicyRest) {
    super(problems.map(writeProblem).join('\n'))
    this.problems = problems
    this.rest = rest
  }

  /** Every problem was typed on the command line. */
  get isUsage(): boolean {
    return this.problems.every((problem) => problem.source === 'flag')
  }
}

/** What was typed first, and files from the top down, as a person mends them. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const typed = problems.filter(({ source }) => source !== 'file')
  const inFiles = problems.filter(({ source }) => source === 'file')
  return [...typed, ...inFiles.toSorted(byPlace)]
}

type Placed = Pick<Problem, 'where'>

/** Line 9 before line 10. */
export const byPlace = (one: Placed, other: Placed): number =>
  one.where.localeCompare(other.where, 'en', { numeric: true })

export function writeProblem(problem: Problem): string {
  return `${problem.where}: ${problem.message}`
}
