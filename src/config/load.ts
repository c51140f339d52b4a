/** Makes one complete configuration from flags, environment and file, or names every problem at once; it does not know what the proxy does with it. */

import { accessSync, constants } from 'node:fs'
import { fillAudit, findAuditConflicts } from './audit-settings.ts'
import { fillCapture, findCaptureConflicts } from './capture-settings.ts'
import type { Config, Listen, Upstream } from './config.ts'
import { isLoopback, type Read } from './endpoint-url.ts'
import { readEnvironment, type Environment } from './environment.ts'
import { readFlags, type Flags } from './flags.ts'
import { findOwner, overlay, type Layer, type PlainSettings } from './layer.ts'
import { readListenUrl, writeListenUrl } from './listen-url.ts'
import { fillPolicy, type FilledPolicy } from './policy-settings.ts'
import { fillProxyProtocol } from './proxy-protocol-settings.ts'
import { BadConfiguration, sortProblems, type Problem, type Source } from './problem.ts'
import { showPath, showText } from './shown-text.ts'
import { readTextFile } from './text-file.ts'
import { readUpstreamUrl } from './upstream-url.ts'
import { readYaml, salvageYaml } from './yaml-file.ts'

export interface Sources {
  readonly flags: Flags
  readonly env: Environment
  readonly readFile?: (path: string) => Read<string>
  readonly isReadable?: (path: string) => boolean
}

export const defaultListen = ['imap://127.0.0.1:1143', 'imaps://127.0.0.1:1993'] as const

export function loadConfig(sources: Sources): Config {
  const layers = readLayers(sources)
  const settings = overlay(layers)
  const filled = fillFrom(layers, sources)
  if (settings.upstream.url === undefined)
    throw new BadConfiguration(sortProblems([describeNoUpstream(layers), ...filled.problems]), filled.rest)
  const upstream = fillUpstream(settings, settings.upstream.url)
  const listen = settings.listen ?? defaultListen
  const config: Config = {
    upstream,
    listen: listen.map((url) => requireRead(readListenUrl(url))),
    hideCapabilities: (settings.hideCapabilities ?? []).map((name) => name.toUpperCase()),
    compress: settings.compress ?? 'follow',
    tls: fillTls(settings),
    log: { file: settings.log.file, level: settings.log.level ?? 'info', wire: settings.log.wire ?? false },
    findings: { isEnabled: settings.findings.enabled, ignore: fillIgnored(settings) },
    control: settings.control.socket === undefined ? undefined : { socket: settings.control.socket },
    capture: fillCapture(settings),
    policy: filled.policy && { ...filled.policy, readAgain: () => loadConfig(sources).policy },
    audit: fillAudit(settings.audit),
    proxyProtocol: fillProxyProtocol(settings.proxyProtocol),
    dashboard: settings.dashboard,
  }
  const problems = [
    ...filled.problems,
    ...findConflicts(config, layers, sources.isReadable ?? isReadable),
    ...findAuditConflicts(settings.audit, settings.policy !== undefined).map(([path, message]) =>
      blame(layers, path, message),
    ),
    ...findCaptureConflicts(settings, config.capture).map(([path, message]) => blame(layers, path, message)),
  ]
  if (problems.length > 0) throw new BadConfiguration(sortProblems(problems), filled.rest)
  return config
}

const fillFrom = (layers: readonly Layer[], { readFile = readTextFile }: Sources): FilledPolicy =>
  fillPolicy(overlay(layers), findOwner(layers, ['policy']), readFile)

/** Strongest first; or every problem of every layer at once. */
function readLayers(sources: Sources): readonly Layer[] {
  const { flags, env, readFile = readTextFile } = sources
  const path = flags.config ?? env['IMAPTAP_CONFIG'] ?? ''
  const text = path === '' ? undefined : readFile(path)
  const checked = [readFlags(flags), readEnvironment(env)]
  if (text?.ok === true) checked.push(readYaml(path, text.value))
  if (text?.ok === false) checked.push([{ source: 'file', where: path, message: text.message }])
  const layers = checked.flatMap((layer) => ('settings' in layer ? layer : []))
  if (layers.length === checked.length) return layers
  const salvaged = text?.ok === true ? salvageYaml(path, text.value) : undefined
  const { problems, rest } = fillFrom(salvaged ? [...layers, salvaged] : layers, sources)
  const ofLayers = checked.flatMap((layer) => ('settings' in layer ? [] : layer))
  throw new BadConfiguration(sortProblems([...ofLayers, ...problems]), rest)
}

