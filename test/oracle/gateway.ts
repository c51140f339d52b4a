/** The gateway under test, in this process: made by whatever sources are named, so that a spoiled copy can be tried. */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { createProxy as CreateProxy } from '../../src/app/create-proxy.ts'
import type { Config } from '../../src/config/config.ts'
import type { PolicyDocument } from '../../src/config/policy-document.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { rulesOf, type World } from './world.ts'

export interface GatewayOptions {
  /** A folder like `src`. */
  readonly sources: string
  readonly upstream: number
  readonly worlds: readonly World[]
  /** Without a policy: the oracle then has to find what a proxy lets through. */
  readonly isTransparent: boolean
}

export interface Counts {
  forwarded: number
  refused: number
}

export interface Gateway {
  readonly port: number
  /** PEM of the authority that signs its certificate. */
  readonly caPath: string | undefined
  readonly counts: Counts
  stop(): Promise<void>
}

interface Sources {
  readonly createProxy: typeof CreateProxy
}

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const folder = await createTempFolder('or')
  const path = join(options.sources, 'app', 'create-proxy.ts')
  // What a copy of the sources exports is what the sources export.
  const { createProxy } = (await import(pathToFileURL(path).href)) as Sources
  const proxy = await createProxy(makeConfig(folder.join('ca'), options))
  const counts: Counts = { forwarded: 0, refused: 0 }
  proxy.bus.subscribe((event) => {
    if (event.kind !== 'decided' || event.decided.isDryRun) return
    if (event.decided.effect === 'deny' || event.decided.effect === 'close') counts.refused++
    else counts.forwarded++
  })
  await proxy.start()
  return {
    port: proxy.addresses[0]?.port ?? 0,
    caPath: proxy.caPath,
    counts,
    stop: async () => {
      await proxy.stop()
      await folder.remove()
    },
  }
}

/** No rule but those of mailboxes: nothing else may stand between a stream and the canaries. */
export function makePolicy(worlds: readonly World[]): PolicyDocument {
  return {
    mode: 'enforce',
    profiles: [],
    where: 'oracle',
    default: 'allow',
    rules: [],
    hideCapabilities: [],
    unknownCommands: [],
    mailboxes: rulesOf(worlds),
    otherMailboxes: 'visible',
    limits: {},
    allowProxyLogin: false,
    allowCleartextLogin: false,
    id: { keep: undefined, set: {}, forwardAddress: false },
  }
}

function makeConfig(caDir: string, { upstream, worlds, isTransparent }: GatewayOptions): Config {
  return {
    upstream: {
      protocol: 'imap',
      host: '127.0.0.1',
      port: upstream,
      ca: undefined,
      name: undefined,
      isInsecure: false,
    },
    listen: [{ protocol: 'imap', host: '127.0.0.1', port: 0 }],
    hideCapabilities: [],
    compress: 'follow',
    tls: { caDir, leafKey: 'ecdsa', cert: undefined, key: undefined, keyLog: undefined },
    log: { file: undefined, level: 'silent', wire: false },
    findings: { isEnabled: false, ignore: [] },
    control: undefined,
    policy: isTransparent ? undefined : { document: makePolicy(worlds), files: [] },
    dashboard: false,
  }
}
