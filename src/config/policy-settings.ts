/** What the settings of a policy and of all that it extends come to together: one document, each part with its place. */

import { dirname } from 'node:path'
import type { PolicyConfig } from './config.ts'
import type { Layer, PlainSettings } from './layer.ts'
import type { PolicyDocument } from './policy-document.ts'
import {
  explainUnread,
  findProfile,
  isProfileName,
  makeSource,
  profileNames,
  readPolicyFile,
  type Elsewhere,
  type PolicySource,
  type ReadFile,
} from './policy-file.ts'
import { fillId, fillLimits, fillMailboxes, fillRules } from './policy-parts.ts'
import { BadConfiguration, sortProblems, type PolicyRest, type Problem } from './problem.ts'
import { showPath } from './shown-text.ts'
import { readTextFile } from './text-file.ts'
import { resolvePath } from './yaml-file.ts'

export interface FilledPolicy {
  /** Undefined where there is none, or where it has problems. */
  readonly policy: PolicyConfig | undefined
  readonly problems: readonly Problem[]
  /** What could be read of it. */
  readonly rest?: PolicyRest | undefined
}

/** `owner` is the layer that says it. */
export function fillPolicy(
  { policy }: PlainSettings,
  owner: Layer | undefined,
  readFile: ReadFile,
): FilledPolicy {
  if (policy === undefined || !owner) return { policy: undefined, problems: [] }
  if (typeof policy === 'string') return openPolicy(policy, readFile, owner)
  if (!owner.file) throw new Error('a map can only stand in a file')
  return complete(makeSource(policy, owner.file, ['policy']), readFile, owner.isSalvaged !== true)
}

/** A policy by the path of its file alone, or by that of a configuration which names it; throws BadConfiguration. */
export function loadPolicyFile(path: string, readFile: ReadFile = readTextFile): PolicyConfig {
  const { policy, problems, rest } = openPolicy(path, readFile, undefined)
  if (!policy) throw new BadConfiguration(sortProblems(problems), rest)
  return { ...policy, readAgain: () => loadPolicyFile(path, readFile) }
}

/** What names the path. */
type Namer = Layer | Elsewhere | undefined

function openPolicy(path: string, readFile: ReadFile, namer: Namer): FilledPolicy {
  const text = readFile(path)
  if (!text.ok) return failed(blame(namer, path, explainUnread(path, text.message)))
  const source = readPolicyFile(path, text.value)
  if ('settings' in source) return complete(source, readFile)
  if (!('kind' in source)) return { policy: undefined, problems: source }
  // A configuration leads to a policy; where one is wanted already, another step would be a mistake.
  if (!namer) return openPolicy(source.path, readFile, source)
  return failed({
    source: 'file',
    where: source.where,
    message: `a policy is expected here, and this leads on to ${showPath(source.path)}: name that file instead`,
  })
}

const failed = (problem: Problem): FilledPolicy => ({ policy: undefined, problems: [problem] })

function blame(namer: Namer, path: string, message: string): Problem {
  if (!namer) return { source: 'file', where: path, message }
  const text = `${showPath(path)}: ${message}`
  if ('kind' in namer) return { source: 'file', where: namer.where, message: text }
  return { source: namer.source, where: namer.where(['policy']), message: text }
}

function complete(own: PolicySource, readFile: ReadFile, isSound = true): FilledPolicy {
  const gathered = new Gathering(readFile)
  gathered.add(own, undefined)
  const { sources, names, problems } = gathered
  const document = compose(own, sources, names, problems)
  const rest: PolicyRest = { document, isWhole: isSound && problems.length === 0 }
  if (!rest.isWhole) return { policy: undefined, problems, rest }
  return { policy: { document, files: [...new Set(sources.map(({ path }) => path))] }, problems: [], rest }
}

/** How deep profiles extend each other. */
const DEEPEST = 8

/** A policy with all that it extends: itself first, then what it names, each followed by what that extends. */
class Gathering {
  readonly sources: PolicySource[] = []
  readonly names: string[] = []
  readonly problems: Problem[] = []
  readonly #readFile: ReadFile

  constructor(readFile: ReadFile) {
    this.#readFile = readFile
  }

