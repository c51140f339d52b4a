/** What one source says, in one shape for all sources, and how sources lie over each other; it does not know where they come from. */

import { checkSettings, type Complaint } from './explain.ts'
import type { Problem, Source } from './problem.ts'
import { isMap } from './settings.ts'
import type { Settings, UpstreamSettings } from './schema.ts'
import type { YamlFile } from './yaml-file.ts'

/** Settings with every shorthand written out. */
export interface PlainSettings {
  readonly upstream: UpstreamSettings
  readonly listen?: readonly string[]
  readonly hideCapabilities?: readonly string[]
  readonly compress?: Settings['compress']
  readonly tls: NonNullable<Settings['tls']>
  readonly log: NonNullable<Settings['log']>
  readonly findings: { readonly enabled?: boolean; readonly ignore?: readonly string[] }
  readonly control: NonNullable<Settings['control']>
  readonly capture: NonNullable<Settings['capture']>
  readonly policy?: Settings['policy']
  readonly audit: NonNullable<Settings['audit']>
  readonly proxyProtocol: NonNullable<Settings['proxyProtocol']>
  readonly dashboard?: boolean
}

export interface Layer {
  readonly source: Source
  readonly settings: PlainSettings
  /** Where it is one. */
  readonly file?: YamlFile
  /** Its policy is only what could be read of a broken one. */
  readonly isSalvaged?: boolean
  /** The name under which a person wrote this setting here. */
  where(path: readonly string[], isKey?: boolean): string
}

/** A layer from unchecked data; the problems are named by `where`. */
export function checkLayer(source: Source, data: unknown, where: Layer['where']): Layer | readonly Problem[] {
  const checked = checkSettings(data)
  if (checked.ok) return { source, settings: writeOut(checked.settings), where }
  return checked.complaints.map((complaint) => toProblem(source, complaint, where))
}

/** The first layer wins, setting by setting; a list is replaced, never joined. */
export function overlay(layers: readonly Layer[]): PlainSettings {
  return layers.toReversed().reduce<PlainSettings>(
    (under, { settings: over }) => ({
      ...under,
      ...over,
      upstream: { ...under.upstream, ...over.upstream },
      tls: { ...under.tls, ...over.tls },
      log: { ...under.log, ...over.log },
      findings: { ...under.findings, ...over.findings },
      control: { ...under.control, ...over.control },
      capture: { ...under.capture, ...over.capture },
      audit: { ...under.audit, ...over.audit },
      proxyProtocol: { ...under.proxyProtocol, ...over.proxyProtocol },
    }),
    { upstream: {}, tls: {}, log: {}, findings: {}, control: {}, capture: {}, audit: {}, proxyProtocol: {} },
  )
}

/** The layer whose word counts for a setting. */
export function findOwner(layers: readonly Layer[], path: readonly string[]): Layer | undefined {
  return layers.find((layer) => has(layer.settings, path))
}

function toProblem(source: Source, complaint: Complaint, where: Layer['where']): Problem {
  return { source, where: where(complaint.path, complaint.isKey), message: complaint.message }
}

function writeOut(settings: Settings): PlainSettings {
  const { upstream, listen, hideCapabilities, compress, policy, dashboard } = settings
  return {
    upstream: typeof upstream === 'string' ? { url: upstream } : { ...upstream },
    tls: settings.tls ?? {},
    log: settings.log ?? {},
    findings: writeOutFindings(settings.findings),
    control: settings.control ?? {},
    capture: settings.capture ?? {},
    audit: settings.audit ?? {},
    proxyProtocol: settings.proxyProtocol ?? {},
    ...(listen === undefined ? {} : { listen: [listen].flat() }),
    ...(hideCapabilities === undefined ? {} : { hideCapabilities: [hideCapabilities].flat() }),
    ...(compress === undefined ? {} : { compress }),
    ...(policy === undefined ? {} : { policy }),
    ...(dashboard === undefined ? {} : { dashboard }),
  }
}

function writeOutFindings({
  enabled,
  ignore,
}: NonNullable<Settings['findings']> = {}): PlainSettings['findings'] {
  return {
    ...(enabled === undefined ? {} : { enabled }),
    ...(ignore === undefined ? {} : { ignore: [ignore].flat() }),
  }
}

function has(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path
  if (key === undefined) return value !== undefined
  return isMap(value) && has(value[key], rest)
}
