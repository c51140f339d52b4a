import { expect, test } from 'vitest'
import { readMessage } from '../../src/imap/cursor.ts'
import { readReturnOptions, returnOptionNames } from '../../src/imap/return-option.ts'
import { client } from './support/wire.ts'

const read = (text: string): unknown => {
  const options = readMessage(client(text), readReturnOptions)
  return options.ok ? options.value : options.fault.rule
}

test('options are read in any case, and unknown ones keep their value', () => {
  expect(read('(min Partial -1:-100 X-NEW (a) X-OTHER COUNT)')).toMatchObject([
    { name: 'MIN' },
    { name: 'PARTIAL', range: '-1:-100' },
    { name: 'unknown', word: 'X-NEW', value: { kind: 'list' } },
    { name: 'unknown', word: 'X-OTHER' },
    { name: 'COUNT' },
  ])
  expect(read('()')).toEqual([])
})

test('PARTIAL without its range is kept as an unknown option', () => {
  expect(read('(PARTIAL)')).toEqual([{ name: 'unknown', word: 'PARTIAL' }])
  expect(read('(PARTIAL (1))')).toMatchObject([{ name: 'unknown', word: 'PARTIAL', value: { kind: 'list' } }])
})

test('the registry knows every option that is typed', () => {
  expect([...returnOptionNames].toSorted()).toEqual(
    ['ALL', 'CONTEXT', 'COUNT', 'MAX', 'MIN', 'PARTIAL', 'RELEVANCY', 'SAVE', 'UPDATE'].toSorted(),
  )
})
