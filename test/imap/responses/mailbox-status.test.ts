import { expect, test } from 'vitest'
import { readResponse } from '../../../src/imap/responses/index.ts'
import { server } from '../support/wire.ts'

const data = (line: string): unknown => {
  const response = readResponse(server(line))
  if (!response.ok) throw new Error(response.fault.rule)
  return response.value.kind === 'untagged' ? response.value.data : response.value
}

test.each([
  [
    '* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)',
    'blurdybloop',
    [
      { name: 'MESSAGES', value: 231 },
      { name: 'UIDNEXT', value: 44292 },
    ],
  ],
  ['* STATUS "INBOX" ()', 'INBOX', []],
  ['* STATUS Sent Items (SIZE 5000000000 )', 'Sent Items', [{ name: 'SIZE', value: 5_000_000_000n }]],
  ['* STATUS {3}\r\na b (HIGHESTMODSEQ 7)', 'a b', [{ name: 'HIGHESTMODSEQ', modseq: 7n }]],
  ['* STATUS x (MAILBOXID (abc))', 'x', [{ name: 'MAILBOXID', id: 'abc' }]],
  ['* STATUS Old Mail (2019) (MESSAGES 1)', 'Old Mail (2019)', [{ name: 'MESSAGES', value: 1 }]],
  [
    '* STATUS x (MESSAGES NIL)',
    'x',
    [{ name: 'unknown', word: 'MESSAGES', value: { kind: 'atom', text: 'NIL' } }],
  ],
])('%j', (line, mailbox, items) => {
  expect(data(line)).toEqual({ name: 'STATUS', mailbox, items })
})
