/** What a YAML file says, as a layer whose every problem has its line and column; it does not know the meaning of any key. */

import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { isAlias, isMap as isYamlMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Document, YAMLError } from 'yaml'
import { checkLayer, type Layer } from './layer.ts'
import { checkBy, type Complaint } from './explain.ts'
import { policyMap } from './policy-schema.ts'
import { salvagePolicy } from './policy-salvage.ts'
import { findWithin } from './yaml-scalar.ts'
import { nearestWord } from './nearest-word.ts'
import { sortProblems, type Problem } from './problem.ts'
import { isMap, knownKeys, settings } from './settings.ts'
import { showText } from './shown-text.ts'

/** A bomb of aliases multiplies; a person's anchors are used a few times. */
const maxAliasCount = 50

/** A file as data, and where its parts stand. */
export interface YamlFile {
  readonly name: string
  /** Empty keys left out; the data of a file without any is an empty map. */
  readonly data: unknown
  where(path: readonly string[], isKey?: boolean): string
  /** Where a UTF-16 unit of a text stands. */
  whereWithin(path: readonly string[], offset: number): string
}

export function readYaml(name: string, text: string): Layer | readonly Problem[] {
  const file = parseYaml(name, text, configuration)
  if (!('data' in file)) return file
  const checked = checkFile(file, file.data)
  return 'settings' in checked ? { ...checked, file } : sortProblems(checked)
}

/** What is wrong beside the policy of a whole configuration; nothing of a policy that stands alone. */
export function checkBesidePolicy(name: string, text: string): readonly Problem[] {
  const file = parseYaml(name, text, configuration)
  if (!('data' in file) || !isMap(file.data) || !Object.hasOwn(file.data, 'policy')) return []
  const checked = checkFile(file, file.data)
  return 'settings' in checked ? [] : sortProblems(checked)
}

/** Of a file with mistakes what it says about the policy, so that these mistakes can be told with the others. */
export function salvageYaml(name: string, text: string): Layer | undefined {
  const file = parseYaml(name, text, configuration)
  if (!('data' in file) || !isMap(file.data)) return undefined
  const { policy } = file.data
  const complaints = isMap(policy) ? complaintsOf(policy) : []
  const kept = isMap(policy) ? salvagePolicy(policy, complaints, name) : policy
  const checked = checkFile(file, isMap(kept) || typeof kept === 'string' ? { policy: kept } : {})
  return 'settings' in checked ? { ...checked, file, isSalvaged: complaints.length > 0 } : undefined
}

/** `data`: all of the file, or what could be read of it. */
function checkFile(file: YamlFile, data: unknown): Layer | readonly Problem[] {
  const settled = resolvePaths(data, dirname(file.name))
  return checkLayer('file', settled, (path, isKey) => file.where(path, isKey))
}

function complaintsOf(policy: unknown): readonly Complaint[] {
  const checked = checkBy(policyMap, policy)
  return checked.ok ? [] : checked.complaints
}

/** What a file has to be about, for whoever gives another. */
export interface Expected {
  /** Keys at its top. */
  readonly known: readonly string[]
  readonly what: string
}

const configuration: Expected = { known: knownKeys([]), what: 'an imaptap configuration' }

export function parseYaml(name: string, text: string, expected: Expected): YamlFile | readonly Problem[] {
  const lines = new LineCounter()
  const problemAt = (offset: number, message: string): Problem => ({
    source: 'file',
    where: nameSpot(name, lines, offset),
    message,
  })
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      // The pretty form quotes the line, and with it whatever secret stands there.
      prettyErrors: false,
      stringKeys: true,
      logLevel: 'error',
    })
    const faults = [...document.errors, ...document.warnings]
    const exhausted = faults.find((fault) => fault.code === 'RESOURCE_EXHAUSTION')
    if (exhausted !== undefined) return [problemAt(exhausted.pos[0], tooDeep)]
    const foreign = findForeignMap(document, expected)
    if (foreign !== undefined)
      return [problemAt(foreign, `not ${expected.what}${hintAtPolicy(document, expected)}`)]
    if (faults.length > 0) return describeFaults(faults, text).map(([at, message]) => problemAt(at, message))
    const loose = findLooseAlias(document)
    if (loose !== undefined)
      return [problemAt(loose, 'this alias has no anchor above it: a text that begins with * needs quotes')]
    return makeFile({ name, text, document, lines })
  } catch (error) {
    return [problemAt(0, describeThrown(error))]
  }
}

