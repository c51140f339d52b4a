/** A power cut takes what a kill leaves: no octet of a command goes upstream before fdatasync of its record has returned. */

import { writeFile } from 'node:fs/promises'
import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createProxy, type Proxy } from '../../src/app/create-proxy.ts'
import type { AuditFiles } from '../../src/audit/audit-files.ts'
import { loadConfig } from '../../src/config/load.ts'
import { KillClient } from '../audit/support/kill-client.ts'
import { writeConfig } from '../audit/support/kill-loads.ts'
import { startUpstream, users, type KillUpstream } from '../audit/support/kill-upstreams.ts'
import { waitUntil } from '../audit/support/audits.ts'
import { Peer } from '../support/peer.ts'
import { createRandom } from '../support/random.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

const disk = vi.hoisted(() => ({
  /** What the system was given, and how much of it had been given when the last finished fdatasync began. */
  written: '',
  durable: 0,
  delay: (): number => 0,
  failsSync: false,
}))

vi.mock('../../src/audit/audit-files.ts', async (importOriginal) => {
  const original = await importOriginal<{ realFiles: AuditFiles }>()
  const { realFiles } = original
  const watched: AuditFiles = {
    ...realFiles,
    async append(file, octets) {
      const taken = await realFiles.append(file, octets)
      disk.written += octets.toString('latin1', 0, taken)
      return taken
    },
    async sync(file) {
      const covered = disk.written.length
      await sleep(disk.delay())
      if (disk.failsSync) throw Object.assign(new Error('EIO'), { code: 'EIO' })
      await realFiles.sync(file)
      disk.durable = covered
    },
  }
  return { ...original, realFiles: watched }
})

/** Milliseconds that the load may take, however busy the machine is. */
const patience = 60_000

/** Names of the clients' commands in what went upstream, and those of them whose record was not durable then. */
const sent: string[] = []
const early: string[] = []

let folder: TempFolder
let upstream: KillUpstream
let proxy: Proxy | undefined
beforeEach(async () => {
  Object.assign(disk, { written: '', durable: 0, delay: () => 0, failsSync: false })
  sent.length = 0
  early.length = 0
  folder = await createTempFolder('order')
  upstream = await startUpstream('scripted')
  watchSockets(upstream.port)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await proxy?.stop()
  await upstream.stop()
  await folder.remove()
})

/** Every write to upstream, looked at before the system has an octet of it. */
function watchSockets(port: number): void {
  // Called on the socket that it was taken from.
  // oxlint-disable-next-line typescript/unbound-method
  const write = Socket.prototype.write
  vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args) {
    const [octets] = args
    if (this.remotePort === port) look(Buffer.from(octets).toString('latin1'))
    return write.apply(this, args)
  })
}

function look(text: string): void {
  for (const [, name = ''] of text.matchAll(/(?:^|\n)([a-z]\d+-\d+) /gu)) {
    sent.push(name)
    if (!disk.written.slice(0, disk.durable).includes(`"tag":"${name}"`)) early.push(name)
  }
}

async function startProxy(mode: 'strict' | 'relaxed'): Promise<number> {
  const file = folder.join('order.yaml')
  await writeFile(
    file,
    writeConfig(folder, { audit: folder.join('audit.ndjson'), mode, port: upstream.port }),
  )
  const config = loadConfig({ flags: { config: file }, env: {} })
  proxy = await createProxy({ ...config, listen: [{ protocol: 'imap', host: '127.0.0.1', port: 0 }] })
  await proxy.start()
  return proxy.addresses[0]?.port ?? 0
}

/** Six clients, pipelining, until so many commands went upstream. */
async function load(port: number, commands: number): Promise<void> {
  let numbers = 0
  const strange: string[] = []
  const tell = {
    nextNumber: () => `1-${(numbers += 1)}`,
    onAnswer: () => undefined,
    onStrange: (answer: string) => void strange.push(answer),
  }
  const clients = [...users, ...users].map((user) => new KillClient(port, { upstream, user }, tell))
  await waitUntil(() => sent.length >= commands, patience)
  for (const client of clients) client.close()
  expect(strange).toEqual([])
}

describe('a strict audit', { timeout: 2 * patience }, () => {
  it('has each record synchronized before the first octet of its command is written to upstream', async () => {
    const random = createRandom(3)
    disk.delay = () => random.below(8)
    await load(await startProxy('strict'), 240)
    expect(early).toEqual([])
    // Nothing reached upstream past those who watched.
    const arrived = await upstream.executed()
    expect(arrived.length).toBeGreaterThan(200)
    expect(arrived.filter((name) => !sent.includes(name))).toEqual([])
  })

  it('lets nothing go on whose record was written and not synchronized', async () => {
    const port = await startProxy('strict')
    disk.failsSync = true
    const peer = await Peer.open(port)
    await peer.until(/^\* OK .*\r\n/u)
    expect(await peer.run('l1-1 LOGIN ann secret')).toMatch(/^l1-1 NO /mu)
    expect(await peer.run('l1-2 LOGIN ann secret')).toMatch(/^l1-2 NO /mu)
    expect(disk.written).toContain('"tag":"l1-1"')
    disk.failsSync = false
    await vi.waitFor(
      async () => expect(await peer.run('l1-3 LOGIN ann secret')).toMatch(/^l1-3 OK /mu),
      10_000,
    )
    expect([...new Set(sent)]).toEqual(['l1-3'])
    expect(early).toEqual([])
    peer.close()
  })
})

it('a relaxed audit lets commands go before: those who watch see it', { timeout: 2 * patience }, async () => {
  disk.delay = () => 5
  await load(await startProxy('relaxed'), 100)
  expect(early).not.toEqual([])
})
