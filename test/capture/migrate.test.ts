import { expect, it } from 'vitest'

import { migrationFrom, steps, type Step } from '../../src/capture/migrate.ts'

/** As if there had been formats before: the first named its events `type`, the second had no `side`. */
const madeUp: readonly Step[] = [
  {
    from: -1,
    header: ({ tool, ...rest }) => ({ imaptap: tool, ...rest, version: 0 }),
    record: ({ type, ...rest }) => ({ event: type, ...rest }),
  },
  {
    from: 0,
    header: (fields) => ({ ...fields, version: 1 }),
    record: (fields) => ({ ...fields, side: 'client' }),
  },
]

it('brings a record of an old format up, a version at a time', () => {
  const oldest = migrationFrom(-1, madeUp)
  expect(oldest?.header({ tool: 'capture', version: -1 })).toEqual({ imaptap: 'capture', version: 1 })
  expect(oldest?.record({ type: 'warning' })).toEqual({ event: 'warning', side: 'client' })
  expect(migrationFrom(0, madeUp)?.record({ event: 'warning' })).toEqual({ event: 'warning', side: 'client' })
})

it('leaves what is current as it is', () => {
  const fields = { event: 'warning' }
  expect(migrationFrom(1)?.record(fields)).toBe(fields)
})

it.each([2, 0, -3, 0.5, Number.NaN])('knows no way from version %d', (version) => {
  expect(migrationFrom(version)).toBeUndefined()
})

it('has a step for every version before the current one that had users', () => {
  expect(steps.map(({ from }) => from)).toEqual([])
})
