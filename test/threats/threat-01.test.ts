/** Threat 1: commands injected in the clear behind STARTTLS (the CVE-2011-0411 family). */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'
import { passTo, useLegs } from './legs.ts'

const isThere = requireTool('dovecot', { package: 'dovecot-imapd' }) !== undefined

describe.skipIf(!isThere)('threat 1: STARTTLS command injection, with dovecot', () => {
  let dovecot: Dovecot
  beforeAll(async () => {
    dovecot = await startDovecot({ tls: 'none', users: ['plain-ann'] })
  })
  afterAll(() => dovecot.stop())
  const legs = useLegs()
  const serve = () => legs().serve(passTo(() => dovecot.ports.imap))

  it.each([
    ['a command', 'A STARTTLS\r\nZ NOOP\r\n'],
    ['half a command', 'A STARTTLS\r\nZ LOG'],
    ['an empty line', 'A STARTTLS\r\n\r\n'],
    ['the hello of TLS itself', 'A STARTTLS\r\n\x16\x03\x01\x02\x00\x01'],
  ])('%s in the same segment cuts both legs, and nothing of it is done', async (_what, text) => {
    const peer = await serve().greet()
    const heard = await peer.send(text).end()
    expect(heard).not.toMatch(/^[AZ] OK/mu)
    await expect.poll(() => legs().live.of('closed').length).toBeGreaterThan(0)
    expect(legs().received).toBe('')
  })

  it('a login injected so is not the session under TLS', async () => {
    const { name, password } = dovecot.user('plain-ann')
    const peer = await serve().greet()
    peer.send(`A STARTTLS\r\nZ LOGIN ${name} ${password}\r\n`)
    await expect(peer.secure({ rejectUnauthorized: false })).rejects.toThrow()
    expect(legs().received).toBe('')
  })

  it('without it TLS stands, and what comes under TLS is done', async () => {
    const { name, password } = dovecot.user('plain-ann')
    const peer = await serve().greet()
    expect(await peer.run('A STARTTLS')).toMatch(/^A OK /mu)
    await peer.secure({ rejectUnauthorized: false })
    expect(await peer.run(`Z LOGIN ${name} ${password}`)).toMatch(/^Z OK /mu)
    expect(legs().received).toBe(`Z LOGIN ${name} ${password}\r\n`)
  })
})
