import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readResponse,
  untaggedNames,
  writeResponse,
  type Response,
} from '../../../src/imap/responses/index.ts'
import { strict, strictUtf8, tolerant, type Reading } from '../../../src/imap/cursor.ts'
import { limits } from '../../../src/imap/limits.ts'
import { rawMessage, server, textOf } from '../support/wire.ts'
import { anyOctets, responses } from '../support/values/index.ts'

const read = (line: string): Response => {
  const response = readResponse(server(line))
  if (!response.ok) throw new Error(response.fault.rule)
  return response.value
}
const data = (line: string): unknown => {
  const response = read(line)
  return response.kind === 'untagged' ? response.data : response
}
const quirks = (line: string): string[] => readResponse(server(line)).quirks.map(({ rule }) => rule)
const fault = (line: string): string => {
  const response = readResponse(server(line))
  return response.ok ? 'none' : response.fault.rule
}

/** Their generators make body structures that only a tolerant reading takes, such as an encoding of NIL. */
const lenient = ['fetch', 'uid fetch', 'converted', 'URL fetch']
const readingOf = (family: string): Reading => (lenient.includes(family) ? tolerant : strictUtf8)

describe('what is written is read back as the same response', () => {
  test.each(Object.keys(responses))('%s', (family) => {
    const arbitrary = responses[family] ?? fc.constantFrom<Response>()
    fc.assert(
      fc.property(arbitrary, (response) => {
        const written = textOf(writeResponse(response))
        const again = readResponse(rawMessage('server', written), readingOf(family))
        if (!again.ok) throw new Error(`${again.fault.rule} in ${written}`)
        expect(again.value).toEqual(response)
      }),
      { numRuns: 150 },
    )
  })
})

test('whatever a server sends, reading ends without an exception', () => {
  fc.assert(
    fc.property(anyOctets, (line) => {
      for (const text of [line, `* ${line}`, `* 1 FETCH (${line}`, `* OK [${line}`]) {
        readResponse(rawMessage('server', `${text}\r\n`))
        readResponse(rawMessage('server', `${text}\r\n`), strict)
      }
    }),
    { numRuns: 3000 },
  )
})

test('what can be read can be written, and what was written reads the same', () => {
  fc.assert(
    fc.property(anyOctets, fc.constantFrom('* ', '* 1 FETCH (', '* OK ', 'a OK '), (line, head) => {
      const first = readResponse(rawMessage('server', `${head}${line}${head.endsWith('(') ? ')' : ''}\r\n`))
      fc.pre(first.ok)
      const written = textOf(writeResponse(first.value))
      const second = readResponse(rawMessage('server', written))
      if (!second.ok) throw new Error(`${second.fault.rule} in ${written}`)
      expect(textOf(writeResponse(second.value))).toBe(written)
    }),
    { numRuns: 2000 },
  )
})

test('completions, continuation requests and untagged data are told apart', () => {
  expect(read('a1 OK done')).toEqual({ kind: 'tagged', tag: 'a1', status: 'OK', text: { text: 'done' } })
  expect(read('+ go on')).toEqual({ kind: 'continuation', text: { text: 'go on' } })
  expect(data('* 23 EXISTS')).toEqual({ name: 'EXISTS', count: 23 })
})

test.each(['a1 OK', 'a1 OK ', '+', '+ '])('%j has no text, which is legal since RFC 9051', (line) => {
  expect(read(line)).toMatchObject({ text: { text: '' } })
})

test('words are read in any case', () => {
  expect(data('* capability imap4rev1')).toEqual({ name: 'CAPABILITY', capabilities: ['imap4rev1'] })
  expect(data('* 3 exists')).toEqual({ name: 'EXISTS', count: 3 })
  expect(read('a1 no sorry')).toMatchObject({ status: 'NO' })
})

test('untagged words that nobody knows are kept, with or without a number', () => {
  expect(data('* XPIG-LATIN ow "x" (y)')).toMatchObject({ name: 'unknown', word: 'XPIG-LATIN' })
  expect(data('* 99 NOOP x')).toMatchObject({ name: 'unknown', number: 99, word: 'NOOP' })
})

test.each(['[COPYUID 55 31 6] done', '* [COPYUID 55 31 6] done'])(
  '%j is a code without its status',
  (line) => {
    expect(data(line)).toMatchObject({ name: 'OK', text: { code: { name: 'COPYUID' }, text: 'done' } })
    expect(quirks(line)).toEqual(['missing-status'])
  },
)

test.each([
  ['* 3 EXISTS* 3 RECENT', 'EXISTS', 'RECENT'],
  ['* FLAGS (\\Seen)* 1 FETCH (UID 3)', 'FLAGS', 'FETCH'],
])('%j is two responses', (line, first, second) => {
  expect(read(line)).toMatchObject({
    data: { name: first },
    glued: { kind: 'untagged', data: { name: second } },
  })
  expect(quirks(line)).toContain('glued-responses')
  expect(textOf(writeResponse(read(line)))).toBe(`${line}\r\n`)
})

test('responses without end on one line end at the limit and not in the stack', () => {
  expect(fault('* 3 EXISTS'.repeat(limits.nesting + 2))).toBe('nested-too-deep')
})

test.each([
  ['a+b OK done', 'odd-tag'],
  ['* X{Y z', 'odd-atom'],
])('%j: %s', (line, rule) => {
  expect(quirks(line)).toEqual([rule])
})

test('the registry knows its words, with a number and without', () => {
  expect(['FETCH', 'EXISTS', 'URLFETCH'].filter((name) => untaggedNames.has(name))).toHaveLength(3)
})

test('NULs in front of a line are skipped', () => {
  expect(data('\0\0* 3 EXISTS')).toEqual({ name: 'EXISTS', count: 3 })
})

test.each(['\n', '\r\r\n'])('the line end %j is one, too', (end) => {
  expect(readResponse(rawMessage('server', `* 3 EXISTS${end}`)).ok).toBe(true)
})

test.each([
  ['Server Unavailable. 15', 'unknown-status'],
  ['[COPY 55 31 6]', 'unknown-status'],
  ['* [COPY 55 31 6]', 'unknown-status'],
  ['', 'missing-word'],
  ['* 3 EXISTS really', 'trailing-octets'],
])('%j is unreadable: %s', (line, rule) => {
  expect(fault(line)).toBe(rule)
})

test('a bomb of parentheses ends at the limit and not in the stack', () => {
  const bomb = '('.repeat(300_000)
  expect(fault(`* 1 FETCH (BODYSTRUCTURE ${bomb}`)).toBe('nested-too-deep')
  expect(fault(`* XBOMB ${'('.repeat(limits.nesting + 1)}`)).toBe('nested-too-deep')
})
