import { expect, test } from 'vitest'
import { readMessage } from '../../src/imap/cursor.ts'
import { readSequenceSet } from '../../src/imap/sequence-set.ts'
import { client } from './support/wire.ts'

test.each(['1', '*', '$', '1:*', '*:4', '4:2', '1,3,5:7', '007', '1:4294967295'])(
  '%s is a sequence set',
  (set) => {
    expect(readMessage(client(set), readSequenceSet)).toMatchObject({ ok: true, value: set })
  },
)

test.each(['', 'a', ',1', '1,', '1:', ':1', '-1'])('%j is none', (set) => {
  expect(readMessage(client(set), readSequenceSet)).toMatchObject({
    ok: false,
    fault: { rule: 'bad-sequence-set' },
  })
})
