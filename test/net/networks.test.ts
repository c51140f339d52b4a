import { expect, it } from 'vitest'

import { listNetworks } from '../../src/net/networks.ts'

const has = listNetworks(['10.1.0.0/16', '192.0.2.7', 'fd00::/8', '2001:db8::1'])

it.each([
  '10.1.0.0',
  '10.1.255.255',
  '192.0.2.7',
  'fd12::1',
  '2001:db8:0::1',
  '::ffff:10.1.2.3',
  'fd00::1%eth0',
])('%s is listed', (address) => {
  expect(has(address)).toBe(true)
})

it.each(['10.2.0.0', '192.0.2.8', 'fe80::1', '2001:db8::2', '::ffff:10.2.0.1', '?', ''])(
  '%s is not listed',
  (address) => {
    expect(has(address)).toBe(false)
  },
)
