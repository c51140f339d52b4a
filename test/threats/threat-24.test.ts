/** Threat 24: backslashes that one reader drops and another keeps. */

import { expect, it } from 'vitest'

import { cuts, describeThreat, expectRefused } from './support.ts'

describeThreat('threat 24: escapes', {}, (stage, kind) => {
  const escaped = 'a SELECT "Se\\cret"\r\n'
  it.each(cuts(escaped))('other than of a quote or a backslash are refused, cut at %d', async (at) => {
    await expectRefused(await stage().enter('ann', ''), escaped, at)
  })

  it.each([
    'STATUS "Se\\cret" (MESSAGES)',
    'DELETE "\\Secret"',
    'CREATE "Se\\nret"',
    'COPY 1 "Secre\\t"',
    'APPEND "S\\ecret" {14+}\r\nSubject: x\r\n\r\n',
    'LIST "" "S\\*"',
    'SEARCH SUBJECT "\\x"',
  ])('%j is refused', async (command) => {
    await expectRefused(await stage().enter(), `a ${command}\r\n`)
  })

  it('are decoded once: an escaped backslash is a backslash', async () => {
    const session = await stage().enter()
    await session.send('a STATUS "Se\\\\cret" (MESSAGES)\r\n')
    await session.settle()
    expect(session.heard).toMatch(/^a NO /mu)
    expect(session.upstream).toBe('a STATUS "Se\\\\cret" (MESSAGES)\r\nzz NOOP\r\n')
  })

  it('are written as they were read', async () => {
    const session = await stage().enter()
    await session.send('a SEARCH SUBJECT "\\"a\\\\\\"b"\r\n')
    await session.settle()
    expect(session.heard).toMatch(/^a OK /mu)
    expect(session.upstream).toBe('a SEARCH SUBJECT "\\"a\\\\\\"b"\r\nzz NOOP\r\n')
  })

  it('a TAB is text like another', async () => {
    const session = await stage().enter()
    await session.send('a SEARCH SUBJECT "a\tb"\r\n')
    await session.settle()
    expect(session.heard).toMatch(/^a OK /mu)
    expect(session.upstream).toMatch(/^a SEARCH SUBJECT (?:"a\tb"|\{3\}\r\na\tb)\r\nzz NOOP\r\n$/u)
    expect(kind).toBeDefined()
  })
})
