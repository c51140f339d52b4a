/** Threat 22: a line end that one reader takes for one and another does not. */

import { expect, it } from 'vitest'

import { cuts, describeThreat, expectCut } from './support.ts'

describeThreat('threat 22: bare CR or LF', {}, (stage) => {
  const smuggled = 'a NOOP\nb DELETE Secret\r\n'

  it.each(cuts(smuggled))('cuts the session, cut at %d', async (at) => {
    const session = await stage().enter('ann', '')
    await expectCut(session, smuggled, at)
    expect(session.heard).not.toMatch(/^b /mu)
  })

  it.each([
    'a NOOP\rb DELETE Secret\r\n',
    'a NOOP\r\r\nb DELETE Secret\r\n',
    'a NOOP\n\nb DELETE Secret\r\n',
    '\na NOOP\r\nb DELETE Secret\r\n',
    'a SELECT "INBOX\nb DELETE Secret"\r\n',
    'a SELECT "INBOX\rb DELETE Secret"\r\n',
    'a SEARCH SUBJECT {1+}\r\nx\nb DELETE Secret\r\n',
    'a APPEND INBOX {1+}\r\nx\nb DELETE Secret\r\n',
    'a XFOO {1+}\r\nx\nb DELETE Secret\r\n',
    'a STATUS INBOX (MESSAGES)\nb DELETE Secret\r\n',
  ])('%j is refused, and the session cut', async (octets) => {
    const session = await stage().enter()
    await expectCut(session, octets)
    expect(session.heard).not.toMatch(/^b /mu)
  })

  it('is refused before a login', async () => {
    const session = await stage().greet()
    await expectCut(session, 'a CAPABILITY\nb LOGIN ann x\r\n')
  })

  it('is content within a literal, and no line end there', async () => {
    const session = await stage().enter()
    await session.send('a SEARCH SUBJECT {19+}\r\nx\nb DELETE Secret\r\n\r\n')
    await session.settle()
    expect(session.heard).not.toMatch(/^b /mu)
    expect(session.upstream).toMatch(
      /^(?:a SEARCH SUBJECT \{19\}\r\n(?:x\nb DELETE Secret\r\n\r\n)?)?zz NOOP\r\n$/u,
    )
  })
})
