/** What `IMAPTAP_*` variables say, as a layer of settings; it does not know which other sources there are. */

import { checkLayer, type Layer } from './layer.ts'
import { nearestWord } from './nearest-word.ts'
import type { Problem } from './problem.ts'
import { knownKeys, place, settings, variableOf, type Setting } from './settings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Variables of ours that are no settings. */
const others = ['IMAPTAP_CONFIG', 'IMAPTAP_DEBUG']

/** `IMAPTAP_UPSTREAM` is the URL, as `upstream: imaps://...` is in YAML. */
const variables: ReadonlyMap<string, Setting> = new Map(
  settings.flatMap((setting) => {
    const named: [string, Setting] = [variableOf(setting.path), setting]
    return setting.path.join('.') === 'upstream.url' ? [['IMAPTAP_UPSTREAM', setting], named] : [named]
  }),
)

export function readEnvironment(env: Environment): Layer | readonly Problem[] {
  const data: Record<string, unknown> = {}
  const used = new Map<string, string>()
  const strays: Problem[] = []
  for (const [name, text] of Object.entries(env)) {
    // An empty variable is one that a script or a unit file blanked: as good as unset.
    if (!name.startsWith('IMAPTAP_') || text === undefined || text === '') continue
    const setting = variables.get(name)
    if (setting === undefined) strays.push(...judgeStray(name))
    else {
      place(data, setting.path, readValue(setting, text))
      used.set(setting.path.join('.'), name)
    }
  }
  const layer = checkLayer('environment', data, (path) => nameVariable(path, used))
  if ('settings' in layer) return strays.length > 0 ? strays : layer
  return [...strays, ...layer]
}

/**
 * A near miss is a slip to report. Others are left alone: Kubernetes sets
 * `IMAPTAP_PORT_993_TCP` and the like for any service that is called imaptap.
 */
function judgeStray(name: string): readonly Problem[] {
  if (others.includes(name)) return []
  const [, group = ''] = /^IMAPTAP_([A-Z]+)__/.exec(name) ?? []
  const nearest = nearestWord(name, [...variables.keys(), ...others])
  const isOurs = knownKeys([]).includes(group.toLowerCase())
  if (nearest === undefined && !isOurs) return []
  const hint = nearest === undefined ? '' : `, did you mean ${nearest}?`
  return [{ source: 'environment', where: name, message: `unknown variable${hint}` }]
}

function readValue(setting: Setting, text: string): unknown {
  if (setting.kind === 'list') return text.split(/[\s,]+/).filter((item) => item !== '')
  const canBeFalse = setting.kind === 'boolean' || setting.kind === 'optional-path'
  if (canBeFalse && /^(0|false|no|off)$/i.test(text)) return false
  // Anything else stays text, and the schema says what was expected.
  return setting.kind === 'boolean' && /^(1|true|yes|on)$/i.test(text) ? true : text
}

function nameVariable(path: readonly string[], used: ReadonlyMap<string, string>): string {
  for (let length = path.length; length > 0; length--) {
    const name = used.get(path.slice(0, length).join('.'))
    if (name !== undefined) return name
  }
  return variableOf(path)
}
