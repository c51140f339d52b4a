/** What the command line says, as a layer of settings; it does not know how flags are parsed. */

import { checkLayer, type Layer } from './layer.ts'
import type { Problem } from './problem.ts'
import { place, propertyOf, settings } from './settings.ts'

/** The flags of `proxy` as the parser hands them over: the flag `--leaf-key` is `leafKey`. */
export interface Flags {
  readonly config?: string
  readonly upstream?: string
  readonly listen?: readonly string[]
  readonly upstreamCa?: string
  readonly upstreamName?: string
  readonly insecureUpstream?: boolean
  readonly hideCapability?: readonly string[]
  readonly compress?: string
  readonly caDir?: string
  readonly leafKey?: string
  readonly cert?: string
  readonly key?: string
  readonly keyLog?: string
  readonly log?: string
  readonly logLevel?: string
  readonly quiet?: boolean
  readonly verbose?: boolean
  readonly wire?: boolean
  readonly findings?: boolean
  readonly ignoreFinding?: readonly string[]
  readonly control?: string | false
  readonly capture?: string
  readonly captureSecrets?: boolean
  readonly captureBodies?: boolean
  readonly captureMaxSize?: string
  readonly captureMaxAge?: string
  readonly captureQuota?: string
  readonly captureCompress?: string
  readonly policy?: string
  readonly audit?: string
  readonly auditMode?: string
  readonly proxyProtocolFrom?: readonly string[]
  readonly dashboard?: boolean
}

export function readFlags(flags: Flags): Layer | readonly Problem[] {
  const values = new Map<string, unknown>(Object.entries(flags))
  const data: Record<string, unknown> = {}
  const level = impliedLevel(flags)
  if (level !== undefined) place(data, ['log', 'level'], level)
  for (const setting of settings) {
    const value = values.get(propertyOf(setting.flag))
    if (value !== undefined) place(data, setting.path, value)
  }
  return checkLayer('flag', data, nameFlag)
}

/** `--log-level` says it exactly and wins over both. */
function impliedLevel(flags: Flags): string | undefined {
  if (flags.quiet === true) return 'warn'
  return flags.verbose === true ? 'debug' : undefined
}

function nameFlag(path: readonly string[]): string {
  const setting = settings.find((known) => known.path.every((key, depth) => path[depth] === key))
  return `--${setting?.flag ?? path.join('.')}`
}
