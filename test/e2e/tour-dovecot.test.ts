/** A tour of every extension that a real Dovecot announces, through the proxy. */

import { describe } from 'vitest'

import { startDovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'
import { testTour, type StartedServer } from '../support/tour/describe-tour.ts'

const dovecotPath = requireTool('dovecot', { package: 'dovecot-imapd' })
const opensslPath = requireTool('openssl', { package: 'openssl' })

describe.skipIf([dovecotPath, opensslPath].includes(undefined))('a tour of Dovecot through the proxy', () => {
  testTour('dovecot', startTourDovecot)
})

async function startTourDovecot(): Promise<StartedServer> {
  const dovecot = await startDovecot({ users: ['alice', 'bob'], tls: 'none', hasEveryExtension: true })
  const loginOf = (user: string) => ({ user, password: dovecot.user(user).password })
  const logins = { login: loginOf('alice'), other: loginOf('bob') }
  return { under: { name: 'dovecot', port: dovecot.ports.imap, ...logins }, stop: () => dovecot.stop() }
}
