import { afterEach, describe, expect, it } from 'vitest'
import { startImapServer, type RunningImapServer } from '../../src/demo/imap-server.ts'
import { playScript, type ScriptOptions } from '../../src/demo/scripted-client.ts'
import { mintForTest, type TestCertificates } from './certificates.ts'

const toStop: (() => unknown)[] = []

afterEach(async () => {
  for (const stop of toStop.splice(0).toReversed()) await stop()
})

async function mint(): Promise<TestCertificates> {
  const certificates = await mintForTest()
  toStop.push(() => certificates.remove())
  return certificates
}

async function setUp(): Promise<{ options: ScriptOptions; servers: RunningImapServer[] }> {
  const { tls, authority } = await mint()
  const own = { tls, newMailEveryMs: 100, slowMs: 200 }
  const servers = [await startImapServer(own), await startImapServer({ ...own, startTls: true })]
  for (const server of servers) toStop.push(() => server.stop())
  const [tlsPort = 0, startTlsPort = 0] = servers.map((server) => server.port)
  const options = { host: '127.0.0.1', tlsPort, startTlsPort, ca: authority, name: 'localhost', once: true }
  return { options, servers }
}

describe('the scripted client', () => {
  it('plays one round in which everything goes as the script says', async () => {
    const { options } = await setUp()
    const done = await playScript(options)
    expect(done.unexpected).toEqual([])
    expect(done.sessions).toBe(5)
    expect(done.expectedFailures).toBe(4)
    expect(done.byName.get('LOGIN')).toBe(5)
    expect(done.byName.get('STARTTLS')).toBe(1)
    expect([...done.byName.values()].reduce((total, count) => total + count, 0)).toBe(done.commands)
  })

  it('sends the same commands every time it plays with the same seed', async () => {
    const { options } = await setUp()
    const [first, second] = [await playScript(options), await playScript(options)]
    expect(Object.fromEntries(second.byName)).toEqual(Object.fromEntries(first.byName))
  })

  it('notes a certificate that it cannot trust instead of throwing', async () => {
    const { options } = await setUp()
    const stranger = await mint()
    const done = await playScript({ ...options, ca: stranger.authority })
    expect(done.unexpected.length).toBe(5)
    expect(done.byName.get('LOGIN')).toBeUndefined()
  })

  it('notes the commands that a vanished server leaves unanswered', async () => {
    const { options, servers } = await setUp()
    const playing = playScript({ ...options })
    setTimeout(() => void servers[0]?.stop(), 150)
    const done = await playing
    expect(done.unexpected.length).toBeGreaterThan(0)
  })

  it('plays on until it is told to stop, and stops without complaint', async () => {
    const { options } = await setUp()
    const stop = new AbortController()
    setTimeout(() => stop.abort(), 700)
    const done = await playScript({ ...options, once: false, signal: stop.signal })
    expect(done.sessions).toBe(5)
    expect(done.unexpected).toEqual([])
  })
})
