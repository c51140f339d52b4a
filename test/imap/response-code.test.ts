import { expect, test } from 'vitest'
import { strict, type Reading } from '../../src/imap/cursor.ts'
import type { Parsed } from '../../src/imap/fault.ts'
import { codeArguments, codeNames, codeWord, type ResponseCode } from '../../src/imap/response-code.ts'
import type { ResponseText } from '../../src/imap/response-text.ts'
import { readResponse, type Response } from '../../src/imap/responses/index.ts'
import { Secret } from '../../src/imap/secret.ts'
import { server } from './support/wire.ts'

const parsed = (line: string, reading?: Reading): Parsed<Response> =>
  readResponse(server(`a1 OK ${line}`), reading)
const textOf = (line: string): ResponseText => {
  const response = parsed(line)
  if (!response.ok || response.value.kind !== 'tagged') throw new Error('unreadable')
  return response.value.text
}
const codeOf = (line: string): ResponseCode | undefined => textOf(`[${line}] text`).code
const quirks = (line: string): string[] => parsed(line).quirks.map(({ rule }) => rule)

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
    { code: { name: 'REFERRAL', urls: ['imap://x/;uid=[1]'] }, text: 'go' },
  ],
  ['[X-ONE ("a]b" (c))] go', { code: { name: 'unknown', word: 'X-ONE', text: '("a]b" (c))' }, text: 'go' }],
])('%s', (line, expected) => {
  expect(textOf(line)).toEqual(expected)
})

test.each(['[Error="Some.Exchange" AuthResult=0 Proxy=x]', '[UIDNEXT', '[]', '[ALERT'])(
  '%s is no code, and text as it stands',
  (line) => {
    expect(textOf(line)).toEqual({ text: line })
    expect(quirks(line)).toEqual(['odd-code'])
  },
)

test.each([
  ['COPYUID 701  ', 'COPYUID', '701  '],
  ['COPYUID', 'COPYUID', ''],
  ["CLOSED shouldn't be here", 'CLOSED', "shouldn't be here"],
  ['METADATA LONGENTRIES', 'METADATA', 'LONGENTRIES'],
  ['MAILBOXID ()', 'MAILBOXID', '()'],
  ['MAILBOXID (a b)', 'MAILBOXID', '(a b)'],
  ['INPROGRESS ("a" 1)', 'INPROGRESS', '("a" 1)'],
])('%s is a code whose values nobody can read', (line, word, text) => {
  expect(codeOf(line)).toEqual({ name: 'unknown', word, text })
  expect(quirks(`[${line}] text`)).toEqual(['odd-code'])
  expect(parsed(`[${line}] text`, strict).ok).toBe(false)
})

