import { expect, test } from 'vitest'
import { readResponse } from '../../src/imap/responses/index.ts'
import type { ResponseText } from '../../src/imap/response-text.ts'
import { codeWord } from '../../src/imap/response-code.ts'
import { server } from './support/wire.ts'

const textOf = (line: string): ResponseText => {
  const response = readResponse(server(`a1 OK ${line}`))
  if (!response.ok || response.value.kind !== 'tagged') throw new Error('unreadable')
  return response.value.text
}

test.each([
  ['[READ-ONLY] done', { code: { name: 'READ-ONLY' }, text: 'done' }],
  ['[uidnext 5] x', { code: { name: 'UIDNEXT', value: 5 }, text: 'x' }],
  ['[UIDVALIDITY 0]', { code: { name: 'UIDVALIDITY', value: 0 }, text: '' }],
  ['[HIGHESTMODSEQ 5]', { code: { name: 'HIGHESTMODSEQ', modseq: 5n }, text: '' }],
  [
    '[PERMANENTFLAGS (Non]Junk \\*)] ok',
    { code: { name: 'PERMANENTFLAGS', flags: ['Non]Junk', '\\*'] }, text: 'ok' },
  ],
  [
    '[CAPABILITY IMAP4rev1 AUTH=PLAIN ] hi',
    { code: { name: 'CAPABILITY', capabilities: ['IMAP4rev1', 'AUTH=PLAIN'] }, text: 'hi' },
  ],
  [
    '[APPENDUID 38505 3955] ok',
    { code: { name: 'APPENDUID', uidValidity: 38505, uids: '3955' }, text: 'ok' },
  ],
  [
    '[COPYUID 38505 304,319:320 3956:3958] ok',
    { code: { name: 'COPYUID', uidValidity: 38505, from: '304,319:320', to: '3956:3958' }, text: 'ok' },
  ],
  ['[BADCHARSET (UTF-8)] no', { code: { name: 'BADCHARSET', charsets: ['UTF-8'] }, text: 'no' }],
  ['[BADCHARSET] no', { code: { name: 'BADCHARSET' }, text: 'no' }],
  [
    '[REFERRAL imap://x/;uid=[1]] go',
    { code: { name: 'unknown', word: 'REFERRAL', text: 'imap://x/;uid=[1' }, text: '] go' },
  ],
  ['[X-ONE ("a]b" (c))] go', { code: { name: 'unknown', word: 'X-ONE', text: '("a]b" (c))' }, text: 'go' }],
])('%s', (line, expected) => {
  expect(textOf(line)).toEqual(expected)
})

test.each([
  '[Error="Some.Exchange" AuthResult=0 Proxy=x]',
  '[COPYUID 701  ] done',
  '[COPYUID]',
  "[CLOSED shouldn't be here] x",
  '[UIDNEXT',
  '[]',
  '[ALERT',
])('%s is no code, and text as it stands', (line) => {
  expect(textOf(line)).toEqual({ text: line })
})

test('brackets later in the text are text', () => {
  expect(textOf('Missing ] in: header.fields [TQBO]')).toEqual({ text: 'Missing ] in: header.fields [TQBO]' })
})

test('text in UTF-8 is decoded, and other octets are kept', () => {
  expect(textOf('gr\u00c3\u00bc\u00df').text).toBe('gr\u00fc\udcdf')
})

test('a code goes by its word in upper case', () => {
  expect(codeWord({ name: 'unknown', word: 'Throttled', text: '' })).toBe('THROTTLED')
  expect(codeWord({ name: 'UIDNEXT', value: 5 })).toBe('UIDNEXT')
})
