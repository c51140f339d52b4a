/** Real clients do through the proxy what they do without it, on every pair of legs, and the log tells it without secrets. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Client, ClientLogin, TlsMode, Transcript } from '../support/clients/client.ts'
import { clients } from '../support/clients/index.ts'
import { startDovecot, type Dovecot } from '../support/dovecot.ts'
import { generateMailbox } from '../support/mail.ts'
import { startProxy, type LogRecord, type Proxy } from '../support/proxy.ts'
import { findSecretTraces } from '../support/secret-traces.ts'
import { requireTool } from '../support/tools.ts'

const dovecotPath = requireTool('dovecot', { package: 'dovecot-imapd' })
const opensslPath = requireTool('openssl', { package: 'openssl' })

const clientLegs: readonly TlsMode[] = ['implicit', 'starttls', 'none']
const upstreamLegs = ['imap', 'imap+starttls', 'imaps'] as const
type UpstreamLeg = (typeof upstreamLegs)[number]

const pairs = upstreamLegs.flatMap((upstream) => clientLegs.map((leg) => ({ leg, upstream })))
const mailbox = generateMailbox(7, 26)

describe.skipIf(dovecotPath === undefined || opensslPath === undefined)(
  'with a real Dovecot behind the proxy',
  () => {
    let dovecot: Dovecot
    const proxies = new Map<UpstreamLeg, Proxy>()
    const directTranscripts = new Map<string, Promise<Transcript>>()

    beforeAll(async () => {
      // Two users can have equal mailboxes, one mailbox cannot be worked through twice with equal results.
      const users = clients.flatMap((client) => [
        directUser(client),
        ...pairs.map((pair) => proxiedUser(client, pair)),
      ])
      dovecot = await startDovecot({ users })
      for (const upstream of upstreamLegs) {
        const port = upstream === 'imaps' ? dovecot.ports.imaps : dovecot.ports.imap
        const url = `${upstream}://${dovecot.host}:${port}`
        proxies.set(
          upstream,
          await startProxy({ upstream: url, upstreamCa: dovecot.caFile, isWireLogged: true }),
        )
      }
    })

    afterAll(async () => {
      await Promise.all([...proxies.values()].map((proxy) => proxy.stop()))
      await dovecot?.stop()
    })

    for (const client of clients) {
      const isMissing =
        client.tool !== undefined && requireTool(client.tool.program, client.tool) === undefined

      test.skipIf(isMissing).for(pairs)(
        `${client.name} sees no difference and leaves no secret: $leg from the client, $upstream to the server`,
        async (pair) => {
          const proxy = proxyFor(pair.upstream)
          const name = proxiedUser(client, pair)
          await dovecot.deliver(name, mailbox)
          const direct = await runDirectly(client)

          const proxied = await client.run(loginOf(proxy, name, pair.leg))

          expect(proxied).toEqual(direct)
          const records = await waitForCommands(proxy, name, client.commands)
          for (const record of records) expectCompleteExchange(record, name)
          const unreadable = proxy.logRecords().filter(({ event }) => event === 'unreadable')
          expect(unreadable).toEqual([])
          expect(findSecretTraces(proxy.logText(), dovecot.user(name).password)).toEqual([])
        },
      )
    }

    test('a wrong password is refused in the words of the server, logged as NO and kept out of the log', async () => {
      const proxy = proxyFor('imaps')
      const client = clients.find(({ name }) => name === 'imapflow')
      const login = {
        ...loginOf(proxy, proxiedUserOfFirst(), 'implicit'),
        password: 'Windmill"wrong Orchard9',
      }

      await expect(client?.run(login)).rejects.toMatchObject({ authenticationFailed: true })

      const record = await proxy.waitForRecord(
        ({ command, status }) => command === 'AUTHENTICATE' && status === 'NO',
      )
      expect(record).toMatchObject({ event: 'exchange', code: 'AUTHENTICATIONFAILED' })
      expect(findSecretTraces(proxy.logText(), login.password)).toEqual([])
    })

    function proxyFor(upstream: UpstreamLeg): Proxy {
      const proxy = proxies.get(upstream)
      if (proxy === undefined) throw new Error(`no proxy for ${upstream}`)
      return proxy
    }

    function loginOf(server: Dovecot | Proxy, name: string, tls: TlsMode): ClientLogin {
      const port = tls === 'implicit' ? server.ports.imaps : server.ports.imap
      const { password } = dovecot.user(name)
      return { host: server.host, port, tls, caFile: server.caFile, user: name, password }
    }

    /** Once for each client: the TLS of a direct connection changes nothing in what it is told. */
    function runDirectly(client: Client): Promise<Transcript> {
      const known = directTranscripts.get(client.name)
      if (known !== undefined) return known
      const transcript = dovecot
        .deliver(directUser(client), mailbox)
        .then(() => client.run(loginOf(dovecot, directUser(client), 'implicit')))
      directTranscripts.set(client.name, transcript)
      return transcript
    }
  },
)

function directUser(client: Client): string {
  return `${client.name}-direct`
}

function proxiedUser(client: Client, { leg, upstream }: { leg: TlsMode; upstream: UpstreamLeg }): string {
  return `${client.name}-${leg}-${upstream.replace('+', '-')}`
}

function proxiedUserOfFirst(): string {
  const [client] = clients
  if (client === undefined) throw new Error('no clients')
  return directUser(client)
}

/** The exchanges of all sessions of one user, once every command of the client is among them. */
async function waitForCommands(
  proxy: Proxy,
  user: string,
  commands: readonly string[],
): Promise<LogRecord[]> {
  const readCommands = () => exchangesOf(proxy.logRecords(), user).map((record) => record['command'])
  await expect.poll(readCommands, { timeout: 5000 }).toEqual(expect.arrayContaining([...commands]))
  return exchangesOf(proxy.logRecords(), user)
}

/** Before authentication nobody knows the user: the session tells which exchanges are theirs. */
function exchangesOf(records: readonly LogRecord[], user: string): LogRecord[] {
  const own = records.filter((record) => record['user'] === user)
  const sessions = new Set(own.map((record) => record['session']))
  return records.filter(({ event, session }) => event === 'exchange' && sessions.has(session))
}

function expectCompleteExchange(record: LogRecord, user: string): void {
  expect(record).toMatchObject({
    session: expect.stringMatching(/./),
    tag: expect.stringMatching(/./),
    command: expect.stringMatching(/^[A-Z]/),
    status: expect.stringMatching(/^(OK|NO|BAD)$/),
    args: expect.any(String),
    durationMs: expect.any(Number),
    octetsIn: expect.any(Number),
    octetsOut: expect.any(Number),
  })
  expect(record['octetsIn']).toBeGreaterThan(0)
  expect(record['octetsOut']).toBeGreaterThan(0)
  expect([user, undefined, null]).toContain(record['user'])
  if (record['command'] === 'UID FETCH') expect(record['mailbox']).toBe('INBOX')
}
