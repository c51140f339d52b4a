/** Threat 31: acting as somebody else, or giving others what a policy keeps. */

import { describe, expect, it } from 'vitest'

import { quote } from '../oracle/direct.ts'
import { cuts, describeThreat, expectRefused, token } from './support.ts'

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')
const master = `
auth_master_user_separator = *
passdb {
  driver = static
  args = password=MasterKey7
  master = yes
}
`

describeThreat(
  'threat 31: authzid, user*master, PROXYAUTH',
  { dovecot: { extra: master } },
  (stage, kind) => {
    const admin = (): string => stage().passwordOf(kind === 'cyrus' ? 'admin' : 'ann')

    it('the server itself would let one act as the other', async () => {
      if (kind === 'cyrus') {
        const direct = await stage().direct('admin')
        direct.close()
        return
      }
      const { Direct } = await import('../oracle/direct.ts')
      const direct = await Direct.open(stage().port, 'ann*root', 'MasterKey7')
      expect((await direct.run('STATUS Secret (MESSAGES)')).status).toBe('OK')
      direct.close()
    })

    const plain = (): string => base64(`bob\0admin\0${admin()}`)

    it('PLAIN with an authorization identity is refused: its answer reaches nobody', async () => {
      const session = await stage().greet()
      await session.send(`a AUTHENTICATE PLAIN ${plain()}\r\n`)
      expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a NO \[AUTHORIZATIONFAILED\] /mu)
      await session.settle()
      expect(session.upstream).not.toContain(plain())
      expect(session.heard).not.toMatch(/^a OK /mu)
    })

    it('so it is in a line of its own', async () => {
      const session = await stage().greet()
      await session.send('a AUTHENTICATE PLAIN\r\n')
      await session.peer.until(/^\+.*\r\n/mu)
      await session.send(`${plain()}\r\n`)
      expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a NO \[AUTHORIZATIONFAILED\] /mu)
      expect(session.upstream).not.toContain(plain())
      const { state } = await stateOf(session)
      expect(state).toBe('not authenticated')
    })

    it.each(cuts('a AUTHENTICATE PLAIN Ym9iAGFkbWluAHB3\r\n'))('cut at %d', async (at) => {
      await expectRefused(await stage().greet(), 'a AUTHENTICATE PLAIN Ym9iAGFkbWluAHB3\r\n', at)
    })

    it.each(['ann*root', '*root', 'ann*', 'ann*root*x'])('LOGIN of %s is refused', async (user) => {
      await expectRefused(await stage().greet(), `a LOGIN ${quote(user)} MasterKey7\r\n`)
    })

    it('so is a master in PLAIN', async () => {
      const session = await stage().greet()
      await session.send(`a AUTHENTICATE PLAIN ${base64('\0ann*root\0MasterKey7')}\r\n`)
      expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a NO /mu)
      expect(session.upstream).not.toContain(base64('\0ann*root\0MasterKey7'))
    })

    it.each(['PROXYAUTH bob', 'UNAUTHENTICATE', 'X-UNAUTHENTICATE'])('%s is refused', async (command) => {
      await expectRefused(await stage().enter(), `a ${command}\r\n`)
    })

    it('LOGIN in a session that has a user changes nobody', async () => {
      const session = await stage().enter()
      await session.send(`a LOGIN bob ${quote(stage().passwordOf('bob'))}\r\n`)
      expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a (?:NO|BAD) /mu)
    })
  },
)

const reading = `
  extends: read-only
  mailboxes:
    - match: [Secret, 'Secret/**', Parent/Secret, Sécret]
      hidden: true
`

describeThreat('threat 31: ACL commands', { policy: reading }, (stage) => {
  describe.each(['INBOX', 'Pub', 'Secret'])('of %s', (name) => {
    it.each([`SETACL ${name} bob lrswipkxtea`, `SETACL ${name} anyone lr`, `DELETEACL ${name} ann`])(
      '%s is refused unless a rule allows it',
      async (command) => {
        await expectRefused(await stage().enter(), `a ${command}\r\n`)
      },
    )
  })

  it('bob reads nothing of ann’s afterwards', async () => {
    const bob = await stage().direct('bob')
    const { data } = await bob.run('LIST "" "*"')
    expect(data).not.toMatch(/secret/iu)
    expect(data).not.toContain(token)
    bob.close()
  })
})

/** Dovecot passes over the domain: whatever ann adds to her name, it is hers. */
const withoutDomains = {
  kinds: ['dovecot'],
  dovecot: { extra: 'auth_username_format = %Ln' },
  policy: `
  default: allow
  mailboxes:
    - match: [Secret, 'Secret/**', Parent/Secret, 'Parent/Secret/**', Sécret, 'Sécret/**']
      users: ann
      hidden: true
  rules:
    - {name: no-create, when: 'user == "ann" && command == "CREATE"', deny: true}
`,
} as const

describeThreat('threat 31: a name that the server takes for another', withoutDomains, (stage) => {
  it.each(['ann', 'ANN', 'ann@example.org', 'Ann@'])('%s sees and does no more than ann', async (name) => {
    const session = await stage().greet()
    await session.expectOk(`LOGIN ${name} ${quote(stage().passwordOf('ann'))}`)
    expect(await session.run('LIST "" "*"')).not.toMatch(/secret/iu)
    expect(await session.run('SELECT Secret')).toMatch(/^t\d+ NO .*exist: Secret /mu)
    expect(await session.run('CREATE Mine')).toMatch(/^t\d+ NO \[NOPERM\]/mu)
  })
})

async function stateOf(session: {
  run(command: string): Promise<string>
}): Promise<{ readonly state: string }> {
  const answer = await session.run('STATUS INBOX (MESSAGES)')
  return { state: / OK /u.test(answer) ? 'authenticated' : 'not authenticated' }
}
