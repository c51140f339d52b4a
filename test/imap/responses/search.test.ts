import { expect, test } from 'vitest'
import { readResponse } from '../../../src/imap/responses/index.ts'
import { server } from '../support/wire.ts'

const data = (line: string): unknown => {
  const response = readResponse(server(line))
  if (!response.ok) throw new Error(response.fault.rule)
  return response.value.kind === 'untagged' ? response.value.data : response.value
}

test.each([
  ['* SEARCH 2 84 882', { numbers: [2, 84, 882] }],
  ['* SEARCH', { numbers: [] }],
  ['* SEARCH ', { numbers: [] }],
  ['* SEARCH 1  2 ', { numbers: [1, 2] }],
  ['* SEARCH 2 5 (MODSEQ 917162500)', { numbers: [2, 5], modseq: 917_162_500n }],
])('%j', (line, expected) => {
  expect(data(line)).toEqual({ name: 'SEARCH', ...expected })
})

test('ESEARCH says whose search it answers, and keeps sets as sets', () => {
  expect(data('* ESEARCH (TAG "A282") UID MIN 2 COUNT 3 ALL 2,10:11 PARTIAL (1:5 NIL)')).toMatchObject({
    name: 'ESEARCH',
    tag: 'A282',
    uid: true,
    items: [
      { name: 'MIN', value: 2 },
      { name: 'COUNT', value: 3 },
      { name: 'ALL', messages: '2,10:11' },
      { name: 'unknown', word: 'PARTIAL' },
    ],
  })
  expect(data('* ESEARCH')).toEqual({ name: 'ESEARCH', uid: false, items: [] })
})