test.each<[string, ResponseCode]>([
  ['UIDREQUIRED', { name: 'UIDREQUIRED' }],
  ['NEWNAME old "new one"', { name: 'NEWNAME', oldName: 'old', newName: 'new one' }],
  ['REFERRAL imap://a/ imap://b/x%20y', { name: 'REFERRAL', urls: ['imap://a/', 'imap://b/x%20y'] }],
  ['BADURL /INBOX/;UID=5/;SECTION=1', { name: 'BADURL', url: '/INBOX/;UID=5/;SECTION=1' }],
  ['DOWNGRADED 70,105,108:110', { name: 'DOWNGRADED', messages: '70,105,108:110' }],
  ['BADEVENT (MessageNew X-New)', { name: 'BADEVENT', events: ['MessageNew', 'X-New'] }],
  ['NOUPDATE "A1"', { name: 'NOUPDATE', tag: 'A1' }],
  ['INPROGRESS', { name: 'INPROGRESS' }],
  ['INPROGRESS ("A001" 454 1000)', { name: 'INPROGRESS', progress: { tag: 'A001', count: 454, goal: 1000 } }],
  ['INPROGRESS (NIL NIL NIL)', { name: 'INPROGRESS', progress: { tag: null, count: null, goal: null } }],
  ['MESSAGELIMIT 1000 23221', { name: 'MESSAGELIMIT', limit: 1000, uid: 23_221 }],
  ['MESSAGELIMIT 1000', { name: 'MESSAGELIMIT', limit: 1000 }],
  ['MAILBOXID (F2212ea87-6097)', { name: 'MAILBOXID', id: 'F2212ea87-6097' }],
  [
    'OBJECTID (ACCOUNTID u1 MAILBOXID m2)',
    {
      name: 'OBJECTID',
      ids: [
        { kind: 'ACCOUNTID', id: 'u1' },
        { kind: 'MAILBOXID', id: 'm2' },
      ],
    },
  ],
  ['METADATA LONGENTRIES 2199', { name: 'METADATA', problem: 'LONGENTRIES', size: 2199 }],
  ['METADATA NOPRIVATE', { name: 'METADATA', problem: 'NOPRIVATE' }],
  ['ANNOTATIONS 65536', { name: 'ANNOTATIONS', size: 65_536 }],
  ['ANNOTATIONS NONE', { name: 'ANNOTATIONS', size: 'NONE' }],
  ['ANNOTATIONS 20480 NOPRIVATE', { name: 'ANNOTATIONS', size: 20_480, isShared: true }],
  ['ANNOTATE TOOMANY', { name: 'ANNOTATE', problem: 'TOOMANY' }],
  ['MAXCONVERTPARTS 1', { name: 'MAXCONVERTPARTS', value: 1 }],
  ['UNDEFINED-FILTER on-the-road', { name: 'UNDEFINED-FILTER', filter: 'on-the-road' }],
])('%s is read, in strict mode too', (line, code) => {
  expect(codeOf(line)).toEqual(code)
  expect(parsed(`[${line}] text`, strict)).toMatchObject({ ok: true, quirks: [] })
})

test('what opens a mailbox to anyone is a secret', () => {
  const web = codeOf('WEBALERT https://accounts.example/x?plt=TOKEN')
  expect(web).toEqual({ name: 'WEBALERT', url: new Secret('https://accounts.example/x?plt=TOKEN') })
  expect(web && codeArguments(web)).toBe('‹redacted 36›')
  const mechanisms = codeOf('URLMECH INTERNAL XSAMPLE=P34OKhO7VEkCbsiYY8rGEg== X-TWO')
  expect(mechanisms).toMatchObject({
    mechanisms: [{ name: 'INTERNAL' }, { name: 'XSAMPLE' }, { name: 'X-TWO' }],
  })
  expect(mechanisms && codeArguments(mechanisms)).toBe('INTERNAL XSAMPLE=‹redacted 24› X-TWO')
})

test.each([
  ['[UIDVALIDITY 0] x', 'zero-number'],
  ['[HIGHESTMODSEQ 0] x', 'zero-number'],
  ['[APPENDUID 1 *] x', 'open-uid-set'],
  ['[READ-ONLY ] x', 'trailing-space'],
  ['[READ-ONLY]x', 'missing-space'],
  ['[READ-ONLY]', 'missing-text'],
  ['[NOUPDATE A1] x', 'atom-for-string'],
  ['[BADCHARSET ()] x', 'empty-list'],
  ['[X-ONE "a]b"] x', 'bracket-in-code'],
  ['[REFERRAL imap://[::1]/x] x', 'bracket-in-code'],
  ['[BADURL /a  /b] x', 'extra-space'],
  ['gr\u00fc\u00df', 'bad-utf8'],
  ['a\0b', 'control-in-text'],
])('%j: %s', (line, rule) => {
  expect(quirks(line)).toEqual([rule])
  expect(parsed(line, strict)).toMatchObject({ ok: false, fault: { rule } })
})

test('the registry knows its words', () => {
  expect(codeNames.has('INPROGRESS')).toBe(true)
  expect(codeNames.has('unknown')).toBe(false)
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
