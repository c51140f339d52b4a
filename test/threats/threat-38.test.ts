/** Threat 38: a session that changes its user. */

import { expect, it } from 'vitest'

import { quote } from '../oracle/direct.ts'
import { describeThreat } from './support.ts'

const policy = `
  default: allow
  mailboxes:
    - users: bob
      match: [INBOX]
      rights: all
    - users: ann
      match: [INBOX, Pub]
      rights: all
`

describeThreat('threat 38: UNAUTHENTICATE', { policy }, (stage) => {
  it.each(['UNAUTHENTICATE', 'X-UNAUTHENTICATE', 'unauthenticate'])('%s is refused', async (command) => {
    const session = await stage().enter('ann')
    expect(await session.run(command)).toMatch(/^t\d+ (?:NO|BAD) /mu)
    expect(session.upstream).toBe('')
    expect(await session.run('STATUS Pub (MESSAGES)')).toMatch(/^t\d+ OK /mu)
  })

  it.each([
    (password: string) => `LOGIN bob ${quote(password)}`,
    (password: string) => `AUTHENTICATE PLAIN ${Buffer.from(`\0bob\0${password}`).toString('base64')}`,
  ])('a second login changes nothing', async (login) => {
    const session = await stage().enter('ann')
    expect(await session.run(login(stage().passwordOf('bob')))).toMatch(/^t\d+ (?:NO|BAD) /mu)
    expect(await session.run('STATUS Pub (MESSAGES)')).toMatch(/^t\d+ OK /mu)
  })

  it('Ann, then Bob: Bob has his own policy only', async () => {
    const ann = await stage().enter('ann')
    expect(await ann.run('STATUS Pub (MESSAGES)')).toMatch(/^t\d+ OK /mu)
    await ann.run('LOGOUT')
    const bob = await stage().enter('bob')
    expect(await bob.run('STATUS Pub (MESSAGES)')).toMatch(/^t\d+ NO /mu)
    expect(await bob.run('LIST "" "*"')).not.toContain('Pub')
    expect(bob.upstream).not.toContain('STATUS Pub')
  })

  it('a login that fails for Bob leaves nothing of him to Ann, nor of her to him', async () => {
    const session = await stage().greet()
    expect(await session.run('LOGIN ann wrong')).toMatch(/^t\d+ NO /mu)
    await session.expectOk(`LOGIN bob ${quote(stage().passwordOf('bob'))}`)
    expect(await session.run('STATUS Pub (MESSAGES)')).toMatch(/^t\d+ NO /mu)
  })

  it.each([
    ['PROXYAUTH ann', ''],
    [`AUTHENTICATE PLAIN ${Buffer.from('ann\0bob\0x').toString('base64')}`, ''],
    ['LOGIN ann*bob x', ''],
    ['LOGIN "ann" {1+}\r\nx', 'LOGIN ann x'],
  ])('%j is no way to another’s policy', async (command, sent) => {
    const session = await stage().greet()
    session.mark()
    expect(await session.run(command)).toMatch(/^t\d+ (?:NO|BAD) /mu)
    expect(session.upstream).toBe(sent === '' ? '' : `t1 ${sent}\r\n`)
  })
})
