/** Threat 17: a verb that nobody knows, with a literal that is a command to whoever does not count it. */

import { expect, it } from 'vitest'

import { cuts, describeThreat, expectRefused } from './support.ts'

describeThreat('threat 17: an unknown verb with a literal', {}, (stage) => {
  const smuggled = 'a XFOO {17+}\r\nb DELETE Secret\r\n\r\n'

  it.each(cuts(smuggled))('is refused with its literal, cut at %d', async (at) => {
    const session = await stage().enter()
    await expectRefused(session, smuggled, at)
    expect(session.heard).not.toMatch(/^b /mu)
  })

  it.each([
    'a UID XFOO {17+}\r\nb DELETE Secret\r\n\r\n',
    'a XFOO x {17+}\r\nb DELETE Secret\r\n y ({17+}\r\nc DELETE Secret\r\n)\r\n',
    'a XFOO ~{17+}\r\nb DELETE Secret\r\n\r\n',
    'a NOOP {17+}\r\nb DELETE Secret\r\n\r\n',
    'a FETCH {17+}\r\nb DELETE Secret\r\n\r\n',
    'a LOGOUT {17+}\r\nb DELETE Secret\r\n\r\n',
  ])('%j is refused as a whole', async (octets) => {
    const session = await stage().enter()
    await expectRefused(session, octets)
    expect(session.heard).not.toMatch(/^[bc] /mu)
  })

  it('is refused before a login as well', async () => {
    const session = await stage().greet()
    await expectRefused(session, 'a XFOO {17+}\r\nb DELETE Secret\r\n\r\n')
  })

  it('takes the literal of a client that waits to be asked, and no command for it', async () => {
    const session = await stage().enter()
    await session.send('a XFOO {17}\r\n')
    await session.peer.until(/^(?:\+|a BAD) .*\r\n/mu)
    if (session.heard.startsWith('+')) await session.send('b DELETE Secret\r\n\r\n')
    await session.settle()
    expect(session.heard).toMatch(/^a BAD .*\r\nzz OK /mu)
    expect(session.heard).not.toMatch(/^b /mu)
    expect(session.upstream).toBe('zz NOOP\r\n')
  })
})
