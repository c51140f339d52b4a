/** What a part of a condition speaks of: a variable, a field, an item of a list, a length; knows no value of it. */

import { records, variables, type FieldDoc, type VariableDoc } from './context.ts'
import { callOf, fieldOf, loopOf, partsOf, variableOf, walk, type Expression } from './expression.ts'

export interface Subject extends Pick<VariableDoc, 'type' | 'words' | 'letters' | 'most' | 'isMailbox'> {
  /** As messages call it: of an item that of its list. */
  readonly name: string
  /** The name of an item of a list. */
  readonly item?: string
  readonly hasOrder?: true
}

/** What each name means at one place of a condition. */
export type Scope = ReadonlyMap<string, Subject>

const outermost: Scope = new Map(variables.map((variable) => [variable.name, variable]))

export function subjectOf(expression: Expression, scope: Scope = outermost): Subject | undefined {
  const name = variableOf(expression)
  if (name !== undefined) return scope.get(name)
  const field = fieldOf(expression)
  if (field) return fieldSubject(field)
  const call = callOf(expression)
  const inner = call && (call.receiver ?? call.args[0])
  if (call?.name === 'size') return { name: 'size()', type: 'int' }
  return call?.name === 'lower' && inner ? inSmallLetters(subjectOf(inner, scope)) : undefined
}

function fieldSubject([holder, field]: readonly [string, string]): Subject | undefined {
  // A variable that is no record has no fields.
  const fields = (records as Readonly<Record<string, Readonly<Record<string, FieldDoc>>>>)[
    outermost.get(holder)?.type ?? ''
  ]
  const doc = fields?.[field]
  return doc && { ...doc, name: `${holder}.${field}` }
}

function inSmallLetters(inner: Subject | undefined): Subject {
  const name = inner ? `lower(${inner.name})` : 'lower()'
  const words = inner?.words?.map((word) => word.toLowerCase())
  return { name, type: 'string', letters: 'lower', ...(words ? { words } : {}) }
}

/** Every part, the outer ones first, with what names mean there. */
export function* walkWithin(
  expression: Expression,
  scope: Scope = outermost,
): Generator<readonly [Expression, Scope]> {
  yield [expression, scope]
  const inner = innerScope(expression, scope)
  for (const part of partsOf(expression))
    yield* walkWithin(part, inner?.bodies.includes(part) ? inner.scope : scope)
}

/** The whole, and what is said of the items of each list: each is true or false by itself. */
export function* wholesWithin(expression: Expression): Generator<readonly [Expression, Scope]> {
  yield [expression, outermost]
  for (const [part, scope] of walkWithin(expression)) {
    const inner = innerScope(part, scope)
    for (const body of inner?.bodies ?? []) yield [body, inner?.scope ?? scope]
  }
}

function innerScope(
  expression: Expression,
  scope: Scope,
): { readonly scope: Scope; readonly bodies: readonly Expression[] } | undefined {
  const call = callOf(expression)
  const loop = call && loopOf(call)
  if (!loop) return undefined
  const list = call.receiver && subjectOf(call.receiver, scope)
  const item: Subject = { ...(list ?? { name: loop.item }), type: 'string', item: loop.item }
  return { scope: new Map([...scope, [loop.item, item]]), bodies: loop.bodies }
}

/** Denials and grants take the same name differently: what looks like one question are two. */
export const asksForMailbox = (expression: Expression, scope: Scope): boolean =>
  [...walk(expression)].some((part) => {
    const name = variableOf(part)
    return name !== undefined && scope.get(name)?.isMailbox === true
  })
