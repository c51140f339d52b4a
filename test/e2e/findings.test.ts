/** Real clients with a real server do nothing wrong, as far as the checks can tell; what they could do better is named here. */

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Finding } from '../../src/findings/finding.ts'
import type { Client } from '../support/clients/client.ts'
import { fetchmail } from '../support/clients/fetchmail.ts'
import { clients } from '../support/clients/index.ts'
import { neomutt } from '../support/clients/neomutt.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { startLiveProxy, type LiveProxy } from '../support/live-proxy.ts'
import { generateMailbox } from '../support/mail.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'
import { writeFile } from 'node:fs/promises'

const dovecotPath = requireTool('dovecot', { package: 'dovecot-imapd' })
const scriptPath = requireTool('script', { package: 'bsdutils' })
const all: readonly Client[] = [...clients, neomutt, fetchmail]

/** Warnings that a client earns, each with its reason; a warning that no longer comes fails the test as well. */
const earned: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  imapflow: {
    C18: 'it writes search words with umlauts in quotes, behind CHARSET UTF-8',
    P05: 'our script asks it for all messages twice',
  },
}

describe.skipIf(dovecotPath === undefined || scriptPath === undefined)('findings of real clients', () => {
  let dovecot: Dovecot
  let live: LiveProxy
  let folder: TempFolder

  beforeAll(async () => {
    dovecot = await startDovecot({ users: all.map(userOf) })
    folder = await createTempFolder('findings')
    live = await startLiveProxy({
      upstream: `imaps://${dovecot.host}:${dovecot.ports.imaps}`,
      upstreamCa: dovecot.caFile,
      hasFindings: true,
    })
    await writeFile(folder.join('ca.pem'), live.ca)
  })

  afterAll(async () => {
    await live?.stop()
    await dovecot?.stop()
    await folder?.remove()
  })

  for (const client of all) {
    const isMissing = client.tool !== undefined && requireTool(client.tool.program, client.tool) === undefined

    test.skipIf(isMissing)(`${client.name} breaks no rule, and neither does Dovecot with it`, async () => {
      const name = userOf(client)
      await dovecot.deliver(name, generateMailbox(7, 26))
      const before = live.of('finding').length

      await client.run({
        host: '127.0.0.1',
        port: live.imaps,
        tls: 'implicit',
        caFile: folder.join('ca.pem'),
        user: name,
        password: dovecot.user(name).password,
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
})

/** fetchmail's own file cannot hold every password. */
const userOf = ({ name }: Client): string => `${name === 'fetchmail' ? 'plain-' : ''}${name}-findings`

async function sessionsClosed(live: LiveProxy): Promise<void> {
  for (let left = 100; left > 0 && live.of('closed').length < live.of('opened').length; left--)
    await sleep(50)
}

const tell = ({ id, level, side, text, evidence }: Finding): string =>
  `${id} ${level} ${side}: ${text}\n    ${evidence.join('\n    ')}`
