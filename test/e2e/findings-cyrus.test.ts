/** Real clients with a real Cyrus do nothing wrong, as far as the checks can tell; what they could do better is named here. */

import { describe } from 'vitest'

import type { Client } from '../support/clients/client.ts'
import { clients } from '../support/clients/index.ts'
import { neomutt } from '../support/clients/neomutt.ts'
import { requireCyrus, startCyrus, type Cyrus } from '../support/cyrus.ts'
import { testFindings, type FindingsServer } from '../support/describe-findings.ts'
import { requireTool } from '../support/tools.ts'
import { TourClient } from '../support/tour/client.ts'
import { quote } from '../support/tour/stage.ts'

const cyrusPath = requireCyrus()
const scriptPath = requireTool('script', { package: 'bsdutils' })
/** fetchmail's own file cannot hold the passwords of this Cyrus. */
const all: readonly Client[] = [...clients, neomutt]

const earned = {
  imapflow: { C18: 'it writes search words with umlauts in quotes, behind CHARSET UTF-8' },
}

describe.skipIf(cyrusPath === undefined || scriptPath === undefined)(
  'findings of real clients with Cyrus',
  () => {
    testFindings({ server: 'Cyrus', clients: all, earned, start })
  },
)

async function start(): Promise<FindingsServer> {
  const cyrus = await startCyrus({ users: all.map(({ name }) => name) })
  return {
    upstream: `imaps://localhost:${cyrus.ports.imaps}`,
    upstreamCa: cyrus.caFile,
    deliver: ({ name }) => deliver(cyrus, name),
    loginOf(client) {
      const { name, password } = cyrus.user(client.name)
      return { user: name, password }
    },
    stop: () => cyrus.stop(),
  }
}

/** Twenty messages, past the proxy. */
async function deliver(cyrus: Cyrus, user: string): Promise<void> {
  const client = await TourClient.open({ port: cyrus.ports.imap })
  const { name, password } = cyrus.user(user)
  await client.run(`LOGIN ${name} ${quote(password)}`)
  for (let number = 1; number <= 20; number++) {
    const mail = `From: ann@example.com\r\nTo: ${name}@example.com\r\nSubject: Letter ${number}\r\nMessage-ID: <${number}@example.com>\r\n\r\n${'A line of it.\r\n'.repeat(number)}`
    const { status, text } = await client.run(`APPEND INBOX (\\Seen) {${mail.length}+}\r\n${mail}`)
    if (status !== 'OK') throw new Error(`not delivered: ${text}`)
  }
  await client.run('LOGOUT')
  client.close()
}
