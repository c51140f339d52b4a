/** Threat 21: a literal8 where none may stand. */

import { expect, it } from 'vitest'

import { message, cuts, describeThreat, expectRefused } from './support.ts'

describeThreat('threat 21: literal8', {}, (stage) => {
  const login = 'a LOGIN ~{3+}\r\nann x\r\n'
  it.each(cuts(login))('is refused in a LOGIN, cut at %d', async (at) => {
    await expectRefused(await stage().greet(), login, at)
  })

  it('is refused in a LOGIN whose client waits', async () => {
    const session = await stage().greet()
    await session.send('a LOGIN ~{1}\r\n')
    await session.peer.until(/^(?:\+|a BAD) .*\r\n/mu)
    if (session.heard.startsWith('+')) await session.send('a x\r\n')
    await session.settle()
    expect(session.heard).toMatch(/^a BAD /mu)
    expect(session.upstream).not.toContain('LOGIN')
  })

  it.each([
    'SELECT ~{6+}\r\nSecret',
    'STATUS ~{6+}\r\nSecret (MESSAGES)',
    'APPEND ~{6+}\r\nSecret {3+}\r\nx\r\n',
    'CREATE ~{3+}\r\nNew',
    'DELETE ~{6+}\r\nSecret',
    'LIST "" ~{1+}\r\n*',
    'SEARCH SUBJECT ~{1+}\r\nx',
    'RENAME Pub ~{6+}\r\nSecret',
  ])('%j is refused', async (command) => {
    await expectRefused(await stage().enter(), `a ${command}\r\n`)
  })

  it('stands for a message where the server has BINARY, and is announced as what it is', async () => {
    const session = await stage().enter()
    const text = message('binary')
    await session.send(`a APPEND INBOX ~{${text.length}+}\r\n${text}\r\n`)
    expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a OK /mu)
    expect(session.upstream).toBe(`a APPEND INBOX ~{${text.length}}\r\n${text}\r\n`)
  })
})

const withoutBinary = `
  default: allow
  hideCapabilities: [BINARY]
`

describeThreat('threat 21: literal8 without BINARY', { policy: withoutBinary }, (stage) => {
  it('is refused for a message too', async () => {
    const text = message('binary')
    await expectRefused(await stage().enter(), `a APPEND INBOX ~{${text.length}+}\r\n${text}\r\n`)
  })
})
