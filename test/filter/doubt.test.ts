import { describe, expect, it } from 'vitest'
import { explainHoldless, unknownCommands } from '../../src/filter/doubt.ts'
import { parseFilter, type Filter } from '../../src/filter/filter.ts'

function filterOf(source: string): Filter {
  const parsed = parseFilter(source)
  if (!parsed.ok) throw new Error(parsed.text)
  return parsed.filter
}

describe('a filter that parses', () => {
  it.each([
    ['~c FTECH', ['FTECH']],
    ['~c fetch | command:STOR', ['STOR']],
    ['~c SETACL | ~c uid | ~c "UID FETCH" | ~c F* | ~c /X.*/', []],
    ['FTECH ~u STOR', []],
  ])('may ask for a command that nobody knows: %s', (source, unknown) => {
    expect(unknownCommands(filterOf(source))).toEqual(unknown)
  })

  it.each(['~f error', '~c FETCH & ~t >1s', '>200ms', '~k finding', 'kind:note'])(
    'may never hold a message: %s',
    (source) => {
      expect(explainHoldless(filterOf(source))).toMatch(/^~[ftk] .*[a-z]$/)
    },
  )

  it.each(['~c FETCH', '~k push', '~s NO & ~side server', ''])('may hold one: %s', (source) => {
    expect(explainHoldless(filterOf(source))).toBeUndefined()
  })
})
