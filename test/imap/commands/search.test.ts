import { expect, test } from 'vitest'
import { readCommand, writeCommand } from '../../../src/imap/commands/index.ts'
import { strict } from '../../../src/imap/cursor.ts'
import { client, textOf } from '../support/wire.ts'

const rewritten = (line: string): string => {
  const command = readCommand(client(line))
  if (!command.ok) throw new Error(command.fault.rule)
  return textOf(writeCommand(command.value)).trimEnd()
}
const faults = (line: string): string[] => readCommand(client(line)).quirks.map(({ rule }) => rule)
const keys = (line: string): unknown => {
  const command = readCommand(client(line))
  return command.ok && command.value.name === 'SEARCH' ? command.value.keys : command
}

test.each([
  'a SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM Smith',
  'a UID SEARCH OR SEEN (1:3,* SUBJECT "a b")',
  'a SEARCH RETURN (MIN MAX COUNT SAVE) CHARSET UTF-8 TEXT {2}\r\n\u00c3\u00a9',
  'a SEARCH RETURN () ALL',
  'a SEARCH HEADER Message-Id "" LARGER 5000 UID $',
  'a SEARCH X-GM-RAW "has:attachment in:inbox" UNSEEN OLDER 3600 OR FUZZY SUBJECT x SEEN',
  'a SEARCH KEYWORD NIL KEYWORD $Work MODSEQ "/flags/\\\\Draft" all 5 NOT X-GM-LABELS \\Inbox',
  'a SEARCH RETURN (PARTIAL -1:-100 UPDATE CONTEXT) INTHREAD REFS MIMEPART (CHILD EXISTS) SEEN',
  'a SEARCH ANNOTATION /comment/* value NIL FILTER on-the-road X-MAILBOX Lists/% X-REAL-UID 1:4',
  'a UID SORT RETURN (COUNT) (REVERSE DATE ANNOTATION /a value.priv HASFLAG $b) UTF-8 ALL',
  'a THREAD ORDEREDSUBJECT US-ASCII 1:* $',
  'a ESEARCH IN (mailboxes (a "b c") subtree-one INBOX SELECTED (x 1)) RETURN (MIN) CHARSET UTF-8 ALL',
  'a ESEARCH UNSEEN',
  'a CANCELUPDATE "b" "c"',
  'a COMPARATOR "*" i;octet',
  'a COMPARATOR',
  'a UIDBATCHES 2000 10:20',
])('%j is written as it was read', (line) => {
  expect(rewritten(line).replace(/MAILBOXES|SUBTREE-ONE/gu, (word) => word.toLowerCase())).toBe(line)
  expect(faults(line)).toEqual([])
})

test('keys are read in any case, and a space at the end is read over', () => {
  expect(keys('a search unseen subject Hi ')).toEqual([{ key: 'UNSEEN' }, { key: 'SUBJECT', value: 'Hi' }])
})

test('a key that nobody knows takes the values up to the next key', () => {
  expect(keys('a SEARCH X-OLDER 3600 UNSEEN (X-Z) 1:4')).toMatchObject([
    { key: 'unknown', word: 'X-OLDER', arguments: [{ kind: 'atom', text: '3600' }] },
    { key: 'UNSEEN' },
    { key: 'and', keys: [{ key: 'unknown', word: 'X-Z', arguments: [] }] },
    { key: 'messages', set: '1:4' },
  ])
})

test.each([
  ['a SEARCH ALL ', 'trailing-space'],
  ['a SEARCH  ALL', 'extra-space'],
  ['a SEARCH KEYWORD "Gmail"', 'quoted-keyword'],
  ['a SEARCH KEYWORD a]b', 'quoted-keyword'],
  ['a SEARCH KEYWORD {1}\r\na', 'quoted-keyword'],
  ['a SEARCH SUBJECT "\u00c3\u00a9"', 'eight-bit-quoted'],
  ['a SEARCH SUBJECT \u00c3\u00a9', 'odd-atom'],
  ['a SEARCH ()', 'empty-list'],
  ['a SEARCH ((SEEN)(DRAFT))', 'missing-space'],
  ['a SEARCH 007', 'leading-zero'],
  ['a SEARCH SINCE 2025-02-01', 'odd-date'],
  ['a SEARCH SINCE "1-\\Feb-2025"', 'odd-escape'],
  ['a SEARCH SINCE {10}\r\n1-Feb-2025', 'odd-date'],
  ['a SEARCH YOUNGER 0', 'zero-number'],
  ['a SEARCH MODSEQ /flags/a all 5', 'unquoted-entry'],
  ['a SEARCH MODSEQ "/flags/a" some 5', 'odd-entry-type'],
  ['a SEARCH EMAILID "a b"', 'odd-object-id'],
  ['a SEARCH FILTER a/b', 'odd-filter-name'],
  ['a SEARCH ANNOTATION /a size "3"', 'odd-attribute'],
  ['a SEARCH ANNOTATION /a value 3', 'atom-for-string'],
  ['a SEARCH RETURN (PARTIAL 1:-3) ALL', 'odd-partial-range'],
  ['a SEARCH RETURN (PARTIAL x) ALL', 'odd-value'],
  ['a SEARCH ALL CHARSET UTF-8', 'misplaced-word'],
  ['a SEARCH CHARSET UTF-8 RETURN (MIN) ALL', 'misplaced-word'],
  ['a SORT () UTF-8 ALL', 'empty-list'],
  ['a SORT (REVERSE REVERSE) UTF-8 ALL', 'double-reverse'],
  ['a ESEARCH IN () ALL', 'empty-list'],
  ['a CANCELUPDATE b', 'atom-for-string'],
  ['a UIDBATCHES 500 -1:-2', 'negative-number'],
])('%j is read, with the quirk %s, and is a fault in strict mode', (line, rule) => {
  expect(faults(line)[0]).toBe(rule)
  expect(readCommand(client(line), strict)).toMatchObject({ ok: false, fault: { rule } })
  expect(readCommand(client(rewritten(line))).ok).toBe(true)
})

test.each([
  ['a SEARCH', 'missing-space'],
  ['a SEARCH CHARSET UTF-8', 'missing-space'],
  ['a SEARCH NOT', 'missing-space'],
  ['a SEARCH (X-NEW "a"SEEN)', 'missing-space'],
  ['a ESEARCH IN (personal (x) inboxes) ALL', 'trailing-octets'],
  ['a ESEARCH IN (X-NEW(a)) ALL', 'missing-space'],
  ['a SEARCH FROM (a)', 'missing-word'],
  ['a SEARCH LARGER much', 'missing-number'],
  ['a SORT (REVERSE) UTF-8 ALL', 'missing-space'],
  ['a SORT DATE UTF-8 ALL', 'missing-octet'],
  ['a SORT (DATE) UTF-8', 'missing-space'],
  ['a THREAD REFERENCES', 'missing-space'],
  ['a CANCELUPDATE', 'missing-space'],
  ['a UIDBATCHES many', 'missing-number'],
])('%j is unreadable: %s', (line, rule) => {
  expect(readCommand(client(line))).toMatchObject({ ok: false, fault: { rule } })
})

test('numbers of 64 bits are not rounded', () => {
  expect(keys('a SEARCH X-GM-THRID 18446744073709551615 MODSEQ 9223372036854775807')).toEqual([
    { key: 'X-GM-THRID', number: 18_446_744_073_709_551_615n },
    { key: 'MODSEQ', modseq: 9_223_372_036_854_775_807n },
  ])
})
