/** A mailbox of a thousand awkward messages is the same after mbsync carried it through the proxy, in both directions. */

import { mkdir } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { readMaildir, syncMailbox, type SyncRequest } from '../support/clients/mbsync.ts'
import type { TlsMode } from '../support/clients/client.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { deliverMessages, generateLargeMessage, generateMailbox } from '../support/mail.ts'
import { startProxy, type Proxy, type ProxyOptions } from '../support/proxy.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'

const dovecotPath = requireTool('dovecot', { package: 'dovecot-imapd' })
const mbsyncPath = requireTool('mbsync', { package: 'isync' })
const opensslPath = requireTool('openssl', { package: 'openssl' })
const isMissing = [dovecotPath, mbsyncPath, opensslPath].includes(undefined)

const largeOctets = 20 * 1024 * 1024
const mailbox = [...generateMailbox(42, 999), generateLargeMessage(43, largeOctets)]
/** mbsync cannot carry a message without any header: it warns and skips it. */
const carried = mailbox.filter(({ octets }) => octets.length > 0).length
const patienceMs = 90_000

describe.skipIf(isMissing)('mbsync with a mailbox of a thousand messages', () => {
  let dovecot: Dovecot
  let folder: TempFolder
  const proxies: Proxy[] = []

  beforeAll(async () => {
    folder = await createTempFolder('sync')
    dovecot = await startDovecot({ users: ['source', 'target-direct', 'target-proxied'] })
    await dovecot.deliver('source', mailbox)
  })

  afterAll(async () => {
    await Promise.all(proxies.map((proxy) => proxy.stop()))
    await dovecot?.stop()
    await folder?.remove()
  })

  test('pulls the same files through the proxy as directly', { timeout: patienceMs }, async () => {
    const proxy = await startProxyFor({ upstream: `imaps://${dovecot.host}:${dovecot.ports.imaps}` })
    const directly = await sync({ server: dovecot, user: 'source', tls: 'implicit', direction: 'Pull' })
    const throughProxy = await sync({ server: proxy, user: 'source', tls: 'implicit', direction: 'Pull' })

    expect(throughProxy.said).toBe(directly.said)
    const direct = await readMaildir(directly.maildir)
    expect(await readMaildir(throughProxy.maildir)).toEqual(direct)
    expect(direct).toHaveLength(carried)
    expect(direct.filter((line) => octetsOf(line) > largeOctets)).toHaveLength(1)
    expect(proxy.logRecords().filter(({ event }) => event === 'unreadable')).toEqual([])
  })

  test(
    'pushes the same messages and flags through the proxy as directly',
    { timeout: patienceMs },
    async () => {
      const proxy = await startProxyFor({ upstream: `imap+starttls://${dovecot.host}:${dovecot.ports.imap}` })
      const directly = await push({
        server: dovecot,
        user: 'target-direct',
        tls: 'starttls',
        direction: 'Push',
      })
      const throughProxy = await push({
        server: proxy,
        user: 'target-proxied',
        tls: 'starttls',
        direction: 'Push',
      })

      expect(throughProxy.said).toBe(directly.said)
      const direct = await readMaildir(dovecot.user('target-direct').maildir)
      expect(await readMaildir(dovecot.user('target-proxied').maildir)).toEqual(direct)
      expect(direct).toHaveLength(carried)
      expect(direct.filter((line) => octetsOf(line) > largeOctets)).toHaveLength(1)
      expect(proxy.logRecords().filter(({ event }) => event === 'unreadable')).toEqual([])
    },
  )

  interface Task {
    readonly server: Dovecot | Proxy
    readonly user: string
    readonly tls: TlsMode
    readonly direction: SyncRequest['direction']
  }

  async function push(task: Task): Promise<{ maildir: string; said: string }> {
    const { uid, gid } = userInfo()
    await deliverMessages(await localMaildir(task), mailbox, { uid, gid })
    return sync(task)
  }

  async function sync(task: Task): Promise<{ maildir: string; said: string }> {
    const { server, user, tls, direction } = task
    const maildir = await localMaildir(task)
    const port = tls === 'implicit' ? server.ports.imaps : server.ports.imap
    const { password } = dovecot.user(user)
    const login = { host: server.host, port, tls, caFile: server.caFile, user, password }
    return {
      maildir,
      said: await syncMailbox({ login, maildir, stateFolder: join(maildir, '..'), direction }),
    }
  }

  async function startProxyFor(options: ProxyOptions): Promise<Proxy> {
    const proxy = await startProxy({ ...options, upstreamCa: dovecot.caFile })
    proxies.push(proxy)
    return proxy
  }

  /** One for each run, with the state of the sync beside it. */
  async function localMaildir({ server, direction }: Task): Promise<string> {
    const run = folder.join(`${direction}-${server === dovecot ? 'direct' : 'proxied'}`)
    await mkdir(run, { recursive: true })
    return join(run, 'maildir')
  }
})

function octetsOf(line: string): number {
  return Number(line.split(' ')[3])
}
