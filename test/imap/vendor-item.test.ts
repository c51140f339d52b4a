import { expect, test } from 'vitest'
import { readItems, readLine, readPlainItems } from './support/fetch.ts'

test("Gmail's numbers of 64 bits are exact", () => {
  expect(readPlainItems('X-GM-MSGID 18446744073709551615 X-GM-THRID 1278455344230334865')).toEqual([
    { name: 'X-GM-MSGID', id: 18_446_744_073_709_551_615n },
    { name: 'X-GM-THRID', id: 1_278_455_344_230_334_865n },
  ])
})

test("Gmail's labels are atoms, strings and flags", () => {
  expect(readPlainItems('X-GM-LABELS (\\Inbox foo "b c" &AOk-t&AOk-)')).toEqual([
    { name: 'X-GM-LABELS', labels: ['\\Inbox', 'foo', 'b c', '&AOk-t&AOk-'] },
  ])
  expect(readItems('X-GM-LABELS ("\\\\Inbox" {3}\r\na\nb)')).toEqual({
    items: [{ name: 'X-GM-LABELS', labels: ['\\Inbox', 'a\nb'] }],
    rules: [],
  })
})

test.each([
  ['a STORE 1 +X-GM-LABELS (\\Inbox "b c")', 'add', ['\\Inbox', 'b c']],
  ['a STORE 1 -X-GM-LABELS.SILENT ()', 'remove', []],
])('%s changes labels', (line, action, labels) => {
  const { command, rules, written } = readLine(line)
  expect(command).toMatchObject({ action, change: { kind: 'labels', labels } })
  expect(rules).toEqual([])
  expect(written).toBe(line)
})

test('one label needs no parentheses', () => {
  expect(readLine('a STORE 1 X-GM-LABELS foo').written).toBe('a STORE 1 X-GM-LABELS (foo)')
})

test('items of Dovecot and Cyrus', () => {
  expect(
    readPlainItems('X-GUID 1f5b X-MAILBOX "a b" X-REAL-UID 7 DIGEST.SHA1 da39 CID 8d2c BASECID NIL'),
  ).toEqual([
    { name: 'X-GUID', value: '1f5b' },
    { name: 'X-MAILBOX', value: 'a b' },
    { name: 'X-REAL-UID', uid: 7 },
    { name: 'DIGEST.SHA1', value: 'da39' },
    { name: 'CID', id: '8d2c' },
    { name: 'BASECID', id: null },
  ])
  expect(readPlainItems('CREATEDMODSEQ (17)')).toEqual([{ name: 'CREATEDMODSEQ', modseq: 17n }])
  expect(
    readPlainItems(
      'FOLDER "a b" UIDVALIDITY 7 RFC822.FILESIZE 328 RFC822.SHA1 13f8 LASTUPDATED "21-Nov-2026 06:21:54 +0000"',
    ),
  ).toEqual([
    { name: 'FOLDER', mailbox: 'a b' },
    { name: 'UIDVALIDITY', uidValidity: 7 },
    { name: 'RFC822.FILESIZE', octets: 328 },
    { name: 'RFC822.SHA1', value: '13f8' },
    { name: 'LASTUPDATED', date: '21-Nov-2026 06:21:54 +0000' },
  ])
})
