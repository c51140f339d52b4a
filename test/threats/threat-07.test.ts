/** Threat 7: somebody on the path, or a server without TLS, that would have the login in the clear. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'
import { passTo, sayThen, useLegs } from './legs.ts'

const isThere = requireTool('dovecot', { package: 'dovecot-imapd' }) !== undefined
const onlyOurs = /^(?:T[0-9a-f]{18} STARTTLS\r\n)?$/u
const login = 'a LOGIN ann hush-hush\r\nb AUTHENTICATE PLAIN AGFubgBodXNoLWh1c2g=\r\n'

describe('threat 7: STARTTLS stripped', () => {
  const legs = useLegs({ protocol: 'imap+starttls' })

  it.each([
    ['leaves it out and answers NO', '* OK [CAPABILITY IMAP4rev1] hi\r\n', 'NO no'],
    ['leaves it out and answers BAD', '* OK [CAPABILITY IMAP4rev1] hi\r\n', 'BAD unknown command'],
    ['offers it and answers NO', '* OK [CAPABILITY IMAP4rev1 STARTTLS] hi\r\n', 'NO [UNAVAILABLE] later'],
    ['answers with nothing of a status', '* OK hi\r\n', 'MAYBE'],
  ])('a server that %s gets no credential', async (_what, greeting, answer) => {
    legs().serve(sayThen(greeting, (tag) => `${tag} ${answer}\r\n`))
    const peer = await legs().open()
    expect(await peer.send(login).end()).toMatch(/^\* BYE \[UNAVAILABLE\] /u)
    expect(legs().received).toMatch(onlyOurs)
  })

  it.each(['+ go on\r\n', '* BYE no\r\n', 'a OK logged in\r\n', '* OK\r\n+\r\n'])(
    'nor one that answers %j',
    async (answer) => {
      legs().serve(sayThen('* OK hi\r\n', () => answer))
      const peer = await legs().openTls()
      expect(await peer.send(login).end()).toMatch(/^\* BYE \[UNAVAILABLE\] /u)
      expect(legs().received).toMatch(onlyOurs)
    },
  )

  it('nor one that agrees and then goes on in the clear', async () => {
    legs().serve(sayThen('* OK hi\r\n', (tag) => (tag === 'a' ? '' : `${tag} OK go\r\n`)))
    const peer = await legs().open()
    peer.send(login)
    await expect.poll(() => legs().received).toMatch(/STARTTLS\r\n\x16/u)
    expect(legs().received).not.toMatch(/hush|LOGIN|AUTHENTICATE/u)
    expect(peer.received).toBe('')
  })

  describe.skipIf(!isThere)('with dovecot', () => {
    let dovecot: Dovecot
    beforeAll(async () => {
      dovecot = await startDovecot({ tls: 'none', users: ['plain-ann'] })
    })
    afterAll(() => dovecot.stop())

    it('a server that really has no TLS gets no credential', async () => {
      legs().serve(passTo(() => dovecot.ports.imap))
      const peer = await legs().open()
      const { name, password } = dovecot.user('plain-ann')
      expect(await peer.send(`a LOGIN ${name} ${password}\r\n`).end()).toMatch(/^\* BYE \[UNAVAILABLE\] /u)
      expect(legs().received).toMatch(/^T[0-9a-f]{18} STARTTLS\r\n$/u)
    })
  })
})
