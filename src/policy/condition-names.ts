/** Names in a condition that nobody knows, and what they were meant to be; does not read what stands around them but in form. */

import { listNearWords, nearestWord } from '../config/nearest-word.ts'
import { showWord, type ConditionFault } from './condition-fault.ts'
import { constants, functions, records, variables } from './context.ts'
import { callOf, partsOf, textsOf, variableOf, walk, type Expression } from './expression.ts'

/** Words that are no variable and no function of ours, whatever else the language has. */
export function findForeign(expression: Expression): readonly ConditionFault[] {
  const parts = [...walk(expression)]
  const loops = loopVariables(parts)
  const own = new Set([...known, ...loops])
  const textPlaces = new Set(parts.flatMap(findTextPlaces))
  return parts.flatMap((part): readonly ConditionFault[] => {
    const call = callOf(part)
    const name = variableOf(part)
    if (call && !functionNames.includes(call.name))
      return [{ start: part.start, message: explainFunction(call.name) }]
    const odd = explainOddValue(part)
    if (odd !== undefined) return [{ start: part.start, message: odd }]
    if (name === undefined || own.has(name)) return []
    return [{ start: part.start, message: explainVariable(name, loops, textPlaces.has(part)) }]
  })
}

/** What the language has and nothing here is: fields of these pass its types, and have no answer. */
function explainOddValue({ op, args }: Expression): string | undefined {
  if (op === 'map') return 'nothing here is a map: a list is written ["ann", "bob"]'
  const isOctets = op === 'value' && ArrayBuffer.isView(args)
  return isOctets ? 'a text stands in quotes without b in front' : undefined
}

const known = [...variables.map(({ name }) => name), ...Object.keys(constants)]
const functionNames = functions.map(({ name }) => name)

/** What people call it elsewhere. */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['ip', 'address'],
  ['host', 'address'],
  ['remote', 'address'],
  ['folder', 'mailbox'],
  ['box', 'mailbox'],
  ['target', 'destination'],
  ['verb', 'command'],
  ['method', 'mechanism'],
  ['login', 'user'],
  ['account', 'user'],
  ['agent', 'client'],
  ['ssl', 'tls'],
  ['day', 'weekday'],
  ['date', 'weekday'],
  ['now', 'time'],
  ['bytes', 'octets'],
  ['length', 'size'],
  ['port', 'listener'],
  ['action', 'actions'],
  ['equals', '=='],
  ['len', 'size'],
  ['match', 'matches'],
  ['regex', 'matches'],
  ['lowerAscii', 'lower'],
  ['toLowerCase', 'lower'],
  ['includes', 'contains'],
  ['any', 'exists'],
  ['some', 'exists'],
  ['every', 'all'],
])

function explainFunction(name: string): string {
  if (name === 'has') return 'has() is of no use: what there is is never missing'
  const other = otherNames.get(name)
  const nearest = nearestWord(name, functionNames) ?? other
  if (nearest === '==') return `unknown function ${name}(): comparison is written ==`
  const hint =
    nearest === undefined ? `: there are ${functionNames.join(', ')}` : `, did you mean ${nearest}?`
  return `unknown function ${name}()${hint}`
}

function explainVariable(name: string, loops: readonly string[], isTextPlace: boolean): string {
  const word = showWord(name)
  if (/^(?:true|false)$/iu.test(name)) return `write ${name.toLowerCase()} in small letters`
  if (/^(?:none|nil|undefined)$/iu.test(name)) return `there is no ${word}: what is not there is "" or 0`
  if (functionNames.includes(name)) return `${word} is a function: ${shapeOf(name)}`
  const own = [...known, ...loops]
  if (isTextPlace) {
    const text = `"${word}"`
    const slip = nearestWord(name, own)
    return slip === undefined
      ? `unknown variable ${word}: a text stands in quotes, ${text}`
      : `unknown variable ${word}, did you mean ${slip}, or the text ${text}?`
  }
  const near = listNearWords(name, own)
  const words = near.length > 0 ? near : [otherNames.get(name.toLowerCase()) ?? []].flat()
  return `unknown variable ${word}${words.length > 0 ? meant(words) : `: there are ${own.join(', ')}`}`
}

const shapeOf = (name: string): string => functions.find((one) => one.name === name)?.shape ?? `${name}()`

function meant(words: readonly string[]): string {
  const last = words.at(-1) ?? ''
  return `, did you mean ${words.length > 1 ? `${words.slice(0, -1).join(', ')} or ${last}` : last}?`
}

const kinds = new Map(variables.map(({ name, type }) => [name, type]))

const isText = (one: Expression): boolean => kinds.get(variableOf(one) ?? '') === 'string'

/** Where a text would make sense: beside a variable of text, in a list, in front of a list of texts, in a call. */
function findTextPlaces(part: Expression): readonly Expression[] {
  const [left, right] = partsOf(part)
  const call = callOf(part)
  if (part.op === 'list' && textsOf(part) === undefined) return partsOf(part)
  if (call) return call.args.slice(call.receiver ? 0 : 1)
  if (!left || !right) return []
  if (part.op === 'in') return [left]
  if (part.op !== '==' && part.op !== '!=') return []
  return [...(isText(left) ? [right] : []), ...(isText(right) ? [left] : [])]
}

function loopVariables(parts: readonly Expression[]): readonly string[] {
  return parts.flatMap((part) => {
    const call = callOf(part)
    const item = call?.receiver === undefined || call.args.length < 2 ? undefined : call.args[0]
    return (item && variableOf(item)) ?? []
  })
}

/** Of a record that has no such field. `before`: what stands in front of its dot. */
export function explainField(field: string, before: string): string {
  const [, holder = ''] = /(\w+)\s*\.\s*$/u.exec(before) ?? []
  const type = kinds.get(holder)
  const fields = Object.keys((type && recordOf(type)) ?? {})
  const all = fields.length > 0 ? fields : Object.values(records).flatMap(Object.keys)
  const nearest = nearestWord(field, all)
  const hint =
    nearest === undefined ? `: ${holder || 'there'} has ${all.join(', ')}` : `, did you mean ${nearest}?`
  return `unknown field ${showWord(field)}${hint}`
}

const recordOf = (type: string): Readonly<Record<string, unknown>> | undefined =>
  // A name of a type that is none of the records finds nothing.
  (records as Readonly<Record<string, Readonly<Record<string, unknown>>>>)[type]
