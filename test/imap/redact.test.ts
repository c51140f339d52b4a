import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Message, type MessageKind } from '../../src/imap/message.ts'
import { latin1 } from '../../src/imap/octets.ts'
import type { RawMessage } from '../../src/imap/raw-message.ts'
import { describeCommand, describeMessage } from '../../src/imap/redact.ts'
import { encodeText } from '../../src/imap/utf8.ts'
import { client, server } from './support/wire.ts'

const open = { hidesAll: false, limit: 400 }
const args = (line: string): string => describeCommand(client(line), open)
const lines = (raw: RawMessage, kind: MessageKind): readonly string[] =>
  describeMessage(new Message(raw, kind), open)
const everythingShown = (raw: RawMessage, kind: MessageKind = 'command'): string =>
  [describeCommand(raw, open), ...lines(raw, kind)].join('\n')

describe('LOGIN shows its user only when all of it is well-formed', () => {
  test.each([
    ['a LOGIN joe secret', 'joe ‹redacted 6›'],
    ['a login "j\\"oe" "s\\\\cret"', 'j"oe ‹redacted 6›'],
    ['a LOGIN {3}\r\njoe {6+}\r\nsecret', 'joe ‹redacted 6›'],
    ['a LOGIN "j\u00c3\u00b6" "s\u00c3\u00a9"', 'j\u00f6 ‹redacted 2›'],
    ['a LOGIN joe  secret', '‹redacted 12›'],
    ['a LOGIN joe secret ', '‹redacted 12›'],
    ['a LOGIN joe "secret', '‹redacted 12›'],
    ['a LOGIN "joe secret', '‹redacted 12›'],
    ['a LOGIN joe\tsecret', '‹redacted 11›'],
    ['a LOGIN joe sec ret', '‹redacted 12›'],
    ['a LOGIN secret', '‹redacted 7›'],
  ])('%j as %j', (line, shown) => {
    expect(args(line)).toBe(shown)
  })
})

describe('AUTHENTICATE shows only mechanisms that are known', () => {
  test.each([
    ['a AUTHENTICATE PLAIN AGpvZQBzZWNyZXQ=', 'PLAIN ‹redacted 16›'],
    ['a authenticate scram-sha-256-plus', 'SCRAM-SHA-256-PLUS'],
    ['a AUTHENTICATE PLAIN =', 'PLAIN ‹redacted 1›'],
    ['a AUTHENTICATE AGpvZQBzZWNyZXQ=', '‹redacted 17›'],
    ['a AUTHENTICATE PLAIN AGpv ZQBzZWNyZXQ=', '‹redacted 24›'],
  ])('%j as %j', (line, shown) => {
    expect(args(line)).toBe(shown)
  })
})

// What a person would type as a password, and what must then be nowhere.
const password = fc.string({
  unit: fc.constantFrom(...'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!#$&=@'.split('')),
  minLength: 8,
  maxLength: 24,
})
const hardPassword = fc.oneof(
  password,
  password.map((word) => `${word}"\\ )(${word}`),
  password.map((word) => `${word}\u00e9\u20ac${word}`),
)

