import { expect, test } from 'vitest'
import { readResponse } from '../../../src/imap/responses/index.ts'
import { server } from '../support/wire.ts'

const data = (line: string): unknown => {
  const response = readResponse(server(line))
  if (!response.ok) throw new Error(response.fault.rule)
  return response.value.kind === 'untagged' ? response.value.data : response.value
}

test('a mailbox has attributes, a delimiter and a name', () => {
  expect(data('* LIST (\\HasNoChildren) "/" "Sent Items"')).toEqual({
    name: 'LIST',
    attributes: ['\\HasNoChildren'],
    delimiter: '/',
    mailbox: 'Sent Items',
  })
})

test.each([
  ['* LIST () NIL nil', { delimiter: null, mailbox: 'nil' }],
  ['* List (\\A \\A) "\\\\" INBOX.[Mail].x', { delimiter: '\\', mailbox: 'INBOX.[Mail].x' }],
  ['* LSUB () "" {3}\r\na b', { name: 'LSUB', delimiter: '', mailbox: 'a b' }],
  ['* LIST () "/" Sent Items', { mailbox: 'Sent Items' }],
  ['* LIST () "/" Old\tMail (2019)', { mailbox: 'Old\tMail (2019)' }],
  ['* LIST () "/" Public Folders/', { mailbox: 'Public Folders/' }],
  ['* LIST NIL "/" x', { attributes: [] }],
])('%j', (line, expected) => {
  expect(data(line)).toMatchObject(expected)
})

test('extended data say what is below and what a mailbox was called', () => {
  expect(data('* LIST () "/" "a" ("CHILDINFO" ("SUBSCRIBED") "OLDNAME" ("b c") X (1))')).toMatchObject({
    mailbox: 'a',
    extensions: [
      { name: 'CHILDINFO', options: ['SUBSCRIBED'] },
      { name: 'OLDNAME', mailbox: 'b c' },
      { name: 'unknown', word: 'X' },
    ],
  })
  expect(data('* LIST () "/" a (CHILDINFO (SUBSCRIBED))')).toMatchObject({
    mailbox: 'a',
    extensions: [{ name: 'CHILDINFO' }],
  })
})
