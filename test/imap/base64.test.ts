/** Base64 is read as everybody else reads it, and what is none is not. */

import fc from 'fast-check'
import { expect, it } from 'vitest'

import { decodeBase64 } from '../../src/imap/base64.ts'

it('reads what Buffer writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
      const buffer = Buffer.from(octets)
      expect(decodeBase64(buffer.toString('base64'))).toBe(buffer.toString('latin1'))
    }),
  )
})

it.each(['a b', 'AA-_', 'é', '='.repeat(3) + 'A'])('says so of %j, which is none', (text) => {
  expect(decodeBase64(text)).toBeUndefined()
})
