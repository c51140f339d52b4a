/** Whose count an address belongs to: IPv4 alone, IPv6 by its /64, since whoever has one address there has them all. */

import { readAddress } from '../network.ts'

/** The same for every spelling of an address; what is no address stands for itself. */
export function addressKey(address: string): string {
  const octets = readAddress(address)
  if (!octets) return address
  const isMapped = octets.every((octet, at) => at >= 12 || octet === (at < 10 ? 0 : 0xff))
  if (isMapped) return octets.slice(12).join('.')
  const groups = [0, 2, 4, 6].map((at) => (((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)).toString(16))
  return `${groups.join(':')}::/64`
}
