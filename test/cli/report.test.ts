/** What an end of the program prints, and its exit code. */

import { describe, expect, it } from 'vitest'
import { stripVTControlCharacters } from 'node:util'
import { Failure } from '../../src/cli/failure.ts'
import { report } from '../../src/cli/report.ts'
import { BadConfiguration, type Source } from '../../src/config/problem.ts'

function show(error: unknown, isDebug = false): { readonly code: number; readonly text: string } {
  let text = ''
  const err = { write: (more: string) => (text += more) }
  const code = report(error, { err, isDebug })
  return { code, text: stripVTControlCharacters(text) }
}

describe('a report', () => {
  it('of a Failure is its message, its advice and its exit code', () => {
    expect(show(new Failure('the sea is rough', 69, 'wait'))).toEqual({
      code: 69,
      text: 'imaptap: the sea is rough\n         wait\n',
    })
    expect(show(new Failure('gone', 1)).text).toBe('imaptap: gone\n')
  })

  it('of an error that brings advice from another room shows it', () => {
    const error = Object.assign(new Error('the key is open to all'), { advice: 'chmod 600 it' })
    expect(show(error)).toEqual({ code: 1, text: 'imaptap: the key is open to all\n         chmod 600 it\n' })
  })

  it('of a bug is one line that says how to see more', () => {
    expect(show(new TypeError('a.b is undefined\nmore'))).toEqual({
      code: 1,
      text: 'imaptap: unexpected TypeError: a.b is undefined (IMAPTAP_DEBUG=1 shows where)\n',
    })
  })

  it('of a bug shows the stack to those who ask', () => {
    expect(show(new TypeError('a.b is undefined'), true).text).toMatch(/report\.test\.ts:\d+/)
  })

  it('of a bug hides a password in a URL', () => {
    const error = new Error('cannot parse imaps://bob:hunter2@host')
    expect(show(error).text + show(error, true).text).not.toContain('hunter2')
  })

  it.each<[readonly Source[], number]>([
    [['flag'], 2],
    [['flag', 'file'], 78],
    [['environment'], 78],
    [['file'], 78],
  ])('of problems from %j ends with %d', (sources, exitCode) => {
    const problems = sources.map((source) => ({ source, where: 'there', message: 'is wrong' }))
    expect(show(new BadConfiguration(problems)).code).toBe(exitCode)
  })
})