function fillUpstream({ upstream: { ca, name, insecure } }: PlainSettings, url: string): Upstream {
  return { ...requireRead(readUpstreamUrl(url)), ca, name, isInsecure: insecure ?? false }
}

function describeNoUpstream(layers: readonly Layer[]): Problem {
  const file = layers.find((layer) => layer.source === 'file')
  if (file === undefined) {
    const message = 'is required: the IMAP server to pass traffic to, like imaps://imap.example.com'
    return { source: 'flag', where: '--upstream', message }
  }
  const message = 'is required: add a line like upstream: imaps://imap.example.com'
  return { source: 'file', where: file.where(['upstream']), message }
}

function fillTls({ tls }: PlainSettings): Config['tls'] {
  const { caDir, leafKey, cert, key, keyLog } = tls
  return { caDir, leafKey: leafKey ?? 'ecdsa', cert, key, keyLog }
}

/** Ids are written in capitals, names in small letters. */
function fillIgnored({ findings }: PlainSettings): readonly string[] {
  return (findings.ignore ?? []).map((word) => (word.length === 3 ? word.toUpperCase() : word))
}

/** A problem of the layer whose word counts for a setting. */
function blame(layers: readonly Layer[], path: readonly string[], message: string): Problem {
  const owner = findOwner(layers, path)
  const source: Source = owner?.source ?? 'flag'
  return { source, where: owner?.where(path) ?? path.join('.'), message }
}

/** What no single setting can know: pairs that disagree, and files that are not there. */
function findConflicts(
  config: Config,
  layers: readonly Layer[],
  canRead: (path: string) => boolean,
): readonly Problem[] {
  const { cert, key } = config.tls
  const problems: Problem[] = []
  if (cert !== undefined && key === undefined)
    problems.push(blame(layers, ['tls', 'cert'], 'needs its private key too (--key, tls.key)'))
  if (key !== undefined && cert === undefined)
    problems.push(blame(layers, ['tls', 'key'], 'needs its certificate too (--cert, tls.cert)'))
  for (const [path, file] of namedFiles(config)) {
    if (file !== undefined && !canRead(file))
      problems.push(blame(layers, path, `cannot read ${showPath(file)}`))
  }
  const twice = findTwice(config.listen)
  if (twice !== undefined)
    problems.push(blame(layers, ['listen'], `names ${showText(writeListenUrl(twice))} twice`))
  const mirror = config.listen.find((listen) => isMirror(listen, config.upstream))
  if (mirror !== undefined)
    problems.push(
      blame(
        layers,
        ['upstream', 'url'],
        `is the proxy itself, which listens on ${showText(writeListenUrl(mirror))}`,
      ),
    )
  return problems
}

function namedFiles({
  upstream,
  tls,
}: Config): readonly (readonly [readonly string[], string | undefined])[] {
  return [
    [['upstream', 'ca'], upstream.ca],
    [['tls', 'cert'], tls.cert],
    [['tls', 'key'], tls.key],
  ]
}

function findTwice(listen: readonly Listen[]): Listen | undefined {
  const spots = listen.map(({ host, port }) => `${host.toLowerCase()} ${port}`)
  return listen.find(({ port }, index) => port !== 0 && spots.indexOf(spots[index] ?? '') < index)
}

/** Connecting to ourselves would open sessions without end. */
function isMirror(listen: Listen, upstream: Upstream): boolean {
  if (listen.port !== upstream.port) return false
  const isEverywhere = listen.host === '::' || listen.host === '0.0.0.0'
  const isHere = isLoopback(listen.host) || isEverywhere
  return (isHere && isLoopback(upstream.host)) || listen.host.toLowerCase() === upstream.host.toLowerCase()
}

/** Each layer has checked its URLs: a wrong one here is our own mistake. */
function requireRead<T>(read: Read<T>): T {
  if (!read.ok) throw new Error(`an unchecked URL reached the configuration: it ${read.message}`)
  return read.value
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}
