/** Threat 34: the same message by way of another mailbox: a virtual one, or one with all mail. */

import { afterAll, beforeAll, expect, it, describe } from 'vitest'

import { requireTool } from '../support/tools.ts'
import { startVirtual, virtualPolicies, type Virtual } from './virtual.ts'
import { token } from './support.ts'

const tools = [
  requireTool('dovecot', { package: 'dovecot-imapd' }),
  requireTool('openssl', { package: 'openssl' }),
]

describe.skipIf(tools.includes(undefined))(
  'threat 34: overlapping views, with dovecot and its virtual mailboxes',
  () => {
    let virtual: Virtual
    beforeAll(async () => {
      virtual = await startVirtual()
    })
    afterAll(() => virtual?.stop())

    it('there is such a view: the server itself gives Secret’s message out there', async () => {
      const { ann } = virtual
      await ann.run('SELECT virtual/All')
      const { data } = await ann.run('FETCH 1:* (X-MAILBOX BODY.PEEK[])')
      expect(data).toMatch(/X-MAILBOX "?Secret/u)
      expect(data).toContain(token)
    })

    it('hidden by its name as docs/policy.md says, it does not exist', async () => {
      const { session, stop } = await virtual.through(virtualPolicies.hidden)
      expect(await session.run('LIST "" "*"')).not.toMatch(/virtual|secret/iu)
      expect(await session.run('SELECT virtual/All')).toMatch(/^t\d+ NO /mu)
      expect(await session.run('STATUS virtual/All (MESSAGES)')).toMatch(/^t\d+ NO /mu)
      expect(await session.run('COPY 1:* virtual/All')).toMatch(/^t\d+ (?:NO|BAD) /mu)
      expect(session.heard).not.toContain(token)
      expect(session.upstream).not.toContain('virtual/All')
      await stop()
    })

    it('with grants alone, what is not granted does not exist', async () => {
      const { session, stop } = await virtual.through(virtualPolicies.granted)
      expect(await session.run('LIST "" "*"')).not.toMatch(/virtual|secret/iu)
      expect(await session.run('SELECT virtual/All')).toMatch(/^t\d+ NO /mu)
      expect(session.heard).not.toContain(token)
      await stop()
    })

    it('denied by a rule, it is shown and not opened', async () => {
      const { session, stop } = await virtual.through(virtualPolicies.denied)
      expect(await session.run('SELECT virtual/All')).toMatch(/^t\d+ NO \[NOPERM\] /mu)
      expect(await session.run('EXAMINE Virtual/All')).toMatch(/^t\d+ NO /mu)
      expect(session.heard).not.toContain(token)
      await stop()
    })

    it('left open, it names no hidden mailbox by X-MAILBOX', async () => {
      const { session, stop } = await virtual.through(virtualPolicies.open)
      await session.run('SELECT virtual/All')
      expect(await session.run('FETCH 1:* (X-MAILBOX)')).not.toMatch(/secret/iu)
      expect(await session.run('FETCH 1:* (UID X-MAILBOX FLAGS)')).not.toMatch(/secret/iu)
      await stop()
    })
  },
)
