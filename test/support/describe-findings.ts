/** What real clients with any real server must hold, as tests: no error, and no warning but those that are named. */

import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'

import type { Finding } from '../../src/findings/finding.ts'
import type { Client } from './clients/client.ts'
import { startLiveProxy, type LiveProxy } from './live-proxy.ts'
import { createTempFolder, type TempFolder } from './temp-folder.ts'
import { requireTool } from './tools.ts'

export interface FindingsServer {
  readonly upstream: string
  readonly upstreamCa: string
  /** Puts mail into the mailbox of this client's user, past the proxy. */
  deliver(client: Client): Promise<unknown>
  loginOf(client: Client): { readonly user: string; readonly password: string }
  stop(): Promise<unknown>
}

export interface ExpectedFindings {
  readonly server: string
  readonly clients: readonly Client[]
  /** Warnings of a client with this server, each with its reason; one that no longer comes fails the test as well. */
  readonly earned: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly start: () => Promise<FindingsServer>
}

export function testFindings({ server, clients, earned, start }: ExpectedFindings): void {
  let running: FindingsServer
  let live: LiveProxy
  let folder: TempFolder

  beforeAll(async () => {
    running = await start()
    folder = await createTempFolder('findings')
    const { upstream, upstreamCa } = running
    live = await startLiveProxy({ upstream, upstreamCa, hasFindings: true })
    await writeFile(folder.join('ca.pem'), live.ca)
  })

  afterAll(async () => {
    await live?.stop()
    await running?.stop()
    await folder?.remove()
  })

  for (const client of clients) {
    const isMissing = client.tool !== undefined && requireTool(client.tool.program, client.tool) === undefined

    test.skipIf(isMissing)(`${client.name} breaks no rule, and neither does ${server} with it`, async () => {
      await running.deliver(client)
      const before = live.of('finding').length

      const caFile = folder.join('ca.pem')
      const login = running.loginOf(client)
      await client.run({ host: '127.0.0.1', port: live.imaps, tls: 'implicit', caFile, ...login })
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
}

async function sessionsClosed(live: LiveProxy): Promise<void> {
  for (let left = 100; left > 0 && live.of('closed').length < live.of('opened').length; left--)
    await sleep(50)
}

const tell = ({ id, level, side, text, evidence }: Finding): string =>
  `${id} ${level} ${side}: ${text}\n    ${evidence.join('\n    ')}`
