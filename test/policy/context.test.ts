/** The words of conditions are what a context really has. */

import { describe, expect, it } from 'vitest'
import { functions, records, variables } from '../../src/policy/context.ts'
import { RuleContext } from '../../src/policy/rule-context.ts'
import { faultOf, fits, makeContext, readLine } from './support/rule-scene.ts'

const selected = { selected: 'INBOX' }
const context = makeContext(selected).describe(readLine('UID STORE 1:* +FLAGS (\\Seen)', selected))

/** As the language knows types. */
function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'list<string>'
  if (typeof value === 'object' && value !== null)
    return value.constructor.name.replace('SessionCounts', 'Session')
  const names: Readonly<Record<string, string>> = { bigint: 'int', boolean: 'bool', string: 'string' }
  return names[typeof value] ?? typeof value
}

const getters: ReadonlyMap<string, unknown> = new Map(
  Object.entries(Object.getOwnPropertyDescriptors(RuleContext.prototype)).flatMap(
    ([name, descriptor]): readonly (readonly [string, unknown])[] =>
      descriptor.get ? [[name, descriptor.get.call(context)]] : [],
  ),
)

describe('every variable', () => {
  it('is there, with no other', () => {
    expect([...getters.keys()].toSorted()).toEqual(variables.map(({ name }) => name).toSorted())
  })

  it.each(variables)('$name has its type', ({ name, type }) => {
    expect(typeOf(getters.get(name))).toBe(type)
  })

  it.each(Object.entries(records))('the record %s has its fields', (record, fields) => {
    const name = variables.find(({ type }) => type === record)?.name ?? ''
    const value = getters.get(name)
    const types = Object.entries(Object(value)).map(([field, inner]) => [field, typeOf(inner)])
    const documented = Object.entries(fields).map(([field, { type: own }]) => [field, own])
    expect(Object.fromEntries(types)).toEqual(Object.fromEntries(documented))
  })

  it('that is about a command is empty without one', () => {
    const alone = makeContext().describe(undefined)
    for (const { name, scope } of variables) {
      if (scope !== 'command') continue
      // Every variable is a getter of the context, which the first test holds.
      const value: unknown = alone[name as keyof RuleContext]
      if (Array.isArray(value)) expect(value).toEqual([])
      else expect(['', 'none', 0n, false]).toContain(value)
    }
  })

  it('is worked out anew for each decision', () => {
    const one = makeContext(selected).describe(readLine('STORE 1 +FLAGS (\\Seen)', selected))
    expect(one.flags).toEqual(['\\seen'])
    expect(one.describe(readLine('STORE 1 +FLAGS (\\Draft)', selected)).flags).toEqual(['\\draft'])
    expect(one.describe(undefined).flags).toEqual([])
  })
})

describe('every function', () => {
  it.each(functions)('$name is written as its page says', ({ shape }) => {
    const when = /^(lower)\(/u.test(shape) ? `${shape} == "x"` : shape
    expect(faultOf(when)).toBeUndefined()
    expect(typeof fits(when, 'NOOP')).toBe('boolean')
  })
})
