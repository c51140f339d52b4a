/** Content is told by the lines of a response alone, as the readers of whole responses tell it. */

import { describe, expect, it } from 'vitest'

import { ContentGlance } from '../../src/policy/content-glance.ts'

const brings = (line: string, name = 'FETCH'): boolean =>
  new ContentGlance().brings({ name, line: `${line}\r\n`, isFirst: true })

describe('a line brings content', () => {
  it.each([
    '* 1 FETCH (BODY[] {5}',
    '* 1 FETCH (UID 7 BODY[1.2] {5}',
    '* 1 FETCH (BODY[TEXT]<0> {5}',
    '* 1 FETCH (BINARY[1] ~{5}',
    '* 1 FETCH (FLAGS () RFC822 {5}',
    '* 1 fetch (rfc822.text "x")',
    '* 1 FETCH (BODY[] "short")',
  ])('%s', (line) => expect(brings(line)).toBe(true))

  it.each([
    '* 1 FETCH (FLAGS (\\Seen) UID 7)',
    '* 1 FETCH (BODY[HEADER] {5}',
    '* 1 FETCH (BODY[HEADER.FIELDS (SUBJECT)] {5}',
    '* 1 FETCH (BODY[2.MIME] {5}',
    '* 1 FETCH (BODY[1.HEADER] {5}',
    '* 1 FETCH (BODY[9] NIL)',
    '* 1 FETCH (RFC822.SIZE 5 RFC822.HEADER {5}',
    '* 1 FETCH (ENVELOPE (NIL " (BODY[] x" NIL))',
    '* 1 FETCH (BODY ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 5 1))',
  ])('and not %s', (line) => expect(brings(line)).toBe(false))
})

it('an open quote hides no content behind it', () => {
  expect(brings('* 1 FETCH (X "open BODY[] {5}')).toBe(true)
})

it('takes time in proportion to a line, whatever stands in it', () => {
  // By the square of their length each of these would take hours.
  const long = 2_000_000
  for (const part of ['\\"', ' BODY[', '"x', ' UID 5', '(', '[', ' BODY[1.', ' BINARY[1.'])
    brings(`* 1 FETCH (BODY[X "${part.repeat(long / part.length)})`)
  for (const part of [' BODY[', ' BODY[1.', ' BINARY[1.', ' RFC822<1']) {
    expect(brings(`* 1 FETCH (X ${part.repeat(long / part.length)}) BODY[] "`)).toBe(true)
  }
})

it('a response is told of once, with its UID, also where content stands behind a literal', () => {
  const glance = new ContentGlance()
  const see = (line: string, isFirst: boolean): boolean => glance.brings({ name: 'FETCH', line, isFirst })
  expect(see('* 1 FETCH (UID 9 BODY[HEADER] {5}\r\n', true)).toBe(false)
  expect(see(' BODY[TEXT] {5}\r\n', false)).toBe(true)
  expect(glance.uid).toBe(9)
  expect(see(' BODY[1] {5}\r\n', false)).toBe(false)
  expect(see('* 2 FETCH (BODY[] {5}\r\n', true)).toBe(true)
  expect(glance.uid).toBeUndefined()
})

it('each URL of a response is told of, for each may be a message', () => {
  const glance = new ContentGlance()
  const see = (line: string, isFirst: boolean): boolean =>
    glance.brings({ name: 'URLFETCH', line: `${line}\r\n`, isFirst })
  expect(see('* URLFETCH "imap://h/x;uid=1" {5}', true)).toBe(true)
  expect(see(' "imap://h/x;uid=2" {5}', false)).toBe(true)
  expect(see('', false)).toBe(false)
  expect(see('* URLFETCH "imap://h/x;uid=3" "short"', true)).toBe(true)
})

describe('the message that brings content', () => {
  const uidOf = (...lines: readonly string[]): number | undefined => {
    const glance = new ContentGlance()
    for (const [at, line] of lines.entries())
      glance.brings({ name: 'FETCH', line: `${line}\r\n`, isFirst: at === 0 })
    return glance.uid
  }

  it.each([
    [9, ['* 1 FETCH (UID 9 BODY[] {5}']],
    [7, ['* 1 FETCH (FLAGS (\\Seen) UID 7 BODY[] {5}']],
    [4, ['* 1 FETCH (INTERNALDATE "1-Jan-2026" UID 4 BODY[] "x")']],
    [8, ['* 1 FETCH (BODY[HEADER] {5}', ' UID 8 BODY[TEXT] {5}']],
    [8, ['* 1 FETCH (ENVELOPE (NIL {5}', ' NIL (NIL)) UID 8 BODY[TEXT] {5}']],
  ])('has UID %i: %j', (uid, lines) => expect(uidOf(...lines)).toBe(uid))

  // Else all messages would count as one: keywords, labels and names of header fields are what a client wrote.
  it.each([
    ['* 1 FETCH (FLAGS (UID 5) BODY[] {5}'],
    ['* 1 FETCH (X-GM-LABELS (x UID 5) BODY[] {5}'],
    ['* 1 FETCH (BODY[HEADER.FIELDS (UID 5)] {5}', ' BODY[] {5}'],
    ['* 1 FETCH (BODY[HEADER.FIELDS (]] UID 5)] {5}', ' BODY[] {5}'],
    ['* 1 FETCH (BODY[HEADER.FIELDS ({3}', ' UID 5)] {5}', ' BODY[] {5}'],
    ['* 1 FETCH (BODY[HEADER.FIELDS ({3}', ' ]] UID 5)] {5}', ' BODY[] {5}'],
    ['* 1 FETCH (BODY[HEADER.FIELDS ("\\") UID 5" x)] {5}', ' BODY[] {5}'],
    ['* 1 FETCH (ENVELOPE ({3}', ' " UID 5" NIL) BODY[] {5}'],
  ])('is not told by what looks like a UID within an item: %s', (...lines) => {
    expect(uidOf(...lines)).toBeUndefined()
  })
})
