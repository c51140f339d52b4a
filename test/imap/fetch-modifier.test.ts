import { expect, test } from 'vitest'
import { readLine } from './support/fetch.ts'

test('modifiers are typed, and those that nobody knows are kept', () => {
  const line = 'a UID FETCH 1:* FLAGS (CHANGEDSINCE 5 VANISHED PARTIAL -1:-30 X-NEW X-SET 1:3 X-LIST (a))'
  const { command, rules, written } = readLine(line)
  expect(command).toMatchObject({
    modifiers: [
      { name: 'CHANGEDSINCE', modseq: 5n },
      { name: 'VANISHED' },
      { name: 'PARTIAL', range: '-1:-30' },
      { name: 'unknown', word: 'X-NEW' },
      { name: 'unknown', word: 'X-SET', value: { kind: 'atom', text: '1:3' } },
      { name: 'unknown', word: 'X-LIST', value: { kind: 'list' } },
    ],
  })
  expect(rules).toEqual([])
  expect(written).toBe(line)
})

test('a modifier with a value that it cannot have is kept as it is, and told of', () => {
  const { command, rules, written } = readLine('a FETCH 1 FLAGS (CHANGEDSINCE (5) VANISHED)')
  expect(command).toMatchObject({
    modifiers: [{ name: 'unknown', word: 'CHANGEDSINCE' }, { name: 'VANISHED' }],
  })
  expect(rules).toHaveLength(1)
  expect(written).toBe('a FETCH 1 FLAGS (CHANGEDSINCE (5) VANISHED)')
})

test('no modifiers in parentheses bend the grammar', () => {
  expect(readLine('a FETCH 1 FLAGS ()').rules).toEqual(['empty-list'])
})
