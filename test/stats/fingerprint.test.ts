/** Fingerprints: the same for the same kind of command, whoever's mail it is about. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fingerprint } from '../../src/stats/fingerprint.ts'

/** `UID FETCH 1:* FLAGS`, as name and arguments. */
function kindOf(command: string): string {
  const [, name = '', args = ''] = /^((?:UID )?\S+) ?(.*)$/su.exec(command) ?? []
  return fingerprint({ name, args })
}

describe('a fingerprint', () => {
  it.each([
    ['NOOP', 'NOOP'],
    ['UID FETCH 1:* (FLAGS ENVELOPE)', 'UID FETCH ? (FLAGS ENVELOPE)'],
    ['FETCH 1,2,5:9 flags', 'FETCH ? FLAGS'],
    ['UID FETCH 7 (BODY.PEEK[1.2.MIME]<0.1024> uid)', 'UID FETCH ? (BODY.PEEK[?.MIME]<?> UID)'],
    ['FETCH 1 BODY.PEEK[HEADER.FIELDS (From To)]', 'FETCH ? BODY.PEEK[HEADER.FIELDS (FROM TO)]'],
    ['UID FETCH 1:* (FLAGS) (CHANGEDSINCE 12345 VANISHED)', 'UID FETCH ? (FLAGS) (CHANGEDSINCE ? VANISHED)'],
    [
      'UID STORE 5 +FLAGS.SILENT (\\Seen $Forwarded secretproject other)',
      'UID STORE ? +FLAGS.SILENT (\\Seen $FORWARDED ?)',
    ],
    ['SEARCH UNSEEN FROM ann', 'SEARCH UNSEEN FROM ?'],
    ['SEARCH FROM unseen', 'SEARCH FROM ?'],
    [
      'UID SEARCH RETURN (MIN MAX) OR (SUBJECT "x y" SINCE 1-Feb-2026) 1:9',
      'UID SEARCH RETURN (MIN MAX) OR (SUBJECT ? SINCE ?) ?',
    ],
    ['SEARCH CHARSET UTF-8 HEADER Message-ID "<x@y>"', 'SEARCH CHARSET UTF-8 HEADER MESSAGE-ID ?'],
    ['SORT (REVERSE DATE) UTF-8 FROM ann ALL', 'SORT (REVERSE DATE) UTF-8 FROM ? ALL'],
    ['UID THREAD REFERENCES UTF-8 SINCE 5-MAR-2026', 'UID THREAD REFERENCES UTF-8 SINCE ?'],
    ['SELECT "Mail &- more" (QRESYNC (67890007 20050715194045000 41:211))', 'SELECT ? (QRESYNC (?))'],
    ['SELECT (odd', 'SELECT (?'],
    ['STATUS Lists (MESSAGES UIDNEXT)', 'STATUS ? (MESSAGES UIDNEXT)'],
    ['LIST "" *', 'LIST ? ?'],
    [
      'LIST (SUBSCRIBED) "" ("INBOX" Arch/%) RETURN (STATUS (UNSEEN))',
      'LIST (SUBSCRIBED) ? (?) RETURN (STATUS (UNSEEN))',
    ],
    ['APPEND Sent (\\Seen) "21-Nov-2026 05:00:00 +0000" {310 #f5d584c4a994}', 'APPEND ? (\\Seen) ? ?'],
    ['COPY 1:3 Trash', 'COPY ? ?'],
    ['LOGIN ann ‹redacted 6›', 'LOGIN ? ?'],
    ['AUTHENTICATE PLAIN ‹redacted 16›', 'AUTHENTICATE PLAIN ?'],
    ['ID ("name" "Thunderbird")', 'ID ?'],
    ['ENABLE CONDSTORE qresync', 'ENABLE CONDSTORE QRESYNC'],
    ['XYZZY some thing', 'XYZZY ?'],
  ])('of %s', (command, kind) => {
    expect(kindOf(command)).toBe(kind)
  })

  it('is short, and there is one for anything', () => {
    const pieces = fc.constantFrom(
      '(',
      ')',
      '"',
      '[',
      ']',
      '{',
      '\\',
      ' ',
      'FROM',
      'HEADER',
      'RETURN',
      '1:*',
      '…',
      'é',
    )
    const names = fc.constantFrom('FETCH', 'UID STORE', 'SEARCH', 'SORT', 'LIST', 'constructor', '?')
    fc.assert(
      fc.property(names, fc.array(pieces, { maxLength: 60 }), (name, args) => {
        expect(fingerprint({ name, args: args.join('') }).length).toBeLessThanOrEqual(120)
      }),
    )
  })

  it('does not depend on what stands in quotes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ !#-[\]-~]*$/u), (text) => {
        expect(kindOf(`SEARCH SUBJECT "${text}" UNSEEN`)).toBe('SEARCH SUBJECT ? UNSEEN')
        expect(kindOf(`SELECT "${text}"`)).toBe('SELECT ?')
      }),
    )
  })
})