const quote = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
const literal = (text: string, plus = ''): string => `{${text.length}${plus}}\r\n${text}`
/** Every way to send a password, and every way to get it wrong. */
const logins: readonly ((secret: string) => string)[] = [
  (secret) => `a LOGIN joe ${secret}`,
  (secret) => `a LOGIN joe ${quote(secret)}`,
  (secret) => `a LOGIN joe ${literal(secret)}`,
  (secret) => `a LOGIN joe ${literal(secret, '+')}`,
  (secret) => `a LOGIN ${literal('joe')} ${literal(secret, '+')}`,
  (secret) => `a LOGIN joe "${secret}`,
  (secret) => `a LOGIN "joe ${secret}`,
  (secret) => `a LOGIN "joe" "x" ${quote(secret)}`,
  (secret) => `a LOGIN joe x ${secret}`,
  (secret) => `a LOGIN  joe  ${secret}`,
  (secret) => `  a   LOGIN joe ${secret}  `,
  (secret) => `a lOgIn joe ${secret}`,
  (secret) => `a LOGIN joe ${quote(secret)} junk`,
  (secret) => `a LOGIN joe ${quote(secret)}junk`,
  (secret) => `a LOGIN joe ${literal(secret)}junk`,
  (secret) => `a LOGIN joe\t${secret}`,
  (secret) => `a\tLOGIN\tjoe\t${secret}`,
  (secret) => `a LOGIN\tjoe ${secret}`,
  (secret) => `a LOGIN(joe ${secret})`,
  (secret) => `a LOGIN"joe"${quote(secret)}`,
  (secret) => `a UID LOGIN joe ${secret}`,
  (secret) => `LOGIN joe ${secret}`,
  (secret) => ` LOGIN joe ${quote(secret)}`,
  (secret) => `a LOGIN ${secret}`,
  (secret) => `a LOGIN joe (${secret}`,
  (secret) => `a LOGIN joe ${secret}\0`,
  (secret) => `a AUTHENTICATE ${secret}`,
  (secret) => `a AUTHENTICATE PLAIN ${secret}`,
  (secret) => `a AUTHENTICATE PLAIN ${secret} x`,
  (secret) => `a AUTHENTICATE  PLAIN  ${secret}`,
  (secret) => `a authenticate plain "${secret}"`,
  (secret) => `a AUTHENTICATE PLAIN ${literal(secret)}`,
  (secret) => `a CLIENTID TYPE ${secret}`,
]

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
function base64(octets: string): string {
  let text = ''
  for (let at = 0; at < octets.length; at += 3) {
    const [a = 0, b, c] = octets
      .slice(at, at + 3)
      .split('')
      .map((octet) => octet.charCodeAt(0))
    const bits = (a << 16) | ((b ?? 0) << 8) | (c ?? 0)
    const letter = (shift: number): string => alphabet.charAt((bits >> shift) & 63)
    text +=
      letter(18) + letter(12) + (b === undefined ? '=' : letter(6)) + (c === undefined ? '=' : letter(0))
  }
  return text
}

/** What of a secret would give it away: itself, and the middle of its base64 in each of the three alignments. */
function traces(secret: string): string[] {
  const aligned = ['', 'x', 'xx'].map((before) => base64(before + secret).slice(4, -4))
  return [secret, ...aligned.filter((text) => text.length >= 6)]
}

