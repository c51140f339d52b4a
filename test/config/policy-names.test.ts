/** Which names of rules and of users are a mistake, and what is said of them. */

import { describe, expect, it } from 'vitest'
import {
  explainRight,
  findListedUserFault,
  findRuleNameFault,
  findUserFault,
} from '../../src/config/policy-names.ts'

describe('a rule', () => {
  it.each([
    'a',
    'never destroy',
    'no-delete',
    'limits',
    'Pläne 2',
    '1',
    'می\u200cخواهم',
    'क्\u200dष',
    '👩\u200d💻',
  ])('may be named %j', (name) => {
    expect(findRuleNameFault(name)).toBeUndefined()
  })

  it.each([
    ['', 'must not be empty'],
    ['a ', 'has a space at an end: write a'],
    [' a', 'has a space at an end: write a'],
    ['a\nb', 'must be one line without control characters'],
    ['a\u001b[31m', 'must be one line without control characters'],
    ['a\u200b', 'must be one line without control characters'],
    ['a\u200db', 'must be one line without control characters'],
    ['می\u200c', 'must be one line without control characters'],
    ['می\u202eخواهم', 'must be one line without control characters'],
  ])('is not named %j', (name, fault) => {
    expect(findRuleNameFault(name)).toBe(fault)
  })
})

describe('users', () => {
  it.each([
    'ann',
    'ann*',
    '*',
    '*@example.com',
    'ann@example.com',
    'ann smith',
    "o'neil",
    'EXAMPLE\\ann',
    'a/b',
    'a!b',
  ])('may be %j', (user) => {
    expect(findUserFault(user)).toBeUndefined()
  })

  it.each([
    ['', 'must not be empty'],
    ['ann, bob', 'a list is written [ann, bob]'],
    ['smith, john', "a list is written [smith, john], and this one name ['smith, john']"],
    ['{ann,bob}', 'a list is written [ann, bob]'],
    ['[ann,bob smith,]', "a list is written [ann, 'bob smith']"],
    ['ann@x.y,', 'a list is written [ann@x.y]'],
    ['ann,\u202ebob', "a list is written [ann, '?bob']"],
    [' ann', 'has a space at an end: write ann'],
    ['ann\n', 'has a space at an end: write ann'],
    ['ann\nbob', 'must be one line without control characters'],
    ['!ann', 'write an entry for ann in front, since the first that fits counts'],
    ['@example.com', 'write *@example.com for everybody there'],
    ['.*@example.com', 'write *@example.com'],
    ['/^ann/', 'only * stands for anything, as in ann* or *@example.com'],
    ['^ann', 'only * stands for anything, as in ann* or *@example.com'],
  ])('are not %j', (user, fault) => {
    expect(findUserFault(user)).toContain(fault)
  })
})

describe('users of a list', () => {
  it.each(['smith, john', 'cn=ann,ou=x', 'ann*,ou=x', 'ann'])('may be %j', (user) => {
    expect(findListedUserFault(user)).toBeUndefined()
  })

  it.each([
    ['ann,', 'a list is written [ann]'],
    ['{ann,bob}', 'a list is written [ann, bob]'],
    ['', 'must not be empty'],
    ['@example.com', 'write *@example.com for everybody there'],
  ])('are not %j', (user, fault) => {
    expect(findListedUserFault(user)).toContain(fault)
  })
})

it.each([
  ['none', 'there is no right none: write []'],
  ['ReadOnly', 'there is no right ReadOnly: write read'],
  ['rw', 'there is no right rw: write some of flag, insert, create, delete'],
])('the right %s is told what to write', (right, fault) => {
  expect(explainRight(right)).toContain(fault)
  expect(explainRight('x'.repeat(5))).toBeUndefined()
  expect(explainRight(5)).toBeUndefined()
})
