import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { readCramUser, readSaslUser } from '../../src/session/sasl.ts'

const encode = (text: string): string => Buffer.from(text).toString('base64')

describe('the user of a SASL exchange', () => {
  it.each([
    ['PLAIN', '\0ann\0secret', 'ann'],
    ['plain', 'boss\0ann\0secret', 'ann'],
    ['PLAIN', '\0änne\0secret', 'änne'],
    ['LOGIN', 'ann', 'ann'],
    ['EXTERNAL', 'ann', 'ann'],
    ['SCRAM-SHA-256', 'n,,n=ann,r=abc', 'ann'],
    ['SCRAM-SHA-1', 'n,a=boss,n=ann,r=abc', 'ann'],
    ['XOAUTH2', 'user=ann@x\x01auth=Bearer t\x01\x01', 'ann@x'],
    ['OAUTHBEARER', 'n,a=ann@x,\x01auth=Bearer t\x01\x01', 'ann@x'],
  ])('%s %j', (mechanism, message, user) => {
    expect(readSaslUser(mechanism, encode(message))).toBe(user)
  })

  it.each([
    ['PLAIN', 'ann\0secret'],
    ['PLAIN', 'secret'],
    ['PLAIN', '\0ann\0sec\0ret'],
    ['PLAIN', '\0\0secret'],
    ['LOGIN', '\0ann\0secret'],
    ['LOGIN', ''],
    ['XOAUTH2', 'user=secret'],
    ['OAUTHBEARER', 'n,,\x01auth=Bearer secret\x01\x01'],
    ['CRAM-MD5', 'ann secret'],
    ['X-OTHER', 'secret'],
  ])('is not guessed: %s %j', (mechanism, message) => {
    expect(readSaslUser(mechanism, encode(message))).toBeUndefined()
  })

  it.each(['*', 'a b', 'é', '=a'])('is not in what is no base64: %j', (text) => {
    expect(readSaslUser('LOGIN', text)).toBeUndefined()
  })

  it('of CRAM-MD5 stands in front of the digest', () => {
    expect(readCramUser(encode('ann b913a602c7eda7a495b4e6e7334d3890'))).toBe('ann')
    expect(readCramUser(encode('ann lee b913a602'))).toBe('ann lee')
    expect(readCramUser(encode(' b913a602'))).toBeUndefined()
    expect(readCramUser(encode('b913a602'))).toBeUndefined()
  })

  it('is read whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        fc.pre(!name.includes('\0'))
        expect(readSaslUser('LOGIN', encode(name))).toBe(name)
        expect(readSaslUser('PLAIN', encode(`\0${name}\0secret`))).toBe(name)
      }),
    )
  })

  it('that is no UTF-8 shows octet by octet', () => {
    expect(readSaslUser('LOGIN', Buffer.from('\xe9t%41', 'latin1').toString('base64'))).toBe('ét%41')
  })
})
