/** A tour of every extension that a real Cyrus announces, through the proxy. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, test } from 'vitest'

import { run } from '../support/child.ts'
import { requireCyrus, startCyrus } from '../support/cyrus.ts'
import { startProxy } from '../support/proxy.ts'
import { requireTool, toolPath } from '../support/tools.ts'
import { TourClient } from '../support/tour/client.ts'
import { testTour, type StartedServer } from '../support/tour/describe-tour.ts'
import { findUnread } from '../support/tour/reading.ts'
import { expectStatus, quote } from '../support/tour/stage.ts'

const cyrusPath = requireCyrus()
const opensslPath = requireTool('openssl', { package: 'openssl' })
const psPath = requireTool('ps', { package: 'procps' })

describe.skipIf([cyrusPath, opensslPath, psPath].includes(undefined))(
  'a tour of Cyrus through the proxy',
  () => {
    testTour('cyrus', startTourCyrus)

    test('a Cyrus that is stopped leaves neither a process nor a folder', async () => {
      const pair = await Promise.all([startCyrus(), startCyrus()])
      const folders = pair.map(({ caFile }) => dirname(caFile))
      await Promise.all(pair.map((cyrus) => cyrus.stop()))
      expect(folders.filter((folder) => existsSync(folder))).toEqual([])
      await expect.poll(() => processesOf(folders)).toEqual([])
    })

    test('STARTTLS secures both legs before the login, and what was said is read strictly', async () => {
      const cyrus = await startCyrus()
      const upstream = `imap+starttls://localhost:${cyrus.ports.imap}`
      const proxy = await startProxy({ upstream, upstreamCa: cyrus.caFile })
      try {
        const client = await TourClient.open({ port: proxy.ports.imap })
        await expectStatus(client, 'OK', ['CAPABILITY', 'STARTTLS'])
        await client.secure(readFileSync(proxy.caFile))
        const { name, password } = cyrus.user('alice')
        await expectStatus(client, 'OK', [
          'CAPABILITY',
          `LOGIN ${name} ${quote(password)}`,
          'SELECT INBOX',
          'LOGOUT',
        ])
        expect(findUnread(client.record)).toEqual([])
      } finally {
        await proxy.stop()
        await cyrus.stop()
      }
    })
  },
)

async function startTourCyrus(): Promise<StartedServer> {
  const cyrus = await startCyrus({ users: ['alice', 'bob'], tls: 'none' })
  const loginOf = (user: string) => ({ user, password: cyrus.user(user).password })
  const logins = { login: loginOf('alice'), other: loginOf('bob'), admin: loginOf('admin') }
  return { under: { name: 'cyrus', port: cyrus.ports.imap, ...logins }, stop: () => cyrus.stop() }
}

/** Those that a master leaves behind end a moment after it. */
async function processesOf(folders: readonly string[]): Promise<string[]> {
  const { stdout } = await run(toolPath('ps'), ['-eo', 'args'])
  return folders.filter((folder) => stdout.toString().includes(folder))
}
