/** The real program captures what real clients say to a real Dovecot; what is read again is what went by. */

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { readCapture } from '../../src/capture/read-capture.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import type { ClientLogin } from '../support/clients/client.ts'
import { curl } from '../support/clients/curl.ts'
import { imapflow } from '../support/clients/imapflow.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { generateMailbox } from '../support/mail.ts'
import { startProxy, type Proxy } from '../support/proxy.ts'
import { findSecretTraces } from '../support/secret-traces.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import { requireTool } from '../support/tools.ts'

const dovecotPath = requireTool('dovecot', { package: 'dovecot-imapd' })
const curlPath = requireTool('curl', { package: 'curl' })

const mailbox = generateMailbox(7, 26)
const clients = [curl, imapflow]

describe.skipIf(dovecotPath === undefined || curlPath === undefined)('with a real Dovecot', () => {
  let dovecot: Dovecot
  let folder: TempFolder

  beforeAll(async () => {
    dovecot = await startDovecot({ users: clients.flatMap(({ name }) => [`${name}-less`, `${name}-all`]) })
    folder = await createTempFolder('e2e-capture')
  })

  afterAll(async () => {
    await dovecot?.stop()
    await folder?.remove()
  })

  const loginOf = (proxy: Proxy, user: string): ClientLogin => ({
    host: proxy.host,
    port: proxy.ports.imaps,
    tls: 'implicit',
    caFile: proxy.caFile,
    user,
    password: dovecot.user(user).password,
  })

  /** The program runs, the client works through the mailbox, the program ends. */
  async function capture(place: string, args: readonly string[], user: string): Promise<readonly string[]> {
    const path = `${folder.join(place)}/`
    const upstream = `imaps://${dovecot.host}:${dovecot.ports.imaps}`
    const proxy = await startProxy({
      upstream,
      upstreamCa: dovecot.caFile,
      args: ['--capture', path, ...args],
    })
    try {
      await dovecot.deliver(user, mailbox)
      const client = clients.find(({ name }) => user.startsWith(name))
      await client?.run(loginOf(proxy, user))
      expect(proxy.output()).not.toContain('fault')
      const warned = args.includes('--capture-secrets')
      expect(proxy.output().includes('keeps credentials: who reads it can log in')).toBe(warned)
    } finally {
      await proxy.stop()
    }
    return readdirSync(path).map((name) => `${path}${name}`)
  }

  async function read(files: readonly string[]): Promise<ObservedEvent[]> {
    const events: ObservedEvent[] = []
    const onTorn = (): void => expect.unreachable('a torn capture')
    for await (const event of readCapture(files, { onTorn })) events.push(event)
    return events
  }

  test.for(clients)('$name leaves no credential and no mail in a capture', async ({ name }) => {
    const user = `${name}-less`
    const files = await capture(user, [], user)
    const text = files.map((file) => readFileSync(file, 'utf8')).join('')
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual([0o600])
    expect(findSecretTraces(text, dovecot.user(user).password)).toEqual([])
    const events = await read(files)
    const bodies = events.flatMap((event) =>
      event.kind === 'message' ? event.message.raw.parts.filter((part) => part.kind === 'literal') : [],
    )
    expect(bodies.filter(({ announced }) => announced.size > 200)).not.toEqual([])
    expect(bodies.filter(({ octets, announced }) => octets !== undefined && announced.size > 200)).toEqual([])
    expect(bodies.every(({ octets, digest }) => octets !== undefined || digest !== undefined)).toBe(true)
  })

  test.for(clients)(
    '$name is read again to the octet, from rotated and compressed files',
    async ({ name }) => {
      const user = `${name}-all`
      const args = ['--capture-secrets', '--capture-bodies', '--capture-max-size', '20KB']
      const files = await capture(user, args, user)
      expect(files.filter((file) => file.endsWith('.ndjson.zst')).length).toBeGreaterThan(1)
      const events = await read([folder.join(user)])
      const sessions = new Set(events.map(({ session }) => session))
      for (const session of sessions) expectWhole(events.filter((event) => event.session === session))
      expect(sessions.size).toBeGreaterThan(0)
    },
  )

  test('a program that is killed has written all but the last tenth of a second', async () => {
    const path = folder.join('killed.ndjson')
    const upstream = `imaps://${dovecot.host}:${dovecot.ports.imaps}`
    const proxy = await startProxy({ upstream, upstreamCa: dovecot.caFile, args: ['--capture', path] })
    await curl.run(loginOf(proxy, 'curl-less'))
    const isClosed = (): boolean => readFileSync(path, 'utf8').includes('"event":"closed"')
    await expect.poll(isClosed, { timeout: 5_000 }).toBe(true)
    process.kill(proxy.pid, 'SIGKILL')
    await proxy.stop()
    const tails: unknown[] = []
    const kinds = new Set<string>()
    for await (const { kind } of readCapture([path], { onTorn: (tail) => tails.push(tail) })) kinds.add(kind)
    expect(tails.length).toBeLessThan(2)
    expect([...kinds]).toEqual(expect.arrayContaining(['opened', 'message', 'exchange-completed', 'closed']))
  })

  test('a capture that cannot be made stops the program before it listens, with a word on what to do', async () => {
    const upstream = `imap://${dovecot.host}:${dovecot.ports.imap}`
    const start = startProxy({ upstream, args: ['--capture', folder.join('none/x.ndjson')] })
    await expect(start).rejects.toThrow(/cannot capture to .*none\/x\.ndjson: its folder does not exist/u)
  })
})

/** Every octet that a side sent is in its messages, and every command was answered. */
function expectWhole(events: readonly ObservedEvent[]): void {
  const closed = events.at(-1)
  expect(events[0]?.kind).toBe('opened')
  if (closed?.kind !== 'closed') return expect.unreachable('the session does not end')
  const octetsOf = (side: string): number =>
    events.reduce((sum, event) => {
      if (event.kind !== 'message' || event.side !== side || event.isOurs === true) return sum
      return sum + event.message.raw.parts.reduce((all, { octets }) => all + (octets?.length ?? 0), 0)
    }, 0)
  expect(octetsOf('client')).toBe(closed.totals.fromClient)
  expect(octetsOf('server')).toBe(closed.totals.fromServer)
  const opened = events.filter(({ kind }) => kind === 'exchange-opened').length
  const completed = events.flatMap((event) => (event.kind === 'exchange-completed' ? [event.exchange] : []))
  expect(completed.length).toBe(opened)
  expect(completed.every(({ message }) => message !== undefined)).toBe(true)
}