  add(source: PolicySource, above: Above | undefined): void {
    this.sources.push(source)
    this.problems.push(...source.problems)
    const names = [source.settings.extends ?? []].flat()
    for (const [at, name] of names.entries()) {
      const where = source.where(
        Array.isArray(source.settings.extends) ? ['extends', String(at)] : ['extends'],
      )
      const message = this.#extend(name, { source, above })
      if (message !== undefined) this.problems.push({ source: 'file', where, message })
    }
  }

  /** Answers what is wrong with the name itself. */
  #extend(name: string, above: Above): string | undefined {
    const found = isProfileName(name) ? findProfile(name) : undefined
    if (found && !found.ok) return found.message
    const path = found ? found.value : resolvePath(dirname(above.source.path), name)
    if (isWithin(path, above)) return 'extends itself'
    if (this.sources.some((source) => source.path === path)) return undefined
    if (depthOf(above) >= DEEPEST) return 'is extended too deeply'
    const text = this.#readFile(path)
    if (!text.ok && name.includes(',')) return `a list is written [${showPath(name)}]`
    const words = name.split(' ')
    if (!text.ok && words.length > 1 && words.every((word) => profileNames().includes(word)))
      return `a list is written [${words.join(', ')}]`
    if (!text.ok) return `${showPath(path)}: ${explainUnread(path, text.message)}`
    const source = readPolicyFile(path, text.value)
    if ('kind' in source)
      return `is a configuration, whose policy is in ${showPath(source.path)}: name that file`
    if (!('settings' in source)) {
      this.problems.push(...source)
      return undefined
    }
    this.names.push(name)
    this.add(source, above)
    return undefined
  }
}

/** What extends something, and what extends that. */
interface Above {
  readonly source: PolicySource
  readonly above: Above | undefined
}

const isWithin = (path: string, above: Above | undefined): boolean =>
  above !== undefined && (above.source.path === path || isWithin(path, above.above))

const depthOf = (above: Above | undefined): number => (above ? 1 + depthOf(above.above) : 0)

/** What the policy says itself counts; of what it extends the stricter word does. */
function compose(
  own: PolicySource,
  sources: readonly PolicySource[],
  names: readonly string[],
  problems: Problem[],
): PolicyDocument {
  const all = sources.map(({ settings }) => settings)
  const mailboxes = sources.flatMap((source) => fillMailboxes(source, problems))
  const isListed = mailboxes.some(({ access }) => access.kind === 'rights')
  const others =
    own.settings.otherMailboxes ??
    strictest(
      all.map((one) => one.otherMailboxes),
      'hidden',
    )
  return {
    mode: own.settings.mode ?? 'enforce',
    default:
      own.settings.default ??
      strictest(
        all.map((one) => one.default),
        'deny',
      ) ??
      'deny',
    rules: sources.flatMap((source) => fillRules(source, problems)),
    hideCapabilities: upper(all.flatMap((one) => [one.hideCapabilities ?? []].flat())),
    unknownCommands: upper(all.flatMap((one) => [one.unknownCommands ?? []].flat())),
    mailboxes,
    otherMailboxes: others ?? (isListed ? 'hidden' : 'visible'),
    limits: fillLimits(all.map((one) => one.limits ?? {})),
    allowProxyLogin: own.settings.allowProxyLogin ?? false,
    allowCleartextLogin: own.settings.allowCleartextLogin ?? false,
    id: fillId(all.map((one) => one.id ?? {})),
    profiles: names,
    overruled: own.settings.default === 'allow' ? refusingBy(all, names) : undefined,
    where: own.where([]),
  }
}

/** The names of what is extended that refuses by default; `all` begins with what extends. */
function refusingBy(
  all: readonly PolicySource['settings'][],
  names: readonly string[],
): readonly string[] | undefined {
  const refusing = names.filter((_, at) => all[at + 1]?.default === 'deny')
  return refusing.length > 0 ? refusing : undefined
}

function strictest<T>(words: readonly (T | undefined)[], strict: T): T | undefined {
  return words.includes(strict) ? strict : words.find((word) => word !== undefined)
}

const upper = (words: readonly string[]): readonly string[] => [
  ...new Set(words.map((word) => word.toUpperCase())),
]
