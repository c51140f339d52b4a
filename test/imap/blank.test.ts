import { describe, expect, it } from 'vitest'

import { findCredentials } from '../../src/imap/blank.ts'
import type { MessageKind } from '../../src/imap/message.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { messageOf, show } from './support/blanked.ts'

const blank = (
  pieces: readonly string[],
  hidesAll = false,
  from: Side = 'client',
  kind?: MessageKind,
): string => {
  const message = messageOf(from, pieces, kind)
  return show(message, findCredentials(message, hidesAll))
}

describe('credentials of a command', () => {
  it.each([
    ['a LOGIN ann secret', 'a LOGIN ann ######'],
    ['a LOGIN "ann b" "se\\"cret"', 'a LOGIN "ann b" "########"'],
    ['a LOGIN "a\\"b" secret', 'a LOGIN "a\\"b" ######'],
    ['a LOGIN ann ""', 'a LOGIN ann ""'],
    ['a LOGIN ann  secret', 'a LOGIN ###########'],
    ['a LOGIN ann secret junk', 'a LOGIN ###############'],
    ['a login secret', 'a login ######'],
    ['a LOGIN imap://ann:pw@host secret', 'a LOGIN #########################'],
    ['a AUTHENTICATE PLAIN', 'a AUTHENTICATE PLAIN'],
    ['a AUTHENTICATE PLAIN =', 'a AUTHENTICATE PLAIN ='],
    ['a AUTHENTICATE PLAIN AGFubgBzZWNyZXQ=', 'a AUTHENTICATE PLAIN ################'],
    ['a AUTHENTICATE AGFubgBzZWNyZXQ=', 'a AUTHENTICATE ################'],
    ['a AUTHENTICATE PLAIN x y', 'a AUTHENTICATE #########'],
    ['a GENURLAUTH "imap://x;urlauth=a" INTERNAL', `a GENURLAUTH ${'#'.repeat(29)}`],
    ['a CLIENTID UUID 1234', 'a CLIENTID #########'],
    ['LOGIN ann secret', '################'],
    ['a SELECT Logins', 'a SELECT Logins'],
    ['a NOOP', 'a NOOP'],
    ['a FETCH 1 BODY[]', 'a FETCH 1 BODY[]'],
    [
      'a COPY 1 "imap://h/x;urlauth=submit+ann:internal:9f"',
      `a COPY 1 "imap://h/x;urlauth=${'#'.repeat(22)}"`,
    ],
  ])('%s is %s', (line, shown) => {
    expect(blank([line])).toBe(shown)
  })

  it('are blanked in literals, and the announcements stay', () => {
    expect(blank(['a LOGIN {3}', 'ann', ' {6}', 'secret', ''])).toBe('a LOGIN {3}|ann| {6}|######|')
    expect(blank(['a LOGIN ann {6}', 'secret', ''])).toBe('a LOGIN ann {6}|######|')
    expect(blank(['a LOGIN {3}', 'ann', ' secret'])).toBe('a LOGIN {3}|ann| ######')
    expect(blank(['a LOGIN ann junk {6}', 'secret', ''])).toBe(
      'a LOGIN ######## {6}|######|'.replace(' {', '#{'),
    )
  })

  it('are looked for behind a tag that is longer than is looked at', () => {
    expect(blank([`${'t'.repeat(5_000)} LOGIN ann secret`])).toMatch(/^#+$/u)
    expect(blank([`${' '.repeat(5_000)}a LOGIN ann secret`])).toMatch(/^#+$/u)
  })

  it('in URLs are found behind text that is not ASCII', () => {
    expect(blank(['a COPY 1 "\xc3\xa0 imap://ann:p\xc3\xa0ss@host/"'])).toBe(
      'a COPY 1 "\xc3\xa0 imap://ann:#####@host/"',
    )
  })
})

describe('what may be a credential as a whole', () => {
  it('is blanked but for its line end', () => {
    expect(blank(['secret on a line'], true)).toBe('################')
    expect(blank(['secret {4}', 'more', ''], true)).toBe('#######{4}|####|')
    expect(blank(['AGFubgBzZWNyZXQ='], false, 'client', 'sasl-data')).toBe('################')
  })

  it('is no credential when it is empty or cancels', () => {
    expect(blank(['*'], false, 'client', 'sasl-data')).toBe('*')
    expect(blank([''], false, 'client', 'sasl-data')).toBe('')
  })

  it('keeps the plus of a challenge', () => {
    expect(blank(['+ PDE4OTYu'], true, 'server')).toBe('+ ########')
    expect(blank(['+'], true, 'server')).toBe('+')
    expect(blank(['a BAD secret'], true, 'server')).toBe('############')
  })

  it('is no credential when it is an OAuth error and nothing else', () => {
    const challenge = (error: object): string => `+ ${btoa(JSON.stringify(error))}`
    const error = challenge({ status: '401', schemes: 'bearer', scope: 'mail' })
    expect(blank([error], true, 'server')).toBe(error)
    expect(blank([challenge({ status: '401', token: 'x' })], true, 'server')).toMatch(/^\+ #+$/u)
  })
})

describe('credentials of a response', () => {
  it.each([
    ['* GENURLAUTH "imap://x;urlauth=a:internal:9f"', `* GENURLAUTH ${'#'.repeat(32)}`],
    ['* OK [REFERRAL imap://ann:pw@host/] go', '* OK [REFERRAL imap://ann:##@host/] go'],
    ['* LIST () "/" x', '* LIST () "/" x'],
  ])('%s is %s', (line, shown) => {
    expect(blank([line], false, 'server')).toBe(shown)
  })
})
