/** Conditions that are never or always true are told of; no other is. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { faultOf } from './support/rule-scene.ts'

describe('what can never be true', () => {
  it.each([
    ['time > "22:00" && time < "06:00"', '`time` has no such value; over midnight write || in place of &&'],
    ['hour >= 22 && hour < 6', '`hour` has no such value; over midnight write || in place of &&'],
    ['!(time >= "06:00" || time < "22:00")', '`time` has no such value; write && in place of ||'],
    ['time > "23:59"', '`time` has no such value'],
    ['time > "12:00" && time < "12:01"', '`time` has no such value'],
    ['hour >= 22 && hour < 22', '`hour` has no such value'],
    ['hour == 5 && hour > 7', '`hour` has no such value'],
    ['hour == 5 && hour == 7', '`hour` cannot be both'],
    ['hour >= 23 && hour < 6', '`hour` has no such value; over midnight write || in place of &&'],
    ['user in []', '`user` is never in an empty list'],
    ['session.age > 3600 && session.age < 60', '`session.age` has no such value'],
    ['size(flags) > 3 && size(flags) < 3', '`size()` has no such value'],
    ['size > 5 && !(size > 4)', '`size` has no such value'],
    ['"look" in actions && !("look" in actions)', 'this is asked for and refused at once'],
    ['user == "ann" && user != "ann"', '`user` cannot be both'],
    ['user in ["ann", "bob"] && !(user in ["bob", "ann"])', '`user` cannot be both'],
    ['tls.version == "TLSv1.2" && tls.version == "TLSv1.3"', '`tls.version` cannot be both'],
  ])('%s: %s', (when, message) => {
    expect(faultOf(when)).toBe(`this rule can never match: ${message}`)
  })

  it.each([
    '(size > 10 && size < 5) || uid',
    'uid && (readOnly || hour > 23)',
    'actions.exists(a, a == "read" && a == "look")',
  ])('%s: in a part', (when) => {
    expect(faultOf(when)).toContain('this can never be true: ')
  })
})

describe('what is always true', () => {
  it.each([
    ['user != "ann" || user != "bob"', 'whatever `user` is: write && in place of ||'],
    ['uid && (command != "STORE" || command != "FETCH")', 'whatever `command` is: write && in place of ||'],
    ['time >= "06:00" || time < "22:00"', 'whatever `time` is: write && in place of ||'],
    ['flags.all(f, f != "a" || f != "b")', 'whatever `flags` is: write && in place of ||'],
    ['hour >= 0', 'whatever `hour` is: leave it out'],
    ['size >= 0', 'whatever `size` is: leave it out'],
    ['hour >= 0 && hour <= 23', 'whatever `hour` is: leave it out'],
    ['!(size < 0)', 'whatever `size` is: leave it out'],
    ['!(hour >= 22 && hour < 6)', 'whatever `hour` is: over midnight write || in place of &&'],
    ['!(time >= "22:00" && time < "06:00")', 'whatever `time` is: over midnight write || in place of &&'],
    ['uid && !(hour >= 22 && hour < 6)', 'whatever `hour` is: over midnight write || in place of &&'],
    ['uid || readOnly || !uid', 'one way or the other: leave it out'],
  ])('%s: %s', (when, message) => {
    expect(faultOf(when)).toBe(`this is always true, ${message}`)
  })
})

describe('what may be true or not', () => {
  it.each([
    'time >= "00:00" && time < "06:00"',
    'time >= "22:00" || time < "06:00"',
    'hour >= 18 && hour <= 23',
    '!(hour >= 8 && hour < 18) && uid && !(user != "ann" && user != "bob")',
    'user != "ann" && user != "bob"',
    'user != "ann" || user == "ann" && uid',
    '"read" in actions && !("look" in actions)',
    'actions.all(a, a != "read" && a != "look")',
    // A denial takes the one broadly, and the other by its exact spelling.
    'mailbox == "Secret" && !(mailbox == "Secret")',
    'mailbox == "Secret" && mailbox != "Secret"',
    'session.age > 60 && session.age < 3600 && usage.sessions > 60',
  ])('%s', (when) => {
    expect(faultOf(when)).toBeUndefined()
  })
})

/** A condition, and whether it is true. */
interface Claim {
  readonly text: string
  readonly holds: (facts: Facts) => boolean
}
interface Facts {
  readonly user: string
  readonly hour: number
  readonly uid: boolean
}

const compare: Readonly<Record<string, (one: number, other: number) => boolean>> = {
  '<': (one, other) => one < other,
  '<=': (one, other) => one <= other,
  '>': (one, other) => one > other,
  '>=': (one, other) => one >= other,
  '==': (one, other) => one === other,
  '!=': (one, other) => one !== other,
}
const names = ['ann', 'bob', 'eve']
const everything: readonly Facts[] = [...names, 'other'].flatMap((user) =>
  [0, 1, 8, 9, 22, 23].flatMap((hour) => [true, false].map((uid) => ({ user, hour, uid }))),
)

const atoms = fc.oneof(
  fc.constant<Claim>({ text: 'uid', holds: ({ uid }) => uid }),
  fc.tuple(fc.constantFrom('==', '!='), fc.constantFrom(...names)).map(([op, name]): Claim => ({
    text: `user ${op} "${name}"`,
    holds: ({ user }) => (user === name) === (op === '=='),
  })),
  fc.subarray(names, { minLength: 1 }).map((some): Claim => ({
    text: `user in ${JSON.stringify(some)}`,
    holds: ({ user }) => some.includes(user),
  })),
  fc.tuple(fc.constantFrom(...Object.keys(compare)), fc.constantFrom(0, 8, 23)).map(([op, value]): Claim => ({
    text: `hour ${op} ${value}`,
    holds: ({ hour }) => compare[op]?.(hour, value) ?? false,
  })),
)
const { claim } = fc.letrec<{ claim: Claim }>((tie) => ({
  claim: fc.oneof(
    { maxDepth: 3 },
    atoms,
    tie('claim').map((inner): Claim => ({ text: `!(${inner.text})`, holds: (facts) => !inner.holds(facts) })),
    fc
      .tuple(fc.boolean(), fc.array(tie('claim'), { minLength: 2, maxLength: 3 }))
      .map(([isAnd, parts]): Claim => ({
        text: `(${parts.map(({ text }) => text).join(isAnd ? ' && ' : ' || ')})`,
        holds: (facts) =>
          isAnd ? parts.every(({ holds }) => holds(facts)) : parts.some(({ holds }) => holds(facts)),
      })),
  ),
}))

it('a rule that is told never to match never does', () => {
  fc.assert(
    fc.property(claim, ({ text, holds }) => {
      const isNever = faultOf(text)?.startsWith('this rule can never match') ?? false
      return !isNever || everything.every((facts) => !holds(facts))
    }),
    { numRuns: 1_000 },
  )
})
