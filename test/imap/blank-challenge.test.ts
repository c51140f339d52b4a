import { expect, it } from 'vitest'

import { isOauthError, readOauthError } from '../../src/imap/blank-challenge.ts'

const encode = (value: unknown): string => btoa(JSON.stringify(value))

it('reads what Google, Microsoft and the RFC say', () => {
  expect(
    readOauthError(encode({ status: '400', schemes: 'Bearer', scope: 'https://mail.google.com/' })),
  ).toEqual({
    status: '400',
    schemes: 'Bearer',
    scope: 'https://mail.google.com/',
  })
  const rfc = {
    status: 'invalid_token',
    scope: 'x',
    'openid-configuration': 'https://example.com/.well-known',
  }
  expect(isOauthError(encode(rfc))).toBe(true)
})

it.each([
  ['another field', encode({ status: '400', token: 'x' })],
  ['no status', encode({ scope: 'x' })],
  ['a field that is no text', encode({ status: { token: 'x' } })],
  ['a list', encode(['status'])],
  ['no JSON', btoa('r=abc,s=def,i=4096')],
  ['no base64', '{"status":"400"}'],
  ['nothing', ''],
  ['a novel', encode({ status: 'x'.repeat(5_000) })],
  ['a field that is there twice', btoa('{"status":"secret","status":"400"}')],
])('takes nothing else for it: %s', (_, base64) => {
  expect(isOauthError(base64)).toBe(false)
})
