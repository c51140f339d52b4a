import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readResponse, writeResponse, type Response } from '../../../src/imap/responses/index.ts'
import { strict } from '../../../src/imap/cursor.ts'
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
const fault = (line: string): string => {
  const response = readResponse(server(line))
  return response.ok ? 'none' : response.fault.rule
}

describe('what is written is read back as the same response', () => {
  test.each(Object.keys(responses))('%s', (family) => {
    const arbitrary = responses[family] ?? fc.constantFrom<Response>()
    fc.assert(
      fc.property(arbitrary, (response) => {
        const written = textOf(writeResponse(response))
        const again = readResponse(rawMessage('server', written))
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

test('NULs in front of a line are skipped', () => {
  expect(data('\0\0* 3 EXISTS')).toEqual({ name: 'EXISTS', count: 3 })
})

test.each(['\n', '\r\r\n'])('the line end %j is one, too', (end) => {
  expect(readResponse(rawMessage('server', `* 3 EXISTS${end}`)).ok).toBe(true)
})

test.each([
  ['Server Unavailable. 15', 'unknown-status'],
  ['[COPYUID 55 31 6]', 'unknown-status'],
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
