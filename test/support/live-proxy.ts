/** A proxy within the test's own process, on ports that the system chose, with everything it publishes kept. */

import { readFileSync } from 'node:fs'

import { createProxy, type Proxy } from '../../src/app/create-proxy.ts'
import type { Config } from '../../src/config/config.ts'
import { readUpstreamUrl } from '../../src/config/upstream-url.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { createTempFolder } from './temp-folder.ts'

export interface LiveOptions {
  readonly upstream: string
  readonly upstreamCa?: string
  readonly upstreamName?: string
  readonly keyLog?: string
  readonly compress?: Config['compress']
  /** Look for what is wrong in every message. */
  readonly hasFindings?: boolean
  readonly control?: Config['control']
  readonly proxyProtocol?: Config['proxyProtocol']
  readonly policy?: Config['policy']
  readonly audit?: Config['audit']
  /** Where the log goes; without one nothing is logged. */
  readonly logFile?: string
  /** Address of both listeners; loopback when undefined. */
  readonly listenHost?: string
}

type Kind = ObservedEvent['kind']
export type EventOf<K extends Kind> = Extract<ObservedEvent, { kind: K }>

export interface LiveProxy {
  readonly proxy: Proxy
  readonly imap: number
  readonly imaps: number
  /** PEM of the authority that clients must trust. */
  readonly ca: Buffer
  readonly events: ObservedEvent[]
  of<K extends Kind>(kind: K): EventOf<K>[]
  /** The next event of this kind that has not been waited for. */
  next<K extends Kind>(kind: K): Promise<EventOf<K>>
  stop(): Promise<void>
}

export async function startLiveProxy(options: LiveOptions): Promise<LiveProxy> {
  const folder = await createTempFolder('live')
  const proxy = await createProxy(makeConfig(folder.join('ca'), options))
  const events: ObservedEvent[] = []
  proxy.bus.subscribe((event) => void events.push(event))
  await proxy.start()
  const portOf = (protocol: string): number =>
    proxy.addresses.find((one) => one.protocol === protocol)?.port ?? 0
  const of = <K extends Kind>(kind: K): EventOf<K>[] =>
    events.filter((event): event is EventOf<K> => event.kind === kind)
  const taken = new Map<Kind, number>()
  return {
    proxy,
    imap: portOf('imap'),
    imaps: portOf('imaps'),
    ca: readFileSync(proxy.caPath ?? ''),
    events,
    of,
    async next(kind) {
      const at = taken.get(kind) ?? 0
      taken.set(kind, at + 1)
      return waitFor(() => of(kind)[at], kind)
    },
    async stop() {
      await proxy.stop()
      await folder.remove()
    },
  }
}

function makeConfig(caDir: string, options: LiveOptions): Config {
  const url = readUpstreamUrl(options.upstream)
  if (!url.ok) throw new Error(url.message)
  return {
    upstream: { ...url.value, ca: options.upstreamCa, name: options.upstreamName, isInsecure: false },
    listen: [
      { protocol: 'imap', host: options.listenHost ?? '127.0.0.1', port: 0 },
      { protocol: 'imaps', host: options.listenHost ?? '127.0.0.1', port: 0 },
    ],
    hideCapabilities: [],
    compress: options.compress ?? 'follow',
    tls: { caDir, leafKey: 'ecdsa', cert: undefined, key: undefined, keyLog: options.keyLog },
    log: { file: options.logFile, level: options.logFile === undefined ? 'silent' : 'info', wire: false },
    findings: { isEnabled: options.hasFindings ?? false, ignore: [] },
    control: options.control,
    proxyProtocol: options.proxyProtocol,
    policy: options.policy,
    audit: options.audit,
    dashboard: false,
  }
}

/** Polls, with real time even where the test's timers are not. */
async function waitFor<T>(find: () => T | undefined, what: string): Promise<T> {
  const deadline = performance.now() + 10_000
  for (;;) {
    const found = find()
    if (found !== undefined) return found
    if (performance.now() > deadline) throw new Error(`no ${what} in time`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
