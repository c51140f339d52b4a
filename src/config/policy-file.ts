/** A policy's file: its map alone or under `policy:`, checked, with its places; it does not know what extends what. */

import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Read } from './endpoint-url.ts'
import { checkBy } from './explain.ts'
import { nearestWord } from './nearest-word.ts'
import { salvagePolicy } from './policy-salvage.ts'
import { policyMap, type PolicySettings } from './policy-schema.ts'
import type { Problem } from './problem.ts'
import { readSize } from './quantity.ts'
import { isMap, knownKeys } from './settings.ts'
import { noSuchFile } from './text-file.ts'
import { parseYaml, resolvePath, type YamlFile } from './yaml-file.ts'

/** One map of a policy, as somebody wrote it. */
export interface PolicySource {
  readonly settings: PolicySettings
  /** The file that it stands in. */
  readonly path: string
  /** Of the map itself; the settings are then only what is sound of it. */
  readonly problems: readonly Problem[]
  /** Within the map. */
  where(path: readonly string[], isKey?: boolean): string
  whereWithin(path: readonly string[], offset: number): string
}

export type ReadFile = (path: string) => Read<string>

const policyKeys = Object.keys(policyMap.shape)

/** The policy of a whole configuration may be in a file of its own. */
export interface Elsewhere {
  readonly kind: 'elsewhere'
  readonly path: string
  readonly where: string
}

export function readPolicyFile(path: string, text: string): PolicySource | Elsewhere | readonly Problem[] {
  const expected = { known: [...policyKeys, ...knownKeys([])], what: 'a policy' }
  const file = parseYaml(path, text, expected)
  if (!('data' in file)) return file
  const { data } = file
  const isUnder = isMap(data) && Object.hasOwn(data, 'policy')
  const prefix = isUnder ? ['policy'] : []
  const inner = isUnder ? (data['policy'] ?? {}) : data
  const problemAt = (message: string): Problem => ({ source: 'file', where: file.where(prefix), message })
  if (Array.isArray(inner) && !isUnder) return [problemAt(bareList)]
  if (isUnder && typeof inner === 'string')
    return { kind: 'elsewhere', path: resolvePath(dirname(path), inner), where: file.where(prefix) }
  if (!isUnder && isConfiguration(inner)) return [problemAt(noPolicy)]
  const checked = checkBy(policyMap, inner)
  if (checked.ok) return makeSource(checked.settings, file, prefix)
  const problems = checked.complaints.map((complaint): Problem => ({
    source: 'file',
    where: file.where([...prefix, ...complaint.path], complaint.isKey),
    message: complaint.message,
  }))
  return { ...makeSource(salvagePolicy(inner, checked.complaints, path), file, prefix), problems }
}

const bareList = 'expected a map, got a list: rules stand in a list of their own, under `rules:`'

const noPolicy =
  'this is a configuration without a policy: add `policy:` with a map, or with the path of a file that holds one'

/** Nothing in it is of a policy, but something of what stands beside one. */
function isConfiguration(data: unknown): boolean {
  const keys = isMap(data) ? Object.keys(data) : []
  return keys.some((key) => knownKeys([]).includes(key)) && !keys.some(isPolicyKey)
}

/** `hideCapabilities` is of both. */
const isPolicyKey = (key: string): boolean => policyKeys.includes(key) && !knownKeys([]).includes(key)

/** `prefix`: where the map stands in the file. */
export function makeSource(
  settings: PolicySettings,
  file: YamlFile,
  prefix: readonly string[],
): PolicySource {
  return {
    settings,
    path: file.name,
    problems: [],
    where: (path, isKey) => file.where([...prefix, ...path], isKey),
    whereWithin: (path, offset) => file.whereWithin([...prefix, ...path], offset),
  }
}

/** Beside package.json, in a checkout and in the package alike. */
const shipped = join(import.meta.dirname, '..', '..', 'profiles')

/** A profile that comes with imaptap, by its name; or what is wrong with the name. */
export function findProfile(name: string): Read<string> {
  const path = join(shipped, `${name}.yaml`)
  if (isProfileName(name) && existsSync(path)) return { ok: true, value: path }
  const known = profileNames()
  const nearest = nearestWord(name, known)
  const hint = nearest === undefined ? `there are ${known.join(', ')}` : `did you mean ${nearest}?`
  return { ok: false, message: `unknown profile: ${hint}; a file is named by a path, such as ./${name}.yaml` }
}

/** Why the file at a path could not be read, and what to write where there is none. */
export const explainUnread = (path: string, message: string): string =>
  message === noSuchFile ? message + hintAtProfile(path) : message

/** What to write where somebody gave a profile's name for the path of a file that is not there. */
function hintAtProfile(path: string): string {
  // `no-attachments-above 5MiB`: the profile has its size from the limits.
  const [name = '', size = ''] = basename(path)
    .replace(/\.ya?ml$/iu, '')
    .split(/[\s:=]+(?=\d)/u)
  const profile = nearestWord(name.replaceAll(/[_\s]/gu, '-'), profileNames())
  if (profile === undefined) return ''
  const what = profile === name ? `${name} is a profile` : `did you mean the profile ${profile}?`
  const rest = profile === sizedProfile ? writeSize(size) : ''
  return `; ${what}: write \`extends: [${profile}]\`${rest} into a policy, or give its file ${join(shipped, `${profile}.yaml`)}`
}

const sizedProfile = 'no-attachments-above'

const writeSize = (size: string): string =>
  readSize(size) === undefined ? '' : ` and \`limits: {attachmentOctets: ${size.trim()}}\``

export const isProfileName = (name: string): boolean => /^[a-z0-9]+(?:-[a-z0-9]+)*$/iu.test(name)

export function profileNames(): readonly string[] {
  if (!existsSync(shipped)) return []
  const files = readdirSync(shipped).filter((file) => file.endsWith('.yaml'))
  return files.map((file) => file.slice(0, -'.yaml'.length)).toSorted()
}
