import { expect, test } from 'vitest'
import { readMessage } from '../../src/imap/cursor.ts'
import { limits } from '../../src/imap/limits.ts'
import { readSearchKeys, searchKeyNames } from '../../src/imap/search-key.ts'
import { client } from './support/wire.ts'

const read = (text: string): unknown => {
  const keys = readMessage(client(text), readSearchKeys)
  return keys.ok ? keys.value : keys.fault.rule
}

test('the registry knows the keys of every source, in upper case', () => {
  for (const key of ['ALL', 'OLDER', 'MODSEQ', 'FUZZY', 'X-GM-RAW', 'X-GUID', 'CID', 'NOT', 'MIMEPART'])
    expect(searchKeyNames).toContain(key)
  for (const key of searchKeyNames) expect(key).toBe(key.toUpperCase())
})

test('keys nest by prefix operators and by parentheses, down to the limit', () => {
  expect(read('NOT OR (SEEN DRAFT) FUZZY INTHREAD REFS ALL')).toEqual([
    {
      key: 'NOT',
      operand: {
        key: 'OR',
        left: { key: 'and', keys: [{ key: 'SEEN' }, { key: 'DRAFT' }] },
        right: {
          key: 'FUZZY',
          operand: { key: 'INTHREAD', algorithm: 'REFS', operand: { key: 'ALL' } },
        },
      },
    },
  ])
  expect(read(`${'NOT '.repeat(limits.nesting)}ALL`)).not.toBe('nested-too-deep')
  expect(read(`${'FUZZY '.repeat(limits.nesting + 1)}ALL`)).toBe('nested-too-deep')
})

test('a body part is described by a list, or by words up to the next key', () => {
  expect(read('MIMEPART (TYPE "image") SEEN')).toMatchObject([
    { key: 'MIMEPART', arguments: [{ kind: 'list' }] },
    { key: 'SEEN' },
  ])
  expect(read('MIMEPART SUBJECT x SEEN')).toMatchObject([
    { key: 'MIMEPART', arguments: [{ text: 'SUBJECT' }, { text: 'x' }] },
    { key: 'SEEN' },
  ])
})

test('an entry is searched for its mod-sequence by flag', () => {
  expect(read('MODSEQ "/flags/\\\\Seen" ALL 12')).toEqual([
    { key: 'MODSEQ', entry: { name: '/flags/\\Seen', type: 'all' }, modseq: 12n },
  ])
})

test('labels of Gmail may be system flags, words or strings', () => {
  expect(read('X-GM-LABELS \\Inbox X-GM-LABELS work X-GM-LABELS "a b"')).toEqual([
    { key: 'X-GM-LABELS', flag: '\\Inbox' },
    { key: 'X-GM-LABELS', flag: 'work' },
    { key: 'X-GM-LABELS', flag: 'a b' },
  ])
})

test('a word that would lack its arguments is a value of the unknown key before it', () => {
  expect(read('CONTENTTYPE text')).toMatchObject([{ word: 'CONTENTTYPE', arguments: [{ text: 'text' }] }])
  expect(read('(X-NEW body) SEEN')).toMatchObject([
    { key: 'and', keys: [{ word: 'X-NEW', arguments: [{ text: 'body' }] }] },
    { key: 'SEEN' },
  ])
  expect(read('X-NEW text {1}\r\na')).toMatchObject([
    { word: 'X-NEW', arguments: [] },
    { key: 'TEXT', value: 'a' },
  ])
})