/** Where a map starts that has nothing of ours: each of its keys may be a secret, as in /etc/shadow, or a line of it. */
function findForeignMap({ contents }: Document.Parsed, { known }: Expected): number | undefined {
  if (!isYamlMap(contents) || contents.items.length === 0) return undefined
  const isOurs = contents.items.some(({ key }) => nearestWord(textOf(key), known) !== undefined)
  return isOurs ? undefined : (startOf(contents.items[0]?.key) ?? 0)
}

/** Who gives a policy alone for a configuration. */
function hintAtPolicy({ contents }: Document.Parsed, { known }: Expected): string {
  const keys = isYamlMap(contents) ? contents.items.map(({ key }) => textOf(key)) : []
  const isPolicy = keys.every((key) => Object.hasOwn(policyMap.shape, key)) && known.includes('policy')
  return isPolicy
    ? ': it is a policy alone, which a configuration names by `policy:` and imaptap by --policy'
    : ''
}

/** An alias without its anchor would only show when values are made, without its place. */
function findLooseAlias(document: Document.Parsed): number | undefined {
  let offset: number | undefined
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) !== undefined) return undefined
      offset = startOf(alias) ?? 0
      return visit.BREAK
    },
  })
  return offset
}

interface ReadFile {
  readonly name: string
  readonly text: string
  readonly document: Document.Parsed
  readonly lines: LineCounter
}

function makeFile({ name, text, document, lines }: ReadFile): YamlFile {
  const data = blankEmptyKeys(document.toJS({ maxAliasCount }) ?? {})
  const spell = (path: readonly string[], offset: number): string => {
    const spot = nameSpot(name, lines, offset)
    return path.length === 0 ? spot : `${spot}: ${path.map(showText).join('.')}`
  }
  return {
    name,
    data,
    where: (path, isKey = false) => spell(path, findOffset(document, path, isKey)),
    whereWithin(path, offset) {
      const at = findOffset(document, path, false)
      const value = textAt(data, path)
      return spell(path, value === undefined ? at : findWithin(text, at, { value, offset }))
    },
  }
}

function textAt(data: unknown, path: readonly string[]): string | undefined {
  const value = path.reduce<unknown>(
    (inner, step) => (Array.isArray(inner) ? inner[Number(step)] : isMap(inner) ? inner[step] : undefined),
    data,
  )
  return typeof value === 'string' ? value : undefined
}

/** `tls:` with all its lines commented out says nothing, which is not an error. */
function blankEmptyKeys(data: unknown): unknown {
  if (!isMap(data)) return data
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, value === null ? undefined : blankEmptyKeys(value)]),
  )
}

/** A path in a file is meant from where the file lies, whatever folder the program was started in. */
function resolvePaths(data: unknown, folder: string): unknown {
  if (!isMap(data)) return data
  const settled = { ...data }
  for (const { path, kind } of settings) {
    const [group = '', key = ''] = path
    const inner = settled[group]
    if (path.length === 1 && kind === 'path' && typeof inner === 'string' && isRelative(inner))
      settled[group] = resolvePath(folder, inner)
    if (!kind.endsWith('path') || !isMap(inner)) continue
    const value = inner[key]
    if (typeof value === 'string' && isRelative(value)) {
      settled[group] = { ...inner, [key]: resolvePath(folder, value) }
    }
  }
  return settled
}

function isRelative(path: string): boolean {
  return path.trim() !== '' && path !== '-' && !path.includes('\0')
}

/** No shell has seen the file, so `~/` is ours to read. */
export function resolvePath(folder: string, path: string): string {
  const resolved = path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(folder, path)
  // A slash at the end says that a folder is meant, also of one that is yet to be made.
  return path.endsWith('/') && !resolved.endsWith('/') ? `${resolved}/` : resolved
}

