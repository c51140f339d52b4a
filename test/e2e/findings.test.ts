/** Real clients with a real server do nothing wrong, as far as the checks can tell; what they could do better is named here. */

import { describe } from 'vitest'

import type { Client } from '../support/clients/client.ts'
import { fetchmail } from '../support/clients/fetchmail.ts'
import { clients } from '../support/clients/index.ts'
import { neomutt } from '../support/clients/neomutt.ts'
import { testFindings, type FindingsServer } from '../support/describe-findings.ts'
import { startDovecot } from '../support/dovecot.ts'
import { generateMailbox } from '../support/mail.ts'
import { requireTool } from '../support/tools.ts'

const dovecotPath = requireTool('dovecot', { package: 'dovecot-imapd' })
const scriptPath = requireTool('script', { package: 'bsdutils' })
const all: readonly Client[] = [...clients, neomutt, fetchmail]

const earned = {
  imapflow: {
    C18: 'it writes search words with umlauts in quotes, behind CHARSET UTF-8',
    P05: 'our script asks it for all messages twice',
  },
}

describe.skipIf(dovecotPath === undefined || scriptPath === undefined)('findings of real clients', () => {
  testFindings({ server: 'Dovecot', clients: all, earned, start })
})

async function start(): Promise<FindingsServer> {
  const dovecot = await startDovecot({ users: all.map(userOf) })
  return {
    upstream: `imaps://${dovecot.host}:${dovecot.ports.imaps}`,
    upstreamCa: dovecot.caFile,
    deliver: (client) => dovecot.deliver(userOf(client), generateMailbox(7, 26)),
    loginOf: (client) => ({ user: userOf(client), password: dovecot.user(userOf(client)).password }),
    stop: () => dovecot.stop(),
  }
}

/** fetchmail's own file cannot hold every password. */
const userOf = ({ name }: Client): string => `${name === 'fetchmail' ? 'plain-' : ''}${name}-findings`
