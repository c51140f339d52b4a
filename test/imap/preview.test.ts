import { expect, test } from 'vitest'
import { readItems, readLine, readPlainItems } from './support/fetch.ts'

test('a preview is text, nothing, or not there yet', () => {
  expect(readPlainItems('PREVIEW "Hello" PREVIEW "" PREVIEW NIL')).toEqual([
    { name: 'PREVIEW', text: 'Hello' },
    { name: 'PREVIEW', text: '' },
    { name: 'PREVIEW', text: null },
  ])
})

test('Dovecot names the algorithm', () => {
  expect(readPlainItems('SNIPPET (FUZZY "Hello") PREVIEW (FUZZY NIL)')).toEqual([
    { name: 'SNIPPET', text: 'Hello', algorithm: 'FUZZY' },
    { name: 'PREVIEW', text: null, algorithm: 'FUZZY' },
  ])
})

test('two texts are no preview', () => {
  expect(readItems('PREVIEW (FUZZY "a" "b")')).toMatchObject({ items: [{ name: 'unknown' }] })
})

test.each([
  'a FETCH 1 PREVIEW (LAZY)',
  'a FETCH 1 (PREVIEW (LAZY) UID)',
  'a FETCH 1 (SNIPPET (LAZY=FUZZY) PREVIEW (FUZZY))',
])('%s asks for one', (line) => {
  expect(readLine(line).rules).toEqual([])
  expect(readLine(readLine(line).written).command).toEqual(readLine(line).command)
})

test.each(['CHANGEDSINCE 5', 'VANISHED', 'partial 1:5'])(
  'behind PREVIEW, (%s) modifies the command',
  (modifier) => {
    expect(readLine(`a FETCH 1 PREVIEW (${modifier})`).command).toMatchObject({
      items: [{ name: 'PREVIEW' }],
      modifiers: [{}],
    })
  },
)
