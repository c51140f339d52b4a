/** Threat 39: sets of messages that name four thousand millions. */

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'

import { describeThreat } from './support.ts'

setFlagsFromString('--expose-gc')
const collect: unknown = runInNewContext('gc')
const MIB = 2 ** 20

const sets = [
  '1:4294967295',
  '4294967295:1',
  '*:1',
  '1:*',
  '*',
  '1,2:4294967295,1:4294967295',
  '1:4294967294,*',
]

describeThreat('threat 39: huge sets', {}, (stage) => {
  describe.each(sets)('%s', (set) => {
    it.each([
      `FETCH ${set} FLAGS`,
      `UID FETCH ${set} FLAGS`,
      `SEARCH ${set}`,
      `SEARCH UID ${set}`,
      `UID SEARCH NOT ${set}`,
    ])('%s goes on as it is', async (command) => {
      const session = await stage().enter()
      await session.send(`a ${command}\r\n`)
      await session.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu)
      expect(session.upstream).toBe(`a ${command}\r\n`)
    })
  })

  it('costs less than a mebibyte', async () => {
    const session = await stage().enter()
    const costs: number[] = []
    for (let times = 0; times < 9; times++) {
      if (typeof collect === 'function') collect()
      const before = process.memoryUsage()
      await session.send('a FETCH 1:4294967295 FLAGS\r\n')
      await session.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu)
      const after = process.memoryUsage()
      costs.push(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers)
    }
    expect(costs.toSorted((one, other) => one - other)[4]).toBeLessThan(MIB)
  })

  it('a thousand ranges of them are no different', async () => {
    const session = await stage().enter()
    const set = Array.from({ length: 1000 }, (_, at) => `${at + 1}:4294967295`).join(',')
    await session.send(`a FETCH ${set} FLAGS\r\n`)
    await session.peer.until(/^a (?:OK|NO|BAD) .*\r\n/mu)
    await session.settle()
    expect([`a FETCH ${set} FLAGS\r\nzz NOOP\r\n`, 'zz NOOP\r\n']).toContain(session.upstream)
  })

  it.each([
    '4294967296',
    '1:4294967296',
    '0',
    '0:1',
    '01',
    '1:',
    '$1',
    '1,$',
    '18446744073709551617',
    '-1',
    '1:2:3',
  ])('%s is none, and goes nowhere', async (set) => {
    const session = await stage().enter()
    await session.send(`a FETCH ${set} FLAGS\r\n`)
    expect(await session.peer.until(/^a .*\r\n/mu)).toMatch(/^a BAD /mu)
    await session.settle()
    expect(session.upstream).toBe('zz NOOP\r\n')
  })

  it('$ is left to the server that keeps it', async () => {
    const session = await stage().enter()
    await session.send('a FETCH $ FLAGS\r\n')
    await session.settle()
    expect(['a FETCH $ FLAGS\r\nzz NOOP\r\n', 'zz NOOP\r\n']).toContain(session.upstream)
  })
})
