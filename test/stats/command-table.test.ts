/** The table of commands: what it adds up, what it keeps apart, and that it stays small. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Exchange } from '../../src/session/exchanges.ts'
import { Buckets } from '../../src/stats/buckets.ts'
import { CommandTable } from '../../src/stats/command-table.ts'

const noop: Exchange = {
  id: 1,
  tag: 'a',
  name: 'NOOP',
  message: undefined,
  args: '',
  openedAt: 1_000,
  firstOctetAt: 1_010,
  completedAt: 1_030,
  heldMillis: 0,
  octetsIn: 9,
  octetsOut: 20,
  untagged: 0,
  status: 'OK',
  code: undefined,
  codeArgs: undefined,
  user: undefined,
  text: 'done',
  attribution: 'certain',
}

const fetchOf = (set: number, millis: number): Exchange => ({
  ...noop,
  name: 'UID FETCH',
  args: `${set} (FLAGS)`,
  completedAt: noop.openedAt + millis,
})

describe('the table', () => {
  it('adds up one kind of command', () => {
    const table = new CommandTable()
    for (let set = 1; set <= 100; set++) table.add(fetchOf(set, 10 + set), { user: 'ann', client: 'X/1' })
    table.add(noop, { user: 'bob' })
    const [first, second] = table.rows('command')
    expect(first).toMatchObject({
      name: 'UID FETCH ? (FLAGS)',
      count: 100,
      errors: 0,
      totalMillis: 6_050,
      waitMillis: 1_000,
      transferMillis: 5_050,
      max: 110,
      octetsIn: 900,
      octetsOut: 2_000,
    })
    expect((first?.p50 ?? 0) / 60).toBeCloseTo(1, 1)
    expect((first?.p95 ?? 0) / 105).toBeCloseTo(1, 1)
    expect(second).toMatchObject({ name: 'NOOP', count: 1, p50: 30, max: 30 })
    expect(table.all).toMatchObject({ count: 101, totalMillis: 6_080 })
    expect(table.rows('user').map(({ name, count }) => [name, count])).toEqual([
      ['ann', 100],
      ['bob', 1],
    ])
    expect(table.rows('client', 'count').map(({ name, count }) => [name, count])).toEqual([
      ['X/1', 100],
      ['-', 1],
    ])
  })

  it('counts NO and BAD, and gives no time to what was cut off', () => {
    const table = new CommandTable()
    table.add({ ...noop, status: 'NO' }, {})
    table.add({ ...noop, status: 'BAD' }, {})
    table.add({ ...noop, status: 'aborted', completedAt: 900_000 }, {})
    expect(table.rows('command')).toMatchObject([
      { count: 3, errors: 2, aborted: 1, totalMillis: 60, max: 30 },
    ])
  })

  it('leaves out what was held at a breakpoint', () => {
    const table = new CommandTable()
    table.add({ ...noop, firstOctetAt: 31_010, completedAt: 31_030, heldMillis: 30_000 }, {})
    expect(table.all).toMatchObject({ totalMillis: 30, waitMillis: 10, transferMillis: 20, max: 30 })
  })

  it('keeps IDLE apart', () => {
    const table = new CommandTable()
    expect(table.idle).toBeUndefined()
    table.add({ ...noop, name: 'IDLE', completedAt: 1_000_000 }, { user: 'ann' })
    expect(table.rows('command')).toEqual([])
    expect(table.rows('user')).toEqual([])
    expect(table.idle).toMatchObject({ count: 1, max: 999_000 })
  })

  it('names whoever tried to log in', () => {
    const table = new CommandTable()
    table.add({ ...noop, name: 'LOGIN', user: 'eve', status: 'NO' }, {})
    expect(table.rows('user')).toMatchObject([{ name: 'eve', errors: 1 }])
  })

  it('orders by what is asked for', () => {
    const table = new CommandTable()
    table.add({ ...noop, name: 'B', status: 'NO' }, {})
    table.add({ ...noop, name: 'A', completedAt: 2_000 }, {})
    table.add({ ...noop, name: 'C', octetsOut: 1_000_000 }, {})
    const names = (order: Parameters<CommandTable['rows']>[1]): string =>
      table
        .rows('command', order)
        .map(({ name }) => name)
        .join('')
    expect(names('total')).toBe('ABC')
    expect(names('errors')).toBe('BAC')
    expect(names('octets')).toBe('CAB')
    expect(names('max')).toBe('ABC')
    expect(names('name')).toBe('ABC')
  })

  it('has at most a thousand rows, and one for the rest', () => {
    const table = new CommandTable()
    for (let at = 0; at < 3_000; at++) table.add({ ...noop, name: `X${at}` }, { user: `u${at}` })
    const rows = table.rows('command', 'count')
    expect(rows).toHaveLength(1_001)
    expect(rows[0]).toMatchObject({ name: 'other', count: 2_000 })
    expect(table.rows('user')).toHaveLength(1_001)
  })
})

describe('the buckets', () => {
  it('tell quantiles within 5%', () => {
    const times = fc.array(fc.double({ min: 0.001, max: 1e7, noNaN: true }), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(times, fc.constantFrom(0.5, 0.95, 1), (millis, share) => {
        const buckets = new Buckets()
        for (const time of millis) buckets.add(time)
        const sorted = millis.toSorted((one, other) => one - other)
        const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0
        const ratio = buckets.quantile(share) / exact
        expect(ratio).toBeGreaterThan(0.95)
        expect(ratio).toBeLessThan(1.05)
      }),
    )
  })

  it('take nothing, and times that make no sense', () => {
    const buckets = new Buckets()
    expect(buckets.quantile(0.5)).toBe(0)
    for (const odd of [0, -5, 1e12]) buckets.add(odd)
    expect(buckets.quantile(0.1)).toBeLessThan(0.0011)
    expect(buckets.max).toBe(1e12)
  })
})
