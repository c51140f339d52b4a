/** Who is let in, over real sockets: a crowd from one address costs the others nothing, and the log is not flooded (threat 48). */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'

import { Admission } from '../../src/app/admission.ts'
import type { Listen } from '../../src/config/config.ts'
import { Listener } from '../../src/net/listener.ts'
import { listNetworks } from '../../src/net/networks.ts'
import { Ledger, type SessionAccount } from '../../src/policy/ledger.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'

const sockets: Socket[] = []
const listeners: Listener[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const listener of listeners.splice(0)) listener.stop()
})

interface Door {
  readonly port: number
  readonly events: ProxyEvent[]
  readonly admitted: { readonly host: string; readonly account: SessionAccount | undefined }[]
  readonly pass: (millis: number) => void
}

/** A listener whose clients say their address in a PROXY header, so that one machine has many. */
async function open(ledger: Ledger | undefined, protocol: Listen['protocol'] = 'imap'): Promise<Door> {
  const events: ProxyEvent[] = []
  const admitted: { host: string; account: SessionAccount | undefined }[] = []
  let now = 0
  let sessions = 0
  const listen: Listen = { protocol, host: '127.0.0.1', port: 1143 }
  const admission = new Admission({
    ledger,
    upstreamUrl: 'imap://mail.example.com:143',
    nextSession: () => `S${(sessions += 1)}`,
    now: () => now,
    publish: (event) => void events.push(event),
  })
  const listener = new Listener({
    host: '127.0.0.1',
    port: 0,
    onClient: (accepted) => {
      sockets.push(accepted.socket)
      const entry = admission.admit(accepted, listen)
      if (!entry) return
      admitted.push({ host: accepted.address.host, account: entry.account })
      accepted.socket.on('error', () => undefined).resume()
      accepted.socket.write('* OK welcome\r\n')
    },
    onError: (error) => void Promise.reject(error),
    proxyProtocol: {
      from: listNetworks(['127.0.0.1']),
      onFault: (peer, reason) => admission.noteProxyFault(peer, listen, reason),
    },
  })
  listeners.push(listener)
  return { port: await listener.start(), events, admitted, pass: (millis) => void (now += millis) }
}

/** What a client at this address hears first; empty when it is closed without a word. */
async function knock(port: number, address: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  sockets.push(socket)
  socket.on('error', () => undefined)
  socket.write(`PROXY TCP4 ${address} 127.0.0.1 1024 1143\r\n`)
  let heard = ''
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
  await Promise.race([once(socket, 'data'), once(socket, 'close')])
  return heard
}

const decidedIn = (events: readonly ProxyEvent[]) =>
  events.flatMap((event) => (event.kind === 'decided' ? [event.decided] : []))

describe('who is turned away', () => {
  it('hears why, and the record has the limit, whose it is, and the session from opening to end', async () => {
    const { port, events } = await open(new Ledger({ sessionsPerAddress: 1 }))
    expect(await knock(port, '192.0.2.1')).toBe('* OK welcome\r\n')
    expect(await knock(port, '192.0.2.1')).toBe('* BYE [LIMIT] too many sessions from your address\r\n')
    expect(events.map(({ kind }) => kind)).toEqual(['opened', 'decided', 'closed'])
    expect(new Set(events.map(({ session }) => session)).size).toBe(1)
    expect(events[0]).toMatchObject({ address: { host: '192.0.2.1', port: 1024 } })
    expect(decidedIn(events)).toMatchObject([
      {
        rule: 'limit',
        effect: 'close',
        why: 'sessionsPerAddress: 192.0.2.1 has as many sessions as it may (1)',
      },
    ])
  })

  it('is closed without a handshake where TLS comes first', async () => {
    const { port } = await open(new Ledger({ sessionsPerAddress: 0 }), 'imaps')
    expect(await knock(port, '192.0.2.1')).toBe('')
  })

  it('may come again when a session has ended', async () => {
    const { port, admitted } = await open(new Ledger({ sessionsPerAddress: 1 }))
    await knock(port, '192.0.2.1')
    admitted[0]?.account?.close(0)
    expect(await knock(port, '192.0.2.1')).toBe('* OK welcome\r\n')
  })
})

describe('a crowd from one address', () => {
  it('is capped, the others are let in, and some records tell of all (threat 48)', async () => {
    const { port, events, admitted, pass } = await open(new Ledger({ sessionsPerAddress: 20 }))
    const crowd = Array.from({ length: 600 }, () => knock(port, '192.0.2.1'))
    const others = Array.from({ length: 40 }, (_, at) => knock(port, `198.51.100.${at}`))
    expect(new Set(await Promise.all(others))).toEqual(new Set(['* OK welcome\r\n']))
    const heard = await Promise.all(crowd)
    expect(heard.filter((text) => text === '* OK welcome\r\n')).toHaveLength(20)
    expect(admitted.filter(({ host }) => host === '192.0.2.1')).toHaveLength(20)
    expect(decidedIn(events)).toHaveLength(10)
    pass(10_000)
    await knock(port, '192.0.2.1')
    expect(decidedIn(events).at(-1)?.why).toContain('(and 570 more like it)')
  })
})

describe('without limits', () => {
  it('all are let in, and nothing is counted', async () => {
    const { port, admitted } = await open(undefined)
    expect(await knock(port, '192.0.2.1')).toBe('* OK welcome\r\n')
    expect(admitted).toEqual([{ host: '192.0.2.1', account: undefined }])
  })

  it('a balancer without its header is told of all the same', async () => {
    const { port, events } = await open(undefined)
    expect(await knock(port, 'nowhere')).toBe('')
    expect(events).toMatchObject([
      { kind: 'opened', address: { host: '127.0.0.1' } },
      { kind: 'warning', reason: 'the connection of 127.0.0.1 was cut: its PROXY line cannot be read' },
      { kind: 'closed', reason: 'no PROXY header' },
    ])
  })
})
