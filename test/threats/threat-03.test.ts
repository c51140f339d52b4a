/** Threat 3: what was said before TLS, by whoever was on the path, must not count under it. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import type { Peer } from '../support/peer.ts'
import { requireTool } from '../support/tools.ts'
import { passTo, useLegs } from './legs.ts'

const isThere = requireTool('dovecot', { package: 'dovecot-imapd' }) !== undefined

const policy = `
  default: allow
  mailboxes:
    - users: plain-bob
      match: INBOX
      rights: all
    - users: plain-ann
      match: '**'
      rights: all
`

describe.skipIf(!isThere)('threat 3: state carried over STARTTLS, with dovecot', () => {
  let dovecot: Dovecot
  beforeAll(async () => {
    dovecot = await startDovecot({ tls: 'none', users: ['plain-ann', 'plain-bob'] })
  })
  afterAll(() => dovecot.stop())
  const legs = useLegs({ policy })
  const greet = () =>
    legs()
      .serve(passTo(() => dovecot.ports.imap))
      .greet()
  const login = (user: string): string => `LOGIN ${user} ${dovecot.user(user).password}`

  async function secure(peer: Peer): Promise<void> {
    expect(await peer.run('s STARTTLS')).toMatch(/^s OK /mu)
    await peer.secure({ rejectUnauthorized: false })
  }

  it('ID said in the clear is not known under TLS, and upstream is another connection', async () => {
    const peer = await greet()
    expect(await peer.run('a ID ("name" "evil")')).toMatch(/^a OK /mu)
    await secure(peer)
    expect(await peer.run('b NOOP')).toMatch(/^b OK /mu)
    expect(legs().raw).toEqual(['a ID ("name" "evil")\r\n', 'b NOOP\r\n'])
    expect(legs().live.of('changed').at(-1)?.view.client).toBeUndefined()
  })

  it('a failed login, a half-done one and ENABLE leave nothing behind', async () => {
    const peer = await greet()
    expect(await peer.run(`a LOGIN plain-ann wrong`)).toMatch(/^a NO /mu)
    await peer.send('b AUTHENTICATE PLAIN\r\n').until(/^\+ [^\r]*\r\n/mu)
    expect(await peer.send('*\r\n').until(/^b .*\r\n/mu)).toMatch(/^b (?:NO|BAD) /mu)
    await peer.run('c ENABLE UTF8=ACCEPT')
    await secure(peer)
    expect(await peer.run(`d ${login('plain-bob')}`)).toMatch(/^d OK /mu)
    expect(legs().raw.at(-1)).toBe(`d ${login('plain-bob')}\r\n`)
    // Ann may create this, Bob may not, and it is Bob who logged in.
    expect(await peer.run('e CREATE Anns')).toMatch(/^e NO /mu)
    expect(legs().raw.at(-1)).not.toContain('CREATE')
  })

  it('a second STARTTLS is refused, and ends nothing', async () => {
    const peer = await greet()
    await secure(peer)
    expect(await peer.run('b STARTTLS')).toMatch(/^b BAD /mu)
    expect(await peer.run('c NOOP')).toMatch(/^c OK /mu)
    expect(legs().received).toBe('c NOOP\r\n')
  })

  it('the capabilities under TLS are asked for anew, without STARTTLS', async () => {
    const peer = await greet()
    expect(await peer.run('a CAPABILITY')).toMatch(/^\* CAPABILITY .*\bSTARTTLS\b/mu)
    await secure(peer)
    const answer = await peer.run('b CAPABILITY')
    expect(answer).toMatch(/^\* CAPABILITY IMAP4rev1/mu)
    expect(answer).not.toContain('STARTTLS')
  })
})
