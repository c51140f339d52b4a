/** Whom a message of a SASL dialogue names: each mechanism in its one form, and what two servers would read differently. */

import { describe, expect, it } from 'vitest'

import { Secret } from '../../src/imap/secret.ts'
import { findOddUser, readClaim, type SaslClaim } from '../../src/policy/sasl-guard.ts'

const claim = (mechanism: string, message: string, step = 0): SaslClaim =>
  readClaim(mechanism, step, new Secret(message))

const ann = { kind: 'user', user: 'ann' }

describe('a first message', () => {
  it.each([
    ['PLAIN', '\0ann\0pw'],
    ['PLAIN', 'ann\0ann\0pw'],
    ['LOGIN', 'ann'],
    ['CRAM-MD5', 'ann 0123456789abcdef'],
    ['XOAUTH2', 'user=ann\u0001auth=Bearer t\u0001\u0001'],
    ['OAUTHBEARER', 'n,a=ann,\u0001auth=Bearer t\u0001\u0001'],
    ['OAUTHBEARER', 'n,a=ann,\u0001host=h\u0001port=143\u0001auth=Bearer t\u0001\u0001'],
    ['EXTERNAL', 'ann'],
    ['SCRAM-SHA-256', 'n,,n=ann,r=nonce'],
    ['SCRAM-SHA-1', 'y,,n=ann,r=nonce'],
  ])('of %s names its user: %j', (mechanism, message) => {
    expect(claim(mechanism, message)).toEqual(ann)
  })

  it.each([
    ['PLAIN', 'admin\0ann\0pw', 'ann', 'admin'],
    ['PLAIN', 'Ann\0ann\0pw', 'ann', 'Ann'],
    ['SCRAM-SHA-256', 'n,a=admin,n=ann,r=nonce', 'ann', 'admin'],
  ])('of %s tells who asks to act as another: %j', (mechanism, message, user, as) => {
    expect(claim(mechanism, message)).toEqual({ kind: 'proxy', user, as })
  })

  it('decodes what SCRAM and OAUTHBEARER escape, and UTF-8', () => {
    expect(claim('SCRAM-SHA-256', 'n,,n=a=2Cb=3Dc,r=x')).toEqual({ kind: 'user', user: 'a,b=c' })
    expect(claim('OAUTHBEARER', 'n,a=a=2Cb,\u0001auth=t\u0001\u0001')).toEqual({ kind: 'user', user: 'a,b' })
    expect(claim('PLAIN', '\0j\u00c3\u00b6rg\0pw')).toEqual({ kind: 'user', user: 'jörg' })
  })

  it.each([
    // Dovecot takes the last of them.
    ['XOAUTH2', 'user=ann\u0001user=bob\u0001auth=Bearer t\u0001\u0001'],
    ['XOAUTH2', 'auth=Bearer t\u0001user=ann\u0001\u0001'],
    ['XOAUTH2', 'user=ann\u0001auth=Bearer t\u0001user=bob\u0001\u0001'],
    ['OAUTHBEARER', 'n,a=ann,\u0001n,a=bob,\u0001auth=Bearer t\u0001\u0001'],
    ['OAUTHBEARER', 'n,a=ann,\u0001user=bob\u0001auth=Bearer t\u0001\u0001'],
    ['OAUTHBEARER', 'n,,\u0001auth=Bearer t\u0001\u0001'],
    ['PLAIN', 'ann\0pw'],
    ['PLAIN', '\0ann\0pw\0bob'],
    ['LOGIN', 'ann\0bob'],
    ['CRAM-MD5', 'ann'],
    ['SCRAM-SHA-256', 'p=tls-unique,,n=ann,r=x'],
    ['SCRAM-SHA-256', 'n,,m=x,n=ann,r=x'],
    ['SCRAM-SHA-256', ''],
  ])('of %s that two servers would read differently is not read: %j', (mechanism, message) => {
    expect(claim(mechanism, message).kind).toBe('unreadable')
  })
})

describe('a later message', () => {
  it.each([
    ['LOGIN', 1, 'pw'],
    ['SCRAM-SHA-256', 1, 'c=biws,r=nonce,p=proof='],
    ['SCRAM-SHA-256', 2, ''],
    ['XOAUTH2', 1, ''],
    ['OAUTHBEARER', 1, '\u0001'],
  ])('of %s, number %i, says nothing of anybody: %j', (mechanism, step, message) => {
    expect(claim(mechanism, message, step)).toEqual({ kind: 'none' })
  })

  // A server that passes over an initial response takes the next message for the first, and another user in.
  it.each([
    ['PLAIN', 1, '\0bob\0pw'],
    ['LOGIN', 2, 'pw'],
    ['CRAM-MD5', 1, 'bob 0123'],
    ['EXTERNAL', 1, 'bob'],
    ['XOAUTH2', 1, 'user=bob\u0001auth=Bearer t\u0001\u0001'],
    ['OAUTHBEARER', 1, 'n,a=bob,\u0001auth=Bearer t\u0001\u0001'],
    ['SCRAM-SHA-256', 1, 'n,,n=bob,r=nonce'],
    ['SCRAM-SHA-256', 2, 'c=biws,r=nonce,p=proof='],
  ])('of %s, number %i, that could be a first one is not read: %j', (mechanism, step, message) => {
    expect(claim(mechanism, message, step).kind).toBe('unreadable')
  })
})

describe('a name of a user', () => {
  it.each(['', 'a\0b', 'a\nb', 'ann*master', 'a%b', 'a!b', 'a"b', 'a\\b', 'x'.repeat(257)])(
    'that servers read differently is odd: %j',
    (user) => {
      expect(findOddUser(user)).toBeTypeOf('string')
    },
  )

  it.each(['ann', 'ann@example.org', 'jörg', 'ann.b+c'])('that is plain is not: %s', (user) => {
    expect(findOddUser(user)).toBeUndefined()
  })
})
