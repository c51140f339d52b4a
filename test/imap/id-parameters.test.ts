import { expect, test } from 'vitest'
import { Cursor } from '../../src/imap/cursor.ts'
import { idValue, readIdParameters, type IdParameter } from '../../src/imap/id-parameters.ts'
import { client } from './support/wire.ts'

const read = (text: string): { parameters: readonly IdParameter[] | null; rules: string[] } => {
  const cursor = new Cursor(client(text))
  const parameters = readIdParameters(cursor)
  return { parameters, rules: cursor.quirks.map(({ rule }) => rule) }
}
const pairs = (count: number): string =>
  ` (${Array.from({ length: count }, (_, at) => `"f${at}" "x"`).join(' ')})`

test('a field is found whatever its case', () => {
  const { parameters } = read(' ("Name" "mutt" "version" NIL)')
  expect(idValue(parameters, 'name')).toBe('mutt')
  expect(idValue(parameters, 'version')).toBeUndefined()
})

test.each([
  [pairs(30), []],
  [pairs(31), ['id-too-long']],
  [` ("${'f'.repeat(30)}" "${'v'.repeat(1024)}")`, []],
  [` ("${'f'.repeat(31)}" "")`, ['id-too-long']],
  [` ("f" "${'v'.repeat(1025)}")`, ['id-too-long']],
  [' ("name" "a" "NAME" "b")', ['repeated-field']],
  [' ("name" "a" "version")', ['odd-count']],
  ['', ['missing-list']],
])('the bounds of RFC 2971 are told of: %.40s %j', (text, expected) => {
  expect(read(text).rules).toEqual(expected)
})
