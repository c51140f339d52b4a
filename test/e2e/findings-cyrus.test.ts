/** Real clients with a real Cyrus do nothing wrong, as far as the checks can tell; what they could do better is named here. */

import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Finding } from '../../src/findings/finding.ts'
import type { Client } from '../support/clients/client.ts'
import { clients } from '../support/clients/index.ts'
import { neomutt } from '../support/clients/neomutt.ts'
import { requireCyrus, startCyrus, type Cyrus } from '../support/cyrus.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'
import { TourClient } from '../support/tour/client.ts'
import { quote } from '../support/tour/stage.ts'

const cyrusPath = requireCyrus()
const scriptPath = requireTool('script', { package: 'bsdutils' })
/** fetchmail's own file cannot hold the passwords of this Cyrus. */
const all: readonly Client[] = [...clients, neomutt]

/** Warnings of a client with this server, each with its reason; one that no longer comes fails the test as well. */
const earned: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  imapflow: { C18: 'it writes search words with umlauts in quotes, behind CHARSET UTF-8' },
}

describe.skipIf(cyrusPath === undefined || scriptPath === undefined)(
  'findings of real clients with Cyrus',
  () => {
    let cyrus: Cyrus
    let live: LiveProxy
    let folder: TempFolder

    beforeAll(async () => {
      cyrus = await startCyrus({ users: all.map(({ name }) => name) })
      folder = await createTempFolder('findings')
      live = await startLiveProxy({
        upstream: `imaps://localhost:${cyrus.ports.imaps}`,
        upstreamCa: cyrus.caFile,
        hasFindings: true,
      })
      await writeFile(folder.join('ca.pem'), live.ca)
    })

    afterAll(async () => {
      await live?.stop()
      await cyrus?.stop()
      await folder?.remove()
    })

    for (const client of all) {
      const isMissing =
        client.tool !== undefined && requireTool(client.tool.program, client.tool) === undefined

      test.skipIf(isMissing)(`${client.name} breaks no rule, and neither does Cyrus with it`, async () => {
        const { name, password } = cyrus.user(client.name)
        await deliver(cyrus, client.name)
        const before = live.of('finding').length

        await client.run({
          host: '127.0.0.1',
          port: live.imaps,
          tls: 'implicit',
          caFile: folder.join('ca.pem'),
          user: name,
          password,
        })
        await sessionsClosed(live)

        const found = live
          .of('finding')
          .slice(before)
          .map(({ finding }) => finding)
        expect(found.filter(({ level }) => level === 'error').map(tell)).toEqual([])
        const warned = new Set(found.filter(({ level }) => level === 'warning').map(({ id }) => id))
        expect([...warned].toSorted(), found.map(tell).join('\n')).toEqual(
          Object.keys(earned[client.name] ?? {}).toSorted(),
        )
      })
    }
  },
)

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

async function sessionsClosed(live: LiveProxy): Promise<void> {
  for (let left = 100; left > 0 && live.of('closed').length < live.of('opened').length; left--)
    await sleep(50)
}

const tell = ({ id, level, side, text, evidence }: Finding): string =>
  `${id} ${level} ${side}: ${text}\n    ${evidence.join('\n    ')}`
