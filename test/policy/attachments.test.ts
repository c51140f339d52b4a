/** Which parts a FETCH would bring, how large they are, and for which messages it may go on. */

import { describe, expect, it } from 'vitest'

import type { Command } from '../../src/imap/commands/index.ts'
import { asksUnmeasured, PartSearch, structureQuestion } from '../../src/policy/attachments.ts'
import { command, response } from './support/mailbox-world.ts'

type FetchCommand = Extract<Command, { readonly name: 'FETCH' }>

function fetch(line: string): FetchCommand {
  const read = command(`a ${line}`)
  if (read.name !== 'FETCH') throw new Error(`no FETCH: ${line}`)
  return read
}

/** Looks at these answers for a limit of 100 octets. */
function search(line: string, ...answers: readonly string[]): PartSearch {
  const found = new PartSearch(fetch(line), 100)
  for (const answer of answers) {
    const read = response(answer)
    if (read.kind === 'untagged') found.learn(read.data)
  }
  return found
}

const text = (octets: number): string => `("text" "plain" NIL NIL NIL "7bit" ${octets} 1)`
const file = (octets: number): string => `("application" "pdf" NIL NIL NIL "base64" ${octets})`
const envelope = '(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)'
const message = (octets: number, body: string): string =>
  `("message" "rfc822" NIL NIL NIL "7bit" ${octets} ${envelope} ${body} 9)`
const mixed = (...parts: readonly string[]): string => `(${parts.join('')} "mixed")`
const answer = (body: string, at = 1, size = 1000): string =>
  `* ${at} FETCH (UID ${at + 10} RFC822.SIZE ${size} BODYSTRUCTURE ${body})`

describe('a part that is asked for', () => {
  const big = mixed(text(10), file(900))

  it.each([
    'BODY[]',
    'BODY.PEEK[]',
    'BODY[TEXT]',
    'RFC822',
    'RFC822.TEXT',
    'BODY[2]',
    'BODY[2]<0.10>',
    'BINARY[2]',
  ])('is found where it is too large: %s', (item) => {
    expect(search(`FETCH 1 ${item}`, answer(big)).found).toEqual({ message: 1, octets: 900 })
  })

  it.each(['BODY[1]', 'BODY.PEEK[1]<0.5>', 'BINARY[1]', 'BODY[2.MIME]', 'BODY[HEADER]'])(
    'is none of those beside it: %s',
    (item) => {
      const found = search(`FETCH 1 (FLAGS ${item})`, answer(big))
      expect([found.found, found.isOdd]).toEqual([undefined, false])
    },
  )

  it('is looked for in messages within messages', () => {
    const within = mixed(text(10), message(50, mixed(text(5), file(700))))
    expect(search('FETCH 1 BODY[2.2]', answer(within)).found?.octets).toBe(700)
    expect(search('FETCH 1 BODY[2.1]', answer(within)).found).toBeUndefined()
    expect(search('FETCH 1 BODY[2]', answer(within)).found?.octets).toBe(700)
  })

  // Part 1 of what is no multipart is all of it (RFC 9051 section 6.4.5.1).
  it.each(['BODY[1]', 'BINARY[1]', 'BODY[1]<0.10>', 'BODY[TEXT]', 'BODY[1.2]'])(
    'is the whole of a message that is one message itself: %s',
    (item) => {
      const whole = message(950, mixed(text(10), file(900)))
      expect(search(`FETCH 1 ${item}`, answer(whole)).found?.octets).toBeGreaterThanOrEqual(900)
    },
  )

  // Before the first boundary, behind the last one, or without any: the structure says nothing of what stands there.
  it.each(['BODY[]', 'BODY[TEXT]', 'BINARY[]', 'RFC822', 'BODY[7]'])(
    'may be in no part of a multipart at all: %s',
    (item) => {
      const found = search(`FETCH 1 ${item}`, answer(mixed(text(10)), 1, 800))
      expect(found.found).toEqual({ message: 1, octets: 790 })
    },
  )

  it('may be in no part of a multipart within, of which the message or the one around it tells', () => {
    const within = answer(mixed(text(10), mixed(text(5))), 1, 800)
    expect(search('FETCH 1 BODY[2]', within).found?.octets).toBe(785)
    expect(search('FETCH 1 (BODY[1] BODY[2.1])', within).found).toBeUndefined()
    const deeper = answer(mixed(text(10), message(95, mixed(mixed(text(5))))), 1, 110)
    expect(search('FETCH 1 (BODY[2] BODY[2.1] BODY[2.TEXT])', deeper).found).toBeUndefined()
    const larger = answer(mixed(text(10), message(700, mixed(mixed(text(5))))), 1, 800)
    expect(search('FETCH 1 BODY[2.1]', larger).found?.octets).toBe(695)
  })

  it('is any where there is no such part', () => {
    expect(search('FETCH 1 BODY[7]', answer(big)).found?.octets).toBe(900)
    expect(search('FETCH 1 BODY[1.9]', answer(big)).found).toBeUndefined()
  })

  it('is looked for in every message that answers', () => {
    const found = search('FETCH 1:3 BODY[]', answer(text(5)), answer(file(200), 2), answer(text(5), 3))
    expect(found.found).toEqual({ message: 2, octets: 200 })
  })

  it('of a size that nobody knows, or without a structure, is odd', () => {
    expect(search('FETCH 1 BODY[]', answer(file(-1))).isOdd).toBe(true)
    expect(search('FETCH 1 BODY[]', '* 1 FETCH (UID 11 X-ODD (((1))))').isOdd).toBe(true)
    expect(search('FETCH 1 BODY[]', `* 1 FETCH (BODYSTRUCTURE ${mixed(text(5))})`).isOdd).toBe(true)
    expect(search('UID FETCH 1 BODY[]', `* 1 FETCH (BODYSTRUCTURE ${text(5)})`).isOdd).toBe(true)
  })
})

