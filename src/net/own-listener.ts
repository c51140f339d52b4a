/** Finds out whether upstream is a listener of ours, where every session would be passed on to itself without end. */

import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { networkInterfaces } from 'node:os'

export interface Spot {
  readonly host: string
  readonly port: number
}

/** Meant for the person who chose both addresses. */
export class OwnListenerError extends Error {
  override readonly name = 'OwnListenerError'
  readonly advice = 'give --upstream the address of the real server, or --listen another port'
}

/** Throws when a dial to `upstream` would reach one of the listeners. A name that cannot be looked up passes. */
export async function refuseOwnListener(upstream: Spot, listeners: readonly Spot[]): Promise<void> {
  const suspects = listeners.filter(({ port }) => port === upstream.port)
  if (suspects.length === 0) return
  const dialled = await addressesOf(upstream.host)
  for (const suspect of suspects) {
    const own = await addressesOf(suspect.host)
    if (!dialled.some((address) => own.some((one) => isReached(address, one)))) continue
    throw new OwnListenerError(
      `the upstream ${upstream.host}:${upstream.port} is a listener of imaptap itself`,
    )
  }
}

/** A listener on the unspecified address has all of this machine's; a dial to that address reaches this machine. */
function isReached(dialled: string, own: string): boolean {
  if (dialled === own) return true
  if (isUnspecified(own)) return isUnspecified(dialled) || isOfThisMachine(dialled)
  return isUnspecified(dialled) && isOfThisMachine(own)
}

const isUnspecified = (address: string): boolean => address === '0.0.0.0' || address === '::'

function isOfThisMachine(address: string): boolean {
  if (loopback.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')) return true
  return Object.values(networkInterfaces()).some((ones) => ones?.some((one) => one.address === address))
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

async function addressesOf(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host, { all: true })
    return found.map(({ address }) => address.replace(/^::ffff:(?=\d+\.)/i, ''))
  } catch {
    return []
  }
}
