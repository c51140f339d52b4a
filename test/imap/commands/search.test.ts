import { expect, test } from 'vitest'
import { readCommand, writeCommand } from '../../../src/imap/commands/index.ts'
import { client, textOf } from '../support/wire.ts'

const rewritten = (line: string): string => {
  const command = readCommand(client(line))
  if (!command.ok) throw new Error(command.fault.rule)
  return textOf(writeCommand(command.value)).trimEnd()
}
const keys = (line: string): unknown => {
  const command = readCommand(client(line))
  return command.ok && command.value.name === 'SEARCH' ? command.value.keys : command
}

test.each([
  'a SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM Smith',
  'a UID SEARCH OR SEEN (1:3,* KEYWORD "a b")',
  'a SEARCH RETURN (MIN MAX COUNT SAVE) CHARSET UTF-8 TEXT {2}\r\n\u00c3\u00a9',
  'a SEARCH RETURN () ALL',
  'a SEARCH HEADER Message-Id "" LARGER 5000 UID $',
  'a SEARCH X-GM-RAW "has:attachment" UNSEEN OLDER 3600 OR FUZZY SUBJECT x SEEN',
])('%j is written as it was read', (line) => {
  expect(rewritten(line)).toBe(line)
})

test('keys are read in any case, and a space at the end is read over', () => {
  expect(keys('a search unseen subject Hi ')).toEqual([{ key: 'UNSEEN' }, { key: 'SUBJECT', value: 'Hi' }])
})

test('a key that nobody knows takes the values up to the next key', () => {
  expect(keys('a SEARCH OLDER 3600 UNSEEN (X-Z) 1:4')).toMatchObject([
    { key: 'unknown', word: 'OLDER', arguments: [{ kind: 'atom', text: '3600' }] },
    { key: 'UNSEEN' },
    { key: 'and', keys: [{ key: 'unknown', word: 'X-Z', arguments: [] }] },
    { key: 'messages', set: '1:4' },
  ])
})