test('no password shows, however it is sent and whatever is wrong with the line', () => {
  fc.assert(
    fc.property(hardPassword, fc.nat(logins.length - 1), (word, index) => {
      const secret = encodeText(word)
      const raw = client(logins[index]?.(secret) ?? '')
      const shown = everythingShown(raw)
      for (const part of word.match(/[A-Za-z0-9!#$&=@]{8,}/gu) ?? []) expect(shown).not.toContain(part)
      expect(shown).not.toContain(word)
    }),
    { numRuns: 3000 },
  )
})

test('no base64 of a password shows, in whatever alignment it stands', () => {
  fc.assert(
    fc.property(
      password,
      fc.nat(logins.length - 1),
      fc.constantFrom('', '\0', 'jo\0', '\0joe\0'),
      (word, index, before) => {
        const shown = everythingShown(client(logins[index]?.(base64(before + word)) ?? ''))
        for (const trace of traces(word)) expect(shown).not.toContain(trace)
      },
    ),
    { numRuns: 2000 },
  )
})

test('SASL data show their size and nothing else', () => {
  fc.assert(
    fc.property(password, (word) => {
      expect(lines(client(base64(word)), 'sasl-data')).toEqual([`‹redacted ${base64(word).length}›`])
    }),
  )
})

test('a line that the caller distrusts shows nothing at all, its tag included', () => {
  const raw = client('hunter2hunter2 is my password')
  const hidden = { hidesAll: true, limit: 400 }
  expect(describeCommand(raw, hidden)).toBe('‹redacted 29›')
  expect(describeMessage(new Message(raw, 'command'), hidden)).toEqual(['‹redacted 29›'])
})

test('a challenge shows that it is one', () => {
  const hidden = { hidesAll: true, limit: 400 }
  expect(describeMessage(new Message(server('+ cj1mb28='), 'response'), hidden)).toEqual(['+ ‹redacted 8›'])
  expect(describeMessage(new Message(server('a NO joe:pw'), 'response'), hidden)).toEqual(['‹redacted 11›'])
})

test('the whole line of a LOGIN keeps its tag and its word', () => {
  expect(lines(client('a1 LOGIN joe secret'), 'command')).toEqual(['a1 LOGIN joe ‹redacted 6›'])
})

describe('tokens of URLAUTH do not show', () => {
  const url = 'imap://joe@h/INBOX/;uid=20;urlauth=anonymous:internal:91354a473744909d'

  test.each([
    [`* GENURLAUTH "${url}" "${url}"`, ['* GENURLAUTH ‹redacted 146›']],
    [`*  genurlauth ${url}`, ['*  genurlauth ‹redacted 71›']],
    [`* URLFETCH "${url}" NIL`, ['* URLFETCH ‹redacted 77›']],
    [`* URLFETCH "${url}" {5}\r\nhello`, ['* URLFETCH ‹redacted 84›']],
    [`* 1 URLFETCH "${url}" "hello"`, ['* 1 URLFETCH ‹redacted 81›']],
    [
      `a NO [BADURL "${url}"] no such`,
      ['a NO [BADURL "imap://joe@h/INBOX/;uid=20;urlauth=‹redacted 35›"] no such'],
    ],
    ['* OK see imap://h/;URLAUTH=user+joe:internal:91', ['* OK see imap://h/;URLAUTH=‹redacted 20›']],
    [
      '* 1 FETCH (ENVELOPE ("d" "x;urlauth=a:T") UID {1}\r\n1 X ;urlauth=a:T)',
      ['* 1 FETCH (ENVELOPE ("d" "x;urlauth=‹redacted 3›") UID {1}', ' X ;urlauth=‹redacted 3›)'],
    ],
    ['a OK URLFETCH done', ['a OK URLFETCH done']],
    ['* CAPABILITY URLAUTH=BINARY', ['* CAPABILITY URLAUTH=BINARY']],
  ])('in %j', (line, shown) => {
    expect(lines(server(line), 'response')).toEqual(shown)
  })

  test('in commands, wherever the URL stands', () => {
    const append = `INBOX CATENATE (URL "${url}" TEXT {2}\r\nhi URL x;Urlauth=a:T)`
    const shown = [
      'INBOX CATENATE (URL "imap://joe@h/INBOX/;uid=20;urlauth=‹redacted 35›" TEXT {2}',
      'URL x;Urlauth=‹redacted 3›)',
    ]
    expect(args(`a APPEND ${append}`)).toBe(shown.join('  '))
    expect(lines(client(`a APPEND ${append}`), 'command').join(' ')).toBe(`a APPEND ${shown.join('  ')}`)
    expect(everythingShown(client(`a LOGIN "x;urlauth=TOKEN" "p"`))).not.toContain('TOKEN')
    expect(everythingShown(client(`a;urlauth=TOKEN LOGIN joe p`))).not.toContain('TOKEN')
    expect(args(`a GENURLAUTH "${url}" INTERNAL`)).toBe('‹redacted 82›')
    expect(lines(client('DONE;urlauth=TOKEN'), 'idle-done')).toEqual(['DONE;urlauth=‹redacted 5›'])
  })

  test('nor where the line is cut', () => {
    const raw = server(`* OK ${url}`)
    for (let limit = 1; limit < 90; limit++)
      expect(describeMessage(new Message(raw, 'response'), { hidesAll: false, limit }).join()).not.toMatch(
        /=anon/u,
      )
  })
})

test('no password of a referral and no page of WEBALERT shows', () => {
  expect(lines(server('a NO [REFERRAL imap://joe:hunter2@h/] there'), 'response')).toEqual([
    'a NO [REFERRAL imap://joe:‹redacted 7›@h/] there',
  ])
  expect(lines(server('a NO [WEBALERT https://h/x?plt=T] see'), 'response').join('')).not.toContain('plt')
})

test.each(['\\SMAP1 joe secret', 'a \\SMAP1 joe secret', '\\smap1 LOGIN secret'])(
  '%j leads to another protocol, and shows nothing',
  (line) => {
    expect(lines(client(line), 'command')).toEqual([`‹redacted ${line.length}›`])
    expect(args(line)).not.toContain('secret')
  },
)

test.each([
  ['a CLIENTID UUID hunter2', '‹redacted 13›'],
  ['a PROXYAUTH joe', '‹redacted 4›'],
  ['a XAPPLEPUSHSERVICE aps-device-token 0badc0de mailboxes (INBOX)', '‹redacted 44›'],
  ['a URLFETCH "imap://h/x;urlauth=T"', '‹redacted 23›'],
])('%j shows no token', (line, shown) => {
  expect(args(line)).toBe(shown)
})

test.each([
  ['* 1 FETCH (PREVIEW "dear joe" UID 1)', '* 1 FETCH (PREVIEW {8} UID 1)'],
  ['* 1 FETCH (SNIPPET (FUZZY "dear") UID 1)', '* 1 FETCH (SNIPPET (FUZZY {4}) UID 1)'],
  ['* 1 CONVERTED (TAG "a") (BINARY[1] "dear joe")', '* 1 CONVERTED (TAG "a") (BINARY[1] {8})'],
])('%j shows no body', (line, shown) => {
  expect(lines(server(line), 'response')).toEqual([shown])
})

test('names that only look like credentials show', () => {
  expect(args('a SELECT Logins')).toBe('Logins')
  expect(args('a STATUS "login notes" (MESSAGES)')).toBe('"login notes" (MESSAGES)')
})

test('literals show as their size, with their digest where there is one', () => {
  const raw = client('a APPEND INBOX (\\Seen) {5}\r\nhello')
  const parts = raw.parts.map((part) => (part.kind === 'literal' ? { ...part, digest: 'abc123' } : part))
  expect(describeCommand({ ...raw, parts }, open)).toBe('INBOX (\\Seen) {5 #abc123}')
  expect(args('a APPEND INBOX ~{2}\r\nhi')).toBe('INBOX ~{2}')
})

test('message bodies do not show, be they literals or quoted', () => {
  expect(lines(server('* 1 FETCH (BODY[1]<0> {4}\r\nbody UID 7)'), 'response')).toEqual([
    '* 1 FETCH (BODY[1]<0> {4}',
    ' UID 7)',
  ])
  expect(lines(server('* 1 FETCH (BODY[TEXT] "my body" RFC822.TEXT  "b\\"ody" UID 7)'), 'response')).toEqual([
    '* 1 FETCH (BODY[TEXT] {7} RFC822.TEXT  {6} UID 7)',
  ])
  expect(lines(server('* 1 FETCH (ENVELOPE (NIL "a subject"))'), 'response')).toEqual([
    '* 1 FETCH (ENVELOPE (NIL "a subject"))',
  ])
})

test('nothing that is shown breaks a line, moves a cursor or hides', () => {
  const odd = fc.string({
    unit: fc.constantFrom(
      'a',
      '\n',
      '\r',
      '\u001b',
      '\u009b',
      '\u202e',
      '\u200b',
      '\ufeff',
      '\u2028',
      '\0',
      '\u{e0041}',
      '\u00e9',
    ),
  })
  fc.assert(
    fc.property(odd, (text) => {
      const octets = encodeText(text)
      const shown = [
        args(`a SELECT ${literal(octets)} "${octets}`),
        args(`a LOGIN ${literal(octets)} secret`),
        ...lines(server(`* OK ${octets}`), 'response'),
      ]
      for (const line of shown) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    }),
    { numRuns: 500 },
  )
})

test('no more is shown than the limit, over all lines', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.string({ minLength: 30, maxLength: 200 }),
      (limit, text) => {
        const octets = encodeText(text.replaceAll(/[\r\n{]/gu, ''))
        const raw = client(`a XFOO ${octets}${literal('x')} ${octets}`)
        expect(describeCommand(raw, { hidesAll: false, limit }).length).toBeLessThanOrEqual(limit + 1)
        const shown = describeMessage(new Message(raw, 'command'), { hidesAll: false, limit })
        expect(shown.join('').length).toBeLessThanOrEqual(limit)
      },
    ),
  )
})

test('what is cut ends in an ellipsis', () => {
  expect(describeCommand(client('a SELECT abcdefghij'), { hidesAll: false, limit: 5 })).toBe('abcd…')
})

test('the base64 of this file is base64', () => {
  expect(base64('\0joe\0secret')).toBe('AGpvZQBzZWNyZXQ=')
  expect(latin1(new Uint8Array([0x61]))).toBe('a')
})
