/** Which peers tell us in a PROXY protocol header who the client is; it does not know the header. */

import { isIPv4, isIPv6 } from 'node:net'
import { z } from 'zod'
import { checked, oneOrMany } from './checked-text.ts'
import type { ProxyProtocolConfig } from './config.ts'

const network = checked(findFault)

const proxyProtocol = z.strictObject({
  from: oneOrMany(network)
    .optional()
    .describe('Addresses or networks of the load balancers that begin each connection with a PROXY header.')
    .meta({ examples: [['10.0.0.5', '10.1.0.0/16', 'fd00::/8']] }),
})

export const proxyProtocolMap = proxyProtocol
  .optional()
  .describe('Learn the real address of clients from load balancers (PROXY protocol v1 and v2).')

export function fillProxyProtocol({ from }: z.infer<typeof proxyProtocol>): ProxyProtocolConfig | undefined {
  return from === undefined ? undefined : { from: [from].flat() }
}

function findFault(text: string): string | undefined {
  const [address = '', prefix, ...more] = text.split('/')
  const bits = isIPv4(address) ? 32 : 128
  if (!isIPv4(address) && (!isIPv6(address) || address.includes('%')))
    return 'must be an address or a network such as 10.0.0.5, 10.1.0.0/16 or fd00::/8'
  if (prefix === undefined) return undefined
  if (more.length > 0 || !/^\d{1,3}$/.test(prefix) || Number(prefix) > bits)
    return `needs a number from 1 to ${bits} behind its slash`
  // Whoever can connect could then claim any address, and with it the limits and rights of others.
  return Number(prefix) === 0 ? 'would let everybody say who they are: name the load balancers' : undefined
}
