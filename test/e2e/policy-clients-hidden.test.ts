/** Ann has hidden mailboxes, bob and carl have none: through the gateway each client finds out of ann's what it finds of theirs. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { requireCyrus, startCyrus } from '../support/cyrus.ts'
import { startDovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'
import { expectStatus } from '../support/tour/stage.ts'
import {
  furnish,
  logIn,
  loginDirectly,
  openGateway,
  readTruth,
  type Gateway,
  type MailServer,
} from './support/gateway.ts'
import { views } from './support/hidden-views.ts'

const tools = [
  requireTool('openssl', { package: 'openssl' }),
  requireTool('curl', { package: 'curl' }),
  requireTool('python3', { package: 'python3' }),
  requireTool('mbsync', { package: 'isync' }),
  requireTool('neomutt', { package: 'neomutt' }),
  requireTool('script', { package: 'bsdutils' }),
]
const dovecot = requireTool('dovecot', { package: 'dovecot-imapd' })

const policy = `policy:
  default: allow
  mailboxes:
    - match: ['Secret', 'Secret/**', 'Work/Secret']
      hidden: true
    - match: '**'
      rights: all
`
const clients = Object.keys(views)
const people = ['ann', 'bob', 'carl'] as const

describe.skipIf([dovecot, ...tools].includes(undefined))('hidden mailboxes of Dovecot', () => {
  testViews((users) => startDovecot({ tls: 'none', users }), ['Secret', 'Secret.Sub', 'Work.Secret'])
})

describe.skipIf([requireCyrus(), ...tools].includes(undefined))('hidden mailboxes of Cyrus', () => {
  testViews((users) => startCyrus({ tls: 'none', users }), ['Secret', 'Secret/Sub', 'Work/Secret'])
})

function testViews(
  start: (users: readonly string[]) => Promise<MailServer>,
  hidden: readonly string[],
): void {
  let server: MailServer
  let gateway: Gateway

  beforeAll(async () => {
    const users = clients.flatMap((client) => people.map((person) => `${person}-${client}`))
    server = await start(users)
    for (const user of users) await prepare(user)
    gateway = await openGateway(server, policy)
  }, 60_000)
  afterAll(async () => {
    await gateway?.close()
    await server?.stop()
  })

  async function prepare(user: string): Promise<void> {
    await furnish(server, user, user.startsWith('ann-') ? hidden : [])
    const client = await logIn(server, user)
    await expectStatus(client, 'OK', ['SUBSCRIBE INBOX'])
    client.close()
    // Not Work: what is subscribed below it alone must not bring it into an LSUB of one level.
    // Whoever looks for the first time finds mailboxes marked.
    await readTruth(server, user)
  }

  test.each(clients)(
    '%s sees of them what it sees of mailboxes that are not there',
    async (client) => {
      const view = views[client]
      if (!view) throw new Error(`${client} has no view`)
      const before = await readTruth(server, `ann-${client}`)

      const ann = neutral(await view(gateway.login(`ann-${client}`), hidden))
      const bob = neutral(await view(gateway.login(`bob-${client}`), hidden))
      const carl = neutral(await view(loginDirectly(server, `carl-${client}`), hidden))

      expect(ann.length).toBeGreaterThan(5)
      expect(ann).toEqual(bob)
      expect(ann.map(withoutChildren)).toEqual(carl.map(withoutChildren))
      // Whatever names it is in answer to the client's own words, as carl hears them too; its mail is nowhere.
      expect(ann.join('\n')).not.toMatch(/Subject: in .*Secret/u)
      expect(await readTruth(server, `ann-${client}`)).toEqual(before)
    },
    60_000,
  )
}

/** What differs between two runs: times, whose they are, and where the server was. */
function neutral(lines: readonly string[]): readonly string[] {
  // On a busy machine neomutt takes a key of ours for another one.
  const heard = lines.filter((line) => line !== 'Threading is not enabled')
  return heard.map((line) =>
    line
      .replaceAll(/\b(?:ann|bob|carl)-(?=\w)/gu, '')
      .replaceAll(/localhost:\d+/gu, 'localhost')
      .replaceAll(/\(\d[\d.+ ]*secs[^)]*\)/gu, '(time)')
      // Where anything is hidden, what ends a list is said in words of our own.
      .replace(/ OK (?:(?:List|Lsub) completed \(time\)\.|Completed(?: \(time\))?\.?)$/u, ' OK Completed.')
      .replaceAll(/UIDVALIDITY \d+/gu, 'UIDVALIDITY n')
      // Dovecot says so, or does not, by the age of its index.
      .replaceAll(/[ ,]"?\\{1,2}(?:Un)?Marked"?/gu, ''),
  )
}

/** Whether there are children is said of no mailbox that may have hidden ones, whether it has them or not. */
const withoutChildren = (line: string): string =>
  line.replaceAll(/(?:"?\\{1,2}Has(?:No)?Children"?[ ,]?)/gu, '').replaceAll(/[ ,](?=[)\]])/gu, '')
