/** What a person reads when a proxy cannot start. */

import { expect, it } from 'vitest'
import { Failure } from '../../src/cli/failure.ts'
import { explainStartFault } from '../../src/cli/start-fault.ts'

function explain(facts: Readonly<Record<string, unknown>>): readonly [string, number, string | undefined] {
  const explained = explainStartFault(Object.assign(new Error('raw'), facts))
  if (!(explained instanceof Failure)) throw new Error('not explained')
  return [explained.message, explained.exitCode, explained.advice]
}

it.each([
  [
    { code: 'EADDRINUSE', syscall: 'listen', address: '127.0.0.1', port: 1993 },
    '127.0.0.1:1993 is taken by another program',
    1,
    'choose another port',
  ],
  [
    { code: 'EACCES', syscall: 'listen', address: '::', port: 993 },
    'not allowed to listen on [::]:993',
    1,
    'ports below 1024 need a privilege',
  ],
  [
    { code: 'EADDRNOTAVAIL', syscall: 'listen', address: '10.9.9.9', port: 1 },
    '10.9.9.9:1 is no address of this machine',
    1,
    'use 127.0.0.1',
  ],
  [
    { code: 'EAFNOSUPPORT', syscall: 'listen', address: '::', port: 1993 },
    'this machine has no IPv6 for [::]:1993',
    1,
    '0.0.0.0',
  ],
  [
    { code: 'ECONNREFUSED', syscall: 'connect', address: '10.0.0.5', port: 993 },
    'cannot reach the upstream 10.0.0.5:993 (ECONNREFUSED)',
    69,
    '--upstream',
  ],
  [
    { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'nowhere.example' },
    'cannot reach the upstream nowhere.example (ENOTFOUND)',
    69,
    '--upstream',
  ],
  [{ code: 'EACCES', syscall: 'open', path: '/k.log' }, 'cannot use /k.log (EACCES)', 1, 'check the path'],
])('%j is explained', (facts, message, exitCode, advice) => {
  const [shown, code, way] = explain(facts)
  expect([shown, code]).toEqual([message, exitCode])
  expect(way).toContain(advice)
})

it('an error of our own is left as it is', () => {
  const bug = new TypeError('x is not a function')
  expect(explainStartFault(bug)).toBe(bug)
})