/** The octet where a key or its value starts; the deepest part of the path that exists. */
function findOffset(document: Document.Parsed, path: readonly string[], isKey: boolean): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [depth, step] of path.entries()) {
    const holder = isAlias(node) ? node.resolve(document) : node
    const isLast = depth === path.length - 1
    const pair = isYamlMap(holder) ? holder.items.find(({ key }) => textOf(key) === step) : undefined
    node = pair?.value ?? (isSeq(holder) ? holder.items[Number(step)] : undefined)
    const key = startOf(pair?.key)
    offset = (isLast && isKey ? key : startOf(node)) ?? key ?? offset
  }
  return offset
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined
}

function textOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key)
}

function nameSpot(name: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset)
  // Before the first line was counted, and in an empty file, there is no position.
  return `${name}:${Math.max(line, 1)}:${Math.max(col, 1)}`
}

const tooDeep = 'is nested too deeply'

/** Of a text that goes on in the next line and is taken for a key the parser tells twice. */
function describeFaults(
  faults: readonly YAMLError[],
  text: string,
): readonly (readonly [offset: number, message: string])[] {
  const spans = new Map(faults.filter(({ code }) => code === 'MULTILINE_IMPLICIT_KEY').map(({ pos }) => pos))
  const nested = faults.filter(({ code }) => code === 'BLOCK_AS_IMPLICIT_KEY')
  const told = new Set(nested.map(({ pos }) => pos[0]))
  return faults
    .filter(({ code, pos }) => code !== 'MULTILINE_IMPLICIT_KEY' || !told.has(pos[0]))
    .map((fault) => {
      const [from] = fault.pos
      const key = told.has(from) ? findDeepKey(text, from, spans.get(from)) : undefined
      return key === undefined ? [from, describeFault(fault, text)] : [key, tooFar]
    })
}

const tooFar =
  'this line is indented too far and so belongs to the text above it: keys of one map stand in one column'

/** Where the key stands that is alone in the last line of what was taken for one: the line is indented too far. */
function findDeepKey(text: string, from: number, to: number | undefined): number | undefined {
  const [, key] = /\n[ \t]*([\w*"'-]+)[ \t]*$/u.exec(text.slice(from, to ?? from)) ?? []
  return key === undefined ? undefined : text.lastIndexOf(key, to)
}

function describeFault(fault: YAMLError, text: string): string {
  if (confusing.has(fault.code) && isInCondition(text, fault.pos[0]))
    return 'YAML reads a part of this condition as its own: write `when: >-`, and the condition on the next line, indented'
  if (fault.code === 'DUPLICATE_KEY') return 'this key stands twice in its map'
  if (fault.code === 'MULTIPLE_DOCS') return 'a second document (---) starts here; one is read'
  if (fault.code === 'BAD_INDENT' && fault.message.includes('same column'))
    return 'this stands in another column than what it belongs to: indent lines of one map or list alike'
  if (fault.code === 'TAB_AS_INDENT') return 'tabs cannot indent YAML: use spaces'
  if (fault.code === 'BAD_SCALAR_START') return 'a text that begins with this character needs quotes'
  if (fault.code === 'BLOCK_AS_IMPLICIT_KEY') return 'a text with a colon and a space in it needs quotes'
  return `not YAML: ${boundQuotes(fault.message)}`
}

/** Quotes at the beginning, `: ` within, and `!` in front mean something to YAML. */
const confusing: ReadonlySet<string> = new Set([
  'UNEXPECTED_TOKEN',
  'BLOCK_AS_IMPLICIT_KEY',
  'TAG_RESOLVE_FAILED',
])

function isInCondition(text: string, offset: number): boolean {
  const from = text.lastIndexOf('\n', offset - 1) + 1
  return /^[\s-]*(?:when|"when")\s*:/u.test(text.slice(from))
}

/** The first line of what the parser says; behind a colon, or as a long word, it quotes the file. */
function boundQuotes(message: string): string {
  const [line = ''] = message.split('\n')
  const [sentence = '', ...quoted] = line.replace(/[.:]$/, '').split(/(?<=\S): /)
  const words = sentence.split(' ').map(showText).join(' ')
  return quoted.length === 0 ? words : `${words}: ${showText(quoted.join(': '))}`
}

function describeThrown(error: unknown): string {
  if (error instanceof ReferenceError) return 'aliases (*name) repeat too much'
  if (error instanceof RangeError) return tooDeep
  return `not YAML: ${boundQuotes(error instanceof Error ? error.message : String(error))}`
}
