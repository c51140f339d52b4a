import { expect, test } from 'vitest'
import { hideUrlTokens } from '../../src/imap/url-token.ts'

test.each([
  ['"imap://h/x;urlauth=anonymous:internal:91354a473744909d"', '"imap://h/x;urlauth=‹redacted 35›"'],
  ['(;URLAuth=a:T) (;urlauth=b:TT', '(;URLAuth=‹redacted 3›) (;urlauth=‹redacted 4›'],
  ['[BADURL x;urlauth=T] no', '[BADURL x;urlauth=‹redacted 1›] no'],
  ['";urlauth=T\\"T" x', '";urlauth=‹redacted 4›" x'],
  [';urlauth=T\tT', ';urlauth=‹redacted 3›'],
  [';urlauth=', ';urlauth=‹redacted 0›'],
  ['[REFERRAL imap://joe:secret@h/]', '[REFERRAL imap://joe:‹redacted 6›@h/]'],
  ['imap://joe:secre', 'imap://joe:‹redacted 5›'],
  ['see http://h:8080 or https://h:993/x?y=a@b', 'see http://h:8080 or https://h:993/x?y=a@b'],
  ['imap://joe;AUTH=*@h:143/', 'imap://joe;AUTH=*@h:143/'],
  ['[WEBALERT https://h.example/x?plt=T] web', '[WEBALERT https://h.example‹redacted 8›] web'],
  ['[URLMECH INTERNAL X=T== Y] ok', '[URLMECH INTERNAL X=‹redacted 3› Y] ok'],
])('%j shows as %j', (text, shown) => {
  expect(hideUrlTokens(text)).toBe(shown)
})

test('the capability of that name is no token', () => {
  expect(hideUrlTokens('* CAPABILITY URLAUTH URLAUTH=BINARY')).toBe('* CAPABILITY URLAUTH URLAUTH=BINARY')
})

test('a long text of nothing but beginnings is done in one pass', () => {
  const started = performance.now()
  hideUrlTokens(';urlauth=\\'.repeat(50_000))
  expect(performance.now() - started).toBeLessThan(500)
})
