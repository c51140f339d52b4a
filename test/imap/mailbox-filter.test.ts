import { expect, test } from 'vitest'
import { readMessage } from '../../src/imap/cursor.ts'
import { readMailboxFilter, writeMailboxFilter } from '../../src/imap/mailbox-filter.ts'
import { Writer } from '../../src/imap/writer.ts'
import { client, textOf } from './support/wire.ts'

test.each([
  ['PERSONAL', { name: 'PERSONAL' }],
  ['SELECTED-DELAYED', { name: 'SELECTED-DELAYED' }],
  ['MAILBOXES INBOX', { name: 'MAILBOXES', mailboxes: ['INBOX'] }],
  ['SUBTREE (a "b c")', { name: 'SUBTREE', mailboxes: ['a', 'b c'] }],
  ['X-NEW', { name: 'unknown', word: 'X-NEW' }],
  ['X-NEW (a)', { name: 'unknown', word: 'X-NEW', value: { kind: 'list' } }],
])('%j is a filter, and written as it was read', (text, filter) => {
  const read = readMessage(client(text), readMailboxFilter)
  if (!read.ok) throw new Error(read.fault.rule)
  expect(read).toMatchObject({ value: filter, quirks: [] })
  const writer = new Writer('server')
  writeMailboxFilter(writer, read.value)
  expect(textOf(writer.finish())).toBe(`${text}\r\n`)
})

test('no mailbox at all is a quirk, and a mailbox in one list of its own is read', () => {
  expect(readMessage(client('mailboxes ()'), readMailboxFilter)).toMatchObject({
    value: { name: 'MAILBOXES', mailboxes: [] },
    quirks: [{ rule: 'empty-list' }],
  })
  expect(readMessage(client('subtree-one (a)'), readMailboxFilter)).toMatchObject({
    value: { name: 'SUBTREE-ONE', mailboxes: ['a'] },
  })
})