describe('the messages of a command that may go on', () => {
  const narrowed = (line: string, ...answers: readonly string[]): FetchCommand | undefined =>
    search(line, ...answers).narrow(fetch(line))

  // Between the answer and the command a message may come that nobody has looked at.
  it.each([
    ['FETCH * BODY[]', '3'],
    ['FETCH 1:* BODY[]', '1:3'],
    ['FETCH *:1 BODY[]', '1:3'],
    ['FETCH 9:* BODY[]', '3'],
    ['FETCH 1,3:4294967295 BODY[]', '1,3'],
    ['FETCH 2:3,8,9:12 BODY[]', '2:3'],
    ['FETCH $ BODY[]', '$'],
    ['FETCH 3 BODY[]', '3'],
    ['UID FETCH 1:* BODY[]', '1:13'],
    ['UID FETCH 13:* BODY[]', '13'],
  ])('are those that were looked at: %s', (line, messages) => {
    expect(narrowed(line, answer(text(5), 3))?.messages).toBe(messages)
  })

  it('are asked for nothing that could be content where none answered', () => {
    expect(narrowed('UID FETCH 50:99 (FLAGS BODY[])')).toMatchObject({
      messages: '50:99',
      items: [{ name: 'UID' }],
    })
    expect(narrowed('FETCH 8:9 BODY[]', answer(text(5), 3))?.items).toEqual([{ name: 'UID' }])
  })

  it('cannot be fewer where the client asks for what is gone as well', () => {
    expect(narrowed('UID FETCH 1:* BODY[] (CHANGEDSINCE 5 VANISHED)', answer(text(5)))).toBeUndefined()
  })
})

describe('a command', () => {
  it.each([
    'FETCH 1 FLAGS',
    'FETCH 1 (ENVELOPE BODY.PEEK[HEADER])',
    'UID FETCH 1 BODYSTRUCTURE',
    'FETCH 1 FULL',
  ])('that asks for no content needs no structure: %s', (line) => {
    expect(structureQuestion(fetch(line))).toBeUndefined()
  })

  it('that does is preceded by a question for the same messages', () => {
    expect(structureQuestion(fetch('UID FETCH $ BODY[1]'))).toMatchObject({
      uid: true,
      messages: '$',
      items: [{ name: 'UID' }, { name: 'RFC822.SIZE' }, { name: 'BODYSTRUCTURE' }],
    })
  })

  it.each([
    ['NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[]) MessageExpunge))', true],
    ['NOTIFY SET (SELECTED (MessageNew (UID BODY.PEEK[HEADER]) MessageExpunge))', false],
    ['NOTIFY SET (SELECTED (MessageNew MessageExpunge))', false],
    ['URLFETCH "imap://h/x;UID=1"', true],
    ['PARTIAL 1 BODY[] 1 9', true],
    ['FETCH 1 BODY[]', false],
    ['NOOP', false],
  ])('gives out content that nobody can measure: %s is %s', (line, is) => {
    expect(asksUnmeasured(command(`a ${line}`))).toBe(is)
  })
})
