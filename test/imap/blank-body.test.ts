import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { findBodies } from '../../src/imap/blank-body.ts'
import { findCredentials } from '../../src/imap/blank.ts'
import { contentEnd } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { conversation, playTurns, whole } from '../support/conversations.ts'
import { messageOf, show } from './support/blanked.ts'

const blank = (from: Side, ...pieces: readonly string[]): string => {
  const message = messageOf(from, pieces)
  return show(message, findBodies(message))
}

describe('the text of a mail that a client sends', () => {
  it.each([
    [['a APPEND INBOX {6}', 'canary', ''], 'a APPEND INBOX {6}|######|'],
    [['a APPEND {5}', 'INBOX', ' (\\Seen) {6}', 'canary', ''], 'a APPEND {5}|INBOX| (\\Seen) {6}|######|'],
    [['a append INBOX {6}', 'canary', ' {6}', 'canary', ''], 'a append INBOX {6}|######| {6}|######|'],
    [['a REPLACE 4 {5}', 'INBOX', ' {6}', 'canary', ''], 'a REPLACE 4 {5}|INBOX| {6}|######|'],
    [['a UID REPLACE 4 INBOX {6}', 'canary', ''], 'a UID REPLACE 4 INBOX {6}|######|'],
    [
      ['a APPEND INBOX CATENATE (URL {3}', '/;u', ' TEXT {6}', 'canary', ')'],
      'a APPEND INBOX CATENATE (URL {3}|/;u| TEXT {6}|######|)',
    ],
    [['a APPEND {6}', 'canary', ''], 'a APPEND {6}|######|'],
    [['APPEND INBOX {6}', 'canary', ''], 'APPEND INBOX {6}|######|'],
    [['a XAPPEND INBOX {6}', 'canary', ''], 'a XAPPEND INBOX {6}|######|'],
    [['a SEARCH TEXT {6}', 'canary', ''], 'a SEARCH TEXT {6}|canary|'],
    [['a UID SEARCH TEXT {6}', 'canary', ''], 'a UID SEARCH TEXT {6}|canary|'],
    [['a UID SELECT {6}', 'canary', ''], 'a UID SELECT {6}|######|'],
    [['a SELECT {5}', 'INBOX', ''], 'a SELECT {5}|INBOX|'],
  ])('%j is %s', (pieces, shown) => {
    expect(blank('client', ...pieces)).toBe(shown)
  })
})

describe('what is blanked', () => {
  it('lies within its part, in order, and touches no line end, whatever two sides say', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const talk = playTurns(turns, whole, { messages: true })
        for (const { message, hidesAll } of talk.of('message'))
          for (const spans of [findBodies(message), findCredentials(message, hidesAll)])
            for (const [at, { part, from, to }] of spans.entries()) {
              const of = message.raw.parts[part]
              const end = of?.kind === 'line' ? contentEnd(of.octets) : (of?.announced.size ?? 0)
              expect(from).toBeGreaterThanOrEqual(0)
              expect(to).toBeGreaterThan(from)
              expect(to).toBeLessThanOrEqual(end)
              const before = spans[at - 1]
              if (before?.part === part) expect(from).toBeGreaterThanOrEqual(before.to)
            }
      }),
      { numRuns: 150 },
    )
  })

  it.each([
    ['escaped quotes', '* URLFETCH "', '\\"'],
    ['quotes', '* URLFETCH ', '"'],
    ['bodies', '* 1 FETCH (', 'BODY[] "'],
    ['URLs', '* OK ', 'imap://a:b@c;urlauth=x '],
    ['spaces', '* URLFETCH', ' '],
  ])('is found in linear time: %s', (_, head, piece) => {
    const line = `${head}${piece.repeat(Math.floor(1_000_000 / piece.length))}`
    const message = messageOf('server', [line])
    expect(findBodies(message).length).toBeGreaterThanOrEqual(0)
    expect(findCredentials(message, false).length).toBeGreaterThanOrEqual(0)
  })
})

/** More spaces than any honest server puts between an item and its value. */
const gap = ' '.repeat(200)

describe('the text of a mail that a server sends', () => {
  it.each([
    [['* 1 FETCH (BODY[] {6}', 'canary', ')'], '* 1 FETCH (BODY[] {6}|######|)'],
    [['* 1 FETCH (BODY[1.2]<0> {6}', 'canary', ' UID 3)'], '* 1 FETCH (BODY[1.2]<0> {6}|######| UID 3)'],
    [['* 1 FETCH (RFC822.TEXT {6}', 'canary', ')'], '* 1 FETCH (RFC822.TEXT {6}|######|)'],
    [['* 1 FETCH (BINARY[1] ~{6}', 'canary', ')'], '* 1 FETCH (BINARY[1] ~{6}|######|)'],
    [
      ['* 1 FETCH (BODY[HEADER.FIELDS ({7}', 'Subject', ')] {6}', 'canary', ')'],
      '* 1 FETCH (BODY[HEADER.FIELDS ({7}|Subject|)] {6}|######|)',
    ],
    [['* 1 UIDFETCH (BODY[] {6}', 'canary', ')'], '* 1 UIDFETCH (BODY[] {6}|######|)'],
    [['* 1 FETCH (X-VENDOR-TEXT {6}', 'canary', ')'], '* 1 FETCH (X-VENDOR-TEXT {6}|######|)'],
    [
      ['* 1 CONVERTED (TAG "a") (BINARY[1] ~{6}', 'canary', ')'],
      '* 1 CONVERTED (TAG "a") (BINARY[1] ~{6}|######|)',
    ],
    [[`* 1 FETCH (BODY[]${gap}{6}`, 'canary', ')'], `* 1 FETCH (BODY[]${gap}{6}|######|)`],
    [[`* 1 FETCH (BODY[1]${gap}"canary")`], `* 1 FETCH (BODY[1]${gap}"######")`],
    [['* XMAIL 1 {6}', 'canary', ''], '* XMAIL 1 {6}|######|'],
    [['* 1 FETCH (BODY[1] "canary" UID 4)'], '* 1 FETCH (BODY[1] "######" UID 4)'],
    [['* 1 FETCH (PREVIEW "canary")'], '* 1 FETCH (PREVIEW "######")'],
    [['* 1 FETCH (SNIPPET (FUZZY "canary"))'], '* 1 FETCH (SNIPPET (FUZZY "######"))'],
    [['* URLFETCH "imap://x" {6}', 'canary', ''], '* URLFETCH "imap://x" {6}|######|'],
    [['* URLFETCH {8}', 'imap://x', ' "canary"'], '* URLFETCH {8}|imap://x| "######"'],
  ])('%j is %s', (pieces, shown) => {
    expect(blank('server', ...pieces)).toBe(shown)
  })

  it.each([
    [['* 1 FETCH (ENVELOPE (NIL {7}', 'subject', ' NIL NIL NIL NIL NIL NIL NIL NIL))']],
    [['* 1 FETCH (ENVELOPE ("date" {7}', 'subject', ' NIL))']],
    [['* 1 FETCH (BODYSTRUCTURE ("text" "plain" ({7}', 'charset', ' "x") NIL NIL "7bit" 3 1))']],
    [['* 1 FETCH (X-GM-LABELS ({4}', 'work', '))']],
    [['* LIST () "/" {5}', 'INBOX', '']],
    [['* METADATA INBOX (/shared/comment {4}', 'mine', ')']],
    [['* 1 FETCH (FLAGS (\\Seen) UID 4)']],
  ])('is no envelope and no name: %j', (pieces) => {
    const message = messageOf('server', pieces)
    expect(findBodies(message)).toEqual([])
  })
})
