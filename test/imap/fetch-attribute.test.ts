import { expect, test } from 'vitest'
import { fetchAttributeNames } from '../../src/imap/fetch-attribute.ts'
import { readLine } from './support/fetch.ts'

test.each([
  'a FETCH 1 ALL',
  'a FETCH 1 (UID FLAGS)',
  'a FETCH 1 BODY.PEEK[1.2.MIME]<0.1024>',
  'a FETCH 1 (BINARY.PEEK[1] BINARY.SIZE[])',
  'a FETCH 1 (RFC822.PEEK RFC822.TEXT.PEEK RFC822.HEADER.LINES (From To) RFC822.HEADER.LINES.NOT (Cc))',
  'a FETCH 1 (EMAILID THREADID OBJECTID SAVEDATE MODSEQ)',
  'a FETCH 1 (X-GM-MSGID X-GUID DIGEST.SHA1 CID BASECID CREATEDMODSEQ)',
])('%s is written as it was read', (line) => {
  const { rules, written } = readLine(line)
  expect(rules).toEqual([])
  expect(written).toBe(line)
})

test.each([
  ['a FETCH 1 (ALL)', 'macro-in-list'],
  ['a FETCH 1 ()', 'empty-list'],
  ['a FETCH 1 RFC822.HEADER.LINES ()', 'empty-list'],
  ['a FETCH 1 BODY[]<0.0>', 'zero-number'],
  ['a FETCH 1 BODY[]<7>', 'missing-count'],
  ['a FETCH 1 (BODY[]FLAGS)', 'missing-space'],
  ['a FETCH 1 (X"FOO)', 'odd-atom'],
  ['a FETCH 1 BODY.PEEK', 'odd-attribute'],
  ['a FETCH 1 FLAGS[1]', 'odd-attribute'],
])('%s bends the grammar: %s', (line, rule) => {
  expect(readLine(line).rules).toEqual([rule])
})

test('attributes that nobody knows keep their brackets and parameters', () => {
  expect(readLine('a FETCH 1 (x-foo[1.2] X-BAR (LAZY 5))').command).toMatchObject({
    items: [
      { name: 'unknown', word: 'x-foo[1.2]' },
      { name: 'unknown', word: 'X-BAR', parameters: [{ text: 'LAZY' }, { text: '5' }] },
    ],
  })
})

test('the names of the registry have brackets where the attributes have', () => {
  expect(fetchAttributeNames).toContain('BODY.PEEK[]')
  expect(fetchAttributeNames).toContain('BODYSTRUCTURE')
})
