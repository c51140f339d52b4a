/** A gateway of real sockets under a guard that a test made: cleartext on both legs, everything it tells kept. */

import type { Recorder } from '../../../src/net/connection-context.ts'
import { Connection, type ConnectionContext } from '../../../src/net/connection.ts'
import { Dialer } from '../../../src/net/dialer.ts'
import { Listener } from '../../../src/net/listener.ts'
import { makeRules } from '../../../src/policy/rules.ts'
import type { ProxyEvent } from '../../../src/relay/event.ts'
import type { Guard, SessionOrigin } from '../../../src/relay/guard.ts'
import type { CompressMode } from '../../../src/relay/compression.ts'

export interface GatewayOptions {
  readonly upstreamPort: number
  readonly makeGuard: (origin: SessionOrigin) => Guard
  readonly recorder?: Recorder
  readonly compress?: CompressMode
  readonly wantsMessages?: boolean
  /** Hears each event while it is told: exchanges live on. */
  readonly listen?: (event: ProxyEvent) => void
}

export interface Gateway {
  readonly port: number
  readonly events: ProxyEvent[]
  stop(): void
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { compress = 'follow', upstreamPort, makeGuard, recorder, wantsMessages = false, listen } = options
  const events: ProxyEvent[] = []
  const connections = new Set<Connection>()
  const upstream = { protocol: 'imap', host: '127.0.0.1', port: upstreamPort } as const
  let tags = 0
  const context: ConnectionContext = {
    listen: { protocol: 'imap', host: '127.0.0.1', port: 0 },
    listenerUrl: 'imap://127.0.0.1',
    upstream: { ...upstream, ca: undefined, name: undefined, isInsecure: false },
    upstreamUrl: `imap://127.0.0.1:${upstreamPort}`,
    dialer: new Dialer({
      upstream: { ...upstream, ca: undefined, name: undefined, isInsecure: false },
      ca: undefined,
      onKeyLog: undefined,
    }),
    // Nobody begins TLS here.
    certificates: {} as ConnectionContext['certificates'],
    caPath: undefined,
    relay: {
      decider: makeRules({ hideCapabilities: [], compress }),
      compress,
      interests: { messages: wantsMessages },
      digesters: { client: () => undefined, server: () => undefined },
    },
    makeGuard: (origin) => ({ guard: makeGuard(origin), isEnforced: true }),
    recorder,
    makeTag: () => `Ours${(tags += 1)}`,
    now: () => performance.now(),
    publish(event) {
      events.push(event)
      listen?.(event)
    },
    onKeyLog: undefined,
    onClosed: (connection) => void connections.delete(connection),
  }
  let sessions = 0
  const listener = new Listener({
    host: '127.0.0.1',
    port: 0,
    onClient: (accepted) => void connections.add(new Connection(`S${(sessions += 1)}`, accepted, context)),
    onError: (error) => {
      throw error
    },
  })
  const port = await listener.start()
  return {
    port,
    events,
    stop() {
      listener.stop()
      for (const connection of connections) connection.kill('the test is over')
    },
  }
}
