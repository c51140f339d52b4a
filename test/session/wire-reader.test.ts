/** Recorded octets as messages: each with its place and kind, whoever's they are and however they are cut. */

import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { strict, tolerant, type Reading } from '../../src/imap/cursor.ts'
import { limits } from '../../src/imap/limits.ts'
import { latin1, octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import type { IncompleteTail, WireMessage } from '../../src/session/wire-message.ts'
import { WireReader, type WireSides } from '../../src/session/wire-reader.ts'
import { anyOctets } from '../imap/support/values/index.ts'

type Found = WireMessage | IncompleteTail
type Said = readonly [from: Side, text: string]

function read(sides: WireSides, said: readonly Said[], reading: Reading = tolerant): Found[] {
  const reader = new WireReader(sides, reading)
  const pushed = said.flatMap(([from, text]) => [...reader.push(from, octetsOf(text))])
  return [...pushed, ...reader.finish()]
}

const c = (...lines: string[]): Said => ['client', lines.map((line) => `${line}\r\n`).join('')]
const s = (...lines: string[]): Said => ['server', lines.map((line) => `${line}\r\n`).join('')]
const lone = (said: Said, reading?: Reading): Found[] => read(said[0], [said], reading)

/** `client command NOOP a1`, with what is wrong behind it. */
const told = (found: readonly Found[]): string[] =>
  found.map((message) => {
    if (message.kind === 'incomplete') return `${message.from} incomplete ${message.octets}`
    const { from, kind, name, tag, faults, ok } = message
    const words = [from, kind, name, tag ?? [], ok ? [] : 'unreadable', faults.map(({ rule }) => `!${rule}`)]
    return words
      .flat(2)
      .filter((word) => word !== '')
      .join(' ')
  })

describe('a server alone', () => {
  it('greets first, and only then', () => {
    expect(told(lone(s('* OK hi', '* OK still', '* BYE gone')))).toEqual([
      'server greeting OK',
      'server untagged OK',
      'server untagged BYE',
    ])
    expect(told(lone(s('* 3 EXISTS', '* OK hi')))).toEqual(['server untagged EXISTS', 'server untagged OK'])
  })

  it('says completions, continuation requests and noise', () => {
    expect(told(lone(s('a1 OK done', '+', '+ go on', 'a2 NO [X-NEW] what', 'HTTP/1.1 400 Bad')))).toEqual([
      'server tagged OK a1',
      'server continuation + !missing-text',
      'server continuation +',
      'server tagged NO a2',
      expect.stringMatching(/^server untagged unreadable !/u),
    ])
  })

  it('enables UTF-8 for what comes behind', () => {
    const list = '* LIST () "/" "b\xc3\xbc"'
    expect(told(lone(s('* ENABLED UTF8=ACCEPT', list), strict))).toEqual([
      'server untagged ENABLED',
      'server untagged LIST',
    ])
    expect(told(lone(s(list), strict))).toEqual(['server untagged LIST unreadable !eight-bit-quoted'])
  })
})

describe('a client alone', () => {
  it('sends literals without a pause, and pipelines', () => {
    expect(told(lone(c('a LOGIN {3}', 'joe {6}', 'secret', 'b NOOP', 'c UID FETCH 1 FLAGS')))).toEqual([
      'client command LOGIN a',
      'client command NOOP b',
      'client command UID FETCH c',
    ])
  })

  it('answers challenges with lines that are no commands', () => {
    const lines = ['a AUTHENTICATE XOAUTH2', 'dXNlcg==', '', '*', 'XOAUTH2 dXNlcg==', 'b NOOP', 'x']
    expect(told(lone(c(...lines)))).toEqual([
      'client command AUTHENTICATE a',
      'client data AUTHENTICATE',
      'client data AUTHENTICATE',
      'client data AUTHENTICATE',
      'client data AUTHENTICATE',
      'client command NOOP b',
      'client command unreadable !missing-space',
    ])
  })

  it('ends IDLE by DONE', () => {
    expect(told(lone(c('a IDLE', 'done', 'DONE', 'b IDLE', 'c NOOP')))).toEqual([
      'client command IDLE a',
      'client data IDLE',
      'client command unreadable !missing-space',
      'client command IDLE b',
      'client command NOOP c',
    ])
  })
})

it('a client alone is taken to have enabled what it asked for, until it logs out of it', () => {
  const select = 'c SELECT "b\xc3\xbc"'
  const lines = ['a ENABLE UTF8=ACCEPT', select, 'b UNAUTHENTICATE', select]
  expect(told(lone(c(...lines), strict))).toEqual([
    'client command ENABLE a',
    'client command SELECT c',
    'client command UNAUTHENTICATE b',
    'client command SELECT c unreadable !eight-bit-quoted',
  ])
})

describe('both in context', () => {
  it('wait for each other', () => {
    expect(
      told(
        read('both', [
          s('* OK hi'),
          c('a LOGIN joe {6}', 'secret', 'b IDLE', 'DONE', 'c AUTHENTICATE PLAIN', 'AGEAYg=='),
          s('+ go', 'a OK in', '* 3 EXISTS', '+ idling', 'b OK out', '+ ', 'c NO no'),
        ]),
      ),
    ).toEqual([
      'server greeting OK',
      'server continuation +',
      'client command LOGIN a',
      'client command IDLE b',
      'server tagged OK a',
      'server untagged EXISTS',
      'server continuation +',
      'client data IDLE',
      'client command AUTHENTICATE c',
      'server tagged OK b',
      'server continuation +',
      'client data AUTHENTICATE',
      'server tagged NO c',
    ])
  })

  it('know a refused literal, and what comes in its place', () => {
    const found = read('both', [c('a APPEND x {5}', 'b NOOP'), s('a NO [TOOBIG] no', 'b OK')])
    expect(told(found).slice(0, 3)).toEqual([
      'client command APPEND a',
      'server tagged NO a',
      'client command NOOP b',
    ])
    expect(found[0]).toMatchObject({ value: undefined, octets: 16 })
  })

  it('know a refusal that the server could not tag', () => {
    expect(told(read('both', [c('a APPEND x {5}', 'b NOOP'), s('* BAD what')]))).toEqual([
      'client command APPEND a',
      'server untagged BAD',
      'client command NOOP b',
    ])
  })

  it('find a client that forgot its IDLE', () => {
    const said = [c('a IDLE'), s('+ idling'), c('b NOOP'), s('a BAD expected DONE'), c('c NOOP')]
    expect(told(read('both', said))).toEqual([
      'client command IDLE a',
      'server continuation +',
      'client data IDLE !idle-without-done',
      'server tagged BAD a',
      'client command NOOP c',
    ])
    expect(told(read('both', said, strict))).toContain('client data IDLE unreadable !idle-without-done')
  })

  it('read at the end as it looks what nobody answered', () => {
    expect(told(read('both', [s('* OK hi'), c('a AUTHENTICATE PLAIN', 'AGEAYg==', 'b NOOP')]))).toEqual([
      'server greeting OK',
      'client command AUTHENTICATE a',
      'client data AUTHENTICATE',
      'client command NOOP b',
    ])
  })

  it('attach responses to their commands', () => {
    const [, command, data, completion] = read('both', [
      s('* OK hi'),
      c('a NOOP'),
      s('* 1 EXISTS', 'a OK'),
    ]).filter((message) => message.kind !== 'incomplete')
    expect(command?.exchange?.tag).toBe('a')
    expect(data?.exchange).toBe(command?.exchange)
    expect(completion?.exchange).toBe(command?.exchange)
  })

  it('follow the session, also into the middle of one', () => {
    const reader = new WireReader('both')
    for (const [from, text] of [c('a SELECT x'), s('* 3 EXISTS', 'a OK in')])
      Array.from(reader.push(from, octetsOf(text)))
    expect(reader.session).toMatchObject({ state: 'selected', mailbox: { exists: 3 } })
    expect(reader.hasGreeting).toBe(false)
  })
})

test('an empty line is a message of its own', () => {
  expect(told(lone(c('', 'a NOOP')))).toEqual(['client command !empty-line', 'client command NOOP a'])
  expect(told(lone(s('', '* OK hi')))).toEqual(['server untagged !empty-line', 'server greeting OK'])
  expect(told(lone(s(''), strict))).toEqual(['server untagged unreadable !empty-line'])
})

test('what is larger than is kept is passed over', () => {
  const size = limits.literalKept + 1
  const [message, next] = lone([
    'server',
    `* 1 FETCH (BODY[] {${size}}\r\n${'x'.repeat(size)})\r\n* 2 EXISTS\r\n`,
  ])
  expect(message).toMatchObject({ value: { items: [{ data: { kind: 'streamed', size } }] } })
  expect(next).toMatchObject({ name: 'EXISTS', offset: size + 30 })
  const long = `* SEARCH${' 1'.repeat(limits.lineOctets)}\r\n`
  expect(told(lone(['server', `${long}* 2 EXISTS\r\n`]))).toEqual([
    'server untagged SEARCH unreadable !message-too-long',
    'server untagged EXISTS',
  ])
})

test('what has no end is told with its place', () => {
  expect(lone(['server', '* OK hi\r\n* 1 FETCH (BODY[] {5}\r\nabc']).at(-1)).toEqual({
    kind: 'incomplete',
    from: 'server',
    offset: 9,
    octets: 26,
  })
})

test('whatever is sent in whatever pieces, the octets add up and the splits do not matter', () => {
  const said = fc.array(fc.tuple(fc.constantFrom<Side>('client', 'server'), anyOctets), { maxLength: 6 })
  fc.assert(
    fc.property(
      said,
      fc.constantFrom(tolerant, strict),
      fc.integer({ min: 1, max: 5 }),
      (turns, reading, size) => {
        const ended = turns.map(([from, text]): Said => [from, `${text}\r\n`])
        const cut = ended.flatMap(([from, text]) =>
          (text.match(new RegExp(`[^]{1,${size}}`, 'gu')) ?? []).map((piece): Said => [from, piece]),
        )
        const found = read('both', ended, reading)
        expect(told(read('both', cut, reading))).toEqual(told(found))
        for (const side of ['client', 'server'] as const) {
          const own = found.filter(({ from }) => from === side)
          let offset = 0
          for (const message of own) {
            expect(message.offset).toBe(offset)
            offset += message.octets
          }
          const sent = ended.filter(([from]) => from === side).map(([, text]) => text)
          expect(offset).toBe(sent.join('').length)
        }
      },
    ),
    { numRuns: 1000 },
  )
})

test('the raw message is the octets', () => {
  const text = '* 1 FETCH (BODY[] {3}\r\nabc UID 5)\r\n'
  const [message] = lone(['server', text])
  const parts = message?.kind === 'incomplete' ? [] : (message?.raw.parts ?? [])
  expect(parts.map(({ octets }) => (octets ? latin1(octets) : '')).join('')).toBe(text)
})
