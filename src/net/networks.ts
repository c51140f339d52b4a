/** A list of addresses and networks, and whether an address is of them; it does not know what for. */

import { BlockList, isIPv6 } from 'node:net'

export type Networks = (address: string) => boolean

/** Of texts that the configuration has checked: `10.0.0.0/8`, `::1`. */
export function listNetworks(texts: readonly string[]): Networks {
  const list = new BlockList()
  for (const text of texts) {
    const [network = '', prefix] = text.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(network, family)
    else list.addSubnet(network, Number(prefix), family)
  }
  return (address) => {
    const plain = plainAddress(address)
    return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
  }
}

/** Without the IPv6 form that a listener of both families gives to addresses of IPv4, and without a zone. */
export const plainAddress = (address: string): string =>
  address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
