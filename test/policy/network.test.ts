/** Addresses and networks. */

import { describe, expect, it } from 'vitest'
import { parseNetwork, plainAddress } from '../../src/policy/network.ts'

function has(network: string, address: string): boolean {
  const parsed = parseNetwork(network)
  if (!parsed.ok) throw new Error(`${network} ${parsed.text}`)
  return parsed.has(address)
}

describe('a network', () => {
  it.each([
    ['10.0.0.0/8', '10.255.0.1'],
    ['10.1.2.3', '10.1.2.3'],
    ['10.1.2.3', '::ffff:10.1.2.3'],
    ['0.0.0.0/0', '203.0.113.5'],
    ['192.0.2.128/25', '192.0.2.129'],
    ['2001:db8::/32', '2001:db8:ffff::1'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['fe80::/10', 'fe80::1%eth0'],
    ['::/0', '2001:db8::'],
  ])('%s has %s', (network, address) => {
    expect(has(network, address)).toBe(true)
  })

  it.each([
    ['10.0.0.0/8', '11.0.0.1'],
    ['0.0.0.0/0', '2001:db8::1'],
    ['192.0.2.128/25', '192.0.2.127'],
    ['2001:db8::/32', '2001:db9::1'],
    ['10.0.0.0/8', 'nonsense'],
    ['10.0.0.0/8', '10.0.0.1.5'],
    ['::1', '1::'],
  ])('%s has not %s', (network, address) => {
    expect(has(network, address)).toBe(false)
  })

  it.each([
    '',
    'x',
    '10.0.0',
    '10.0.0.256',
    '10.0.0.0/33',
    '10.0.0.0/',
    '10.0.0.1/8',
    '1:2:3',
    '::1::',
    '::/129',
    '1::/0',
  ])('is not %j', (text) => {
    expect(parseNetwork(text).ok).toBe(false)
  })
})

it('an address of IPv4 is one also where it came to IPv6', () => {
  expect(plainAddress('::FFFF:192.0.2.1')).toBe('192.0.2.1')
  expect(plainAddress('2001:DB8::1')).toBe('2001:db8::1')
})
