/** Adds to what is wrong with a configuration what is wrong with the meaning of its policy: all in one go; reads no file. */

import { BadConfiguration, sortProblems, type Problem } from '../config/problem.ts'
import { compilePolicy, findPartFaults } from './compile.ts'

/** Any other error, and one with nothing to add, stays as it is. */
export function withPolicyFaults(error: unknown): unknown {
  if (!(error instanceof BadConfiguration) || !error.rest) return error
  const { document, isWhole } = error.rest
  const compiled = isWhole ? compilePolicy(document) : undefined
  const found = compiled ? (compiled.ok ? [] : compiled.problems) : findPartFaults(document)
  if (found.length === 0) return error
  const more = found.map((problem): Problem => ({ source: 'file', ...problem }))
  return new BadConfiguration(sortProblems([...error.problems, ...more]))
}
