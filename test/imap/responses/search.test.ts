import { expect, test } from 'vitest'
import { strict } from '../../../src/imap/cursor.ts'
import { limits } from '../../../src/imap/limits.ts'
import { readResponse, writeResponse } from '../../../src/imap/responses/index.ts'
import { server, textOf } from '../support/wire.ts'

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
      { name: 'PARTIAL', range: '1:5', messages: null },
    ],
  })
  expect(data('* ESEARCH')).toEqual({ name: 'ESEARCH', uid: false, items: [] })
})

test('the correlator of ESEARCH says which mailbox, and keeps what it does not know', () => {
  expect(data('* ESEARCH (TAG "a" MAILBOX "x y" UIDVALIDITY 7 X-NEW (1)) UID')).toEqual({
    name: 'ESEARCH',
    tag: 'a',
    mailbox: 'x y',
    uidValidity: 7,
    others: [{ word: 'X-NEW', value: { kind: 'list', items: [{ kind: 'atom', text: '1' }] } }],
    uid: true,
    items: [],
  })
})

test.each([
  '* SORT 5 3 4 1 2 (MODSEQ 12)',
  '* SORT',
  '* ESEARCH (TAG "B01") UID ADDTO (0 32768:32769 1 2733) REMOVEFROM (3 7) COUNT 0 MODSEQ 9223372036854775807',
  '* ESEARCH (TAG "a") RELEVANCY (100 4) PARTIAL (-1:-100 1:3) X-NEW (a)',
  '* THREAD (2)(3 6 (4 23)(44 7 96))',
  '* THREAD ((1)(2))',
  '* THREAD',
  '* VANISHED (EARLIER) 41,43:116,118',
  '* VANISHED 1:4294967295',
  '* UIDBATCHES (TAG "A143") 215295:99696,99695:20351,20350:7830',
  '* UIDBATCHES (TAG "A143")',
  '* COMPARATOR i;unicode-casemap (i;ascii-casemap i;octet)',
])('%j is sound, and written as it was read', (line) => {
  const response = readResponse(server(line), strict)
  if (!response.ok) throw new Error(response.fault.rule)
  expect(textOf(writeResponse(response.value))).toBe(`${line}\r\n`)
})

test.each([
  ['* SEARCH 1 ', 'trailing-space'],
  ['* SEARCH 1  2', 'extra-space'],
  ['* SEARCH 01', 'leading-zero'],
  ['* ESEARCH (TAG "a") UID ALL', 'odd-value'],
  ['* ESEARCH (TAG "a") MIN x', 'odd-value'],
  ['* ESEARCH (TAG "a") ALL $', 'open-uid-set'],
  ['* ESEARCH (TAG "a") ALL 3,2', undefined],
  ['* ESEARCH (TAG "a" TAG "b")', 'repeated-item'],
  ['* ESEARCH () COUNT 1', 'empty-list'],
  ['* ESEARCH COUNT 3 UID', 'misplaced-word'],
  ['* ESEARCH COUNT 3 X-NEW', 'missing-value'],
  ['* SEARCH (MODSEQ 3)', 'lone-modseq'],
  ['* SEARCH 1 (MODSEQ 0)', 'zero-modseq'],
  ['* ESEARCH RELEVANCY (101)', 'odd-score'],
  ['* ESEARCH PARTIAL (1:2)', 'odd-value'],
  ['* ESEARCH ADDTO ()', 'empty-list'],
  ['* THREAD (1) (2)', 'space-in-list'],
  ['* THREAD ( 1 2 )', 'space-in-list'],
  ['* THREAD (1(2)(3))', 'missing-space'],
  ['* THREAD (1 (2))', 'single-branch'],
  ['* THREAD ()', 'empty-thread'],
  ['* THREAD ', 'trailing-space'],
  ['* VANISHED', 'empty-set'],
  ['* VANISHED (EARLIER) ', 'empty-set'],
  ['* VANISHED 3:*', 'open-uid-set'],
  ['* UIDBATCHES 5:1', 'missing-tag'],
  ['* COMPARATOR a ()', 'empty-list'],
])('%j is read, with the quirk %s, and is a fault in strict mode', (line, rule) => {
  const kindly = readResponse(server(line))
  expect(kindly).toMatchObject({ ok: true })
  expect(kindly.quirks[0]?.rule).toBe(rule)
  const strictly = readResponse(server(line), strict)
  expect(strictly.ok ? undefined : strictly.fault.rule).toBe(rule)
  if (!kindly.ok) return
  const again = readResponse(server(textOf(writeResponse(kindly.value)).trimEnd()))
  expect(again).toMatchObject({ ok: true, value: kindly.value })
})

test.each([
  ['* SEARCH 1,2', 'odd-number'],
  ['* SEARCH 1 (UID 2)', 'unknown-argument'],
  ['* THREAD (1 x', 'missing-octet'],
  ['* THREAD 1', 'missing-octet'],
  ['* VANISHED (LATER) 1', 'unknown-argument'],
])('%j is unreadable: %s', (line, rule) => {
  expect(readResponse(server(line))).toMatchObject({ ok: false, fault: { rule } })
})

test('a thread that nests deeper than is read keeps the rest as it stands', () => {
  const bomb = (depth: number): string => `* THREAD ${'(1 (2)'.repeat(depth)}(3)${')'.repeat(depth)}`
  for (const depth of [limits.nesting - 1, limits.nesting + 1, 10_000]) {
    const response = readResponse(server(bomb(depth)))
    if (!response.ok) throw new Error(response.fault.rule)
    expect(response.quirks.map(({ rule }) => rule)).toEqual(depth < limits.nesting ? [] : ['nested-too-deep'])
    expect(textOf(writeResponse(response.value))).toBe(`${bomb(depth)}\r\n`)
  }
  expect(readResponse(server(`* THREAD ${'('.repeat(300_000)}`))).toMatchObject({ ok: false })
})
