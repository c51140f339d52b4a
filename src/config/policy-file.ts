/** A policy's file: its map alone or under `policy:`, checked, with its places; it does not know what extends what. */

import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Read } from './endpoint-url.ts'
import { checkBy } from './explain.ts'
import { nearestWord } from './nearest-word.ts'
import { policyMap, type PolicySettings } from './policy-schema.ts'
import type { Problem } from './problem.ts'
import { isMap, knownKeys } from './settings.ts'
import { showPath } from './shown-text.ts'
import { parseYaml, sortByPlace, type YamlFile } from './yaml-file.ts'

/** One map of a policy, as somebody wrote it. */
export interface PolicySource {
  readonly settings: PolicySettings
  /** The file that it stands in. */
  readonly path: string
  /** Within the map. */
  where(path: readonly string[], isKey?: boolean): string
  whereWithin(path: readonly string[], offset: number): string
}

export type ReadFile = (path: string) => Read<string>

const policyKeys = Object.keys(policyMap.shape)

export function readPolicyFile(path: string, text: string): PolicySource | readonly Problem[] {
  const expected = { known: [...policyKeys, ...knownKeys([])], what: 'a policy' }
  const file = parseYaml(path, text, expected)
  if (!('data' in file)) return file
  const { data } = file
  const isUnder = isMap(data) && Object.hasOwn(data, 'policy')
  const prefix = isUnder ? ['policy'] : []
  const inner = isUnder ? (data['policy'] ?? {}) : data
  if (typeof inner === 'string')
    return [
      {
        source: 'file',
        where: file.where(prefix),
        message: `the policy is in another file, ${showPath(inner)}`,
      },
    ]
  const checked = checkBy(policyMap, inner)
  if (checked.ok) return makeSource(checked.settings, file, prefix)
  const problems = checked.complaints.map((complaint): Problem => ({
    source: 'file',
    where: file.where([...prefix, ...complaint.path], complaint.isKey),
    message: complaint.message,
  }))
  return sortByPlace(problems)
}

/** `prefix`: where the map stands in the file. */
export function makeSource(
  settings: PolicySettings,
  file: YamlFile,
  prefix: readonly string[],
): PolicySource {
  return {
    settings,
    path: file.name,
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

export const isProfileName = (name: string): boolean => /^[a-z0-9]+(?:-[a-z0-9]+)*$/iu.test(name)

export function profileNames(): readonly string[] {
  if (!existsSync(shipped)) return []
  const files = readdirSync(shipped).filter((file) => file.endsWith('.yaml'))
  return files.map((file) => file.slice(0, -'.yaml'.length)).toSorted()
}
