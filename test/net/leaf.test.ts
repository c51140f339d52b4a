import { describe, expect, test } from 'vitest'
import { leafKey, readServerName } from '../../src/net/leaf.ts'

describe('names that clients send', () => {
  test('are read without case and final dot, addresses in one spelling', () => {
    expect(readServerName('IMAP.Example.COM.')).toEqual({ kind: 'dns', name: 'imap.example.com' })
    expect(readServerName('xn--bcher-kva.example')).toEqual({ kind: 'dns', name: 'xn--bcher-kva.example' })
    expect(readServerName('::FFFF:192.0.2.1')).toEqual({ kind: 'ip', address: '192.0.2.1' })
    expect(readServerName('fe80:0:0::1%eth0')).toEqual({ kind: 'ip', address: 'fe80::1' })
  })

  const notNames = [
    undefined,
    '',
    '.',
    'a..b',
    '-a.example',
    'a-.example',
    '*.example.com',
    'a b',
    'a\0.example',
    'bücher.example',
    'a_b.example',
    '../../etc/passwd',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}aa`,
    'x'.repeat(100_000),
    '[::1]',
    '%',
    '\r\nSubject: x',
  ]
  test.each(notNames.map((name) => [name?.slice(0, 20), name]))(
    'are refused where they are not names: %j',
    (_shown, name) => {
      expect(readServerName(name)).toBeUndefined()
    },
  )
})

test('the key of leaves is made once for the whole process', async () => {
  const [first, second, other] = await Promise.all([leafKey('rsa'), leafKey('rsa'), leafKey('ecdsa')])
  expect(second).toBe(first)
  expect(first.publicKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 })
  expect(other.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
})
