/** A loopback of a process's own on which every segment is acknowledged at once; knows only how to start a program there. */

import { userInfo } from 'node:os'

import { findTool } from '../support/tools.ts'

/**
 * Cyrus writes each answer by itself and leaves Nagle's algorithm on, so that the second of two waits 40 ms for the
 * first to be acknowledged. Only a route can say otherwise, and only in a network namespace that is no one else's.
 */
const setUp = [
  'ip link set lo up',
  'ip route replace local 127.0.0.0/8 dev lo src 127.0.0.1 quickack 1 table local',
  'ip route replace local 127.0.0.1 dev lo src 127.0.0.1 quickack 1 table local',
  'exec "$@"',
].join(' && ')

/** The program as it stands where there is no such namespace to be had: it is slower then, and otherwise the same. */
export function inQuickNetwork(command: readonly string[]): readonly string[] {
  const [unshare, ip, setpriv] = ['unshare', 'ip', 'setpriv'].map(findTool)
  // Whoever ends the oracle ends what it started.
  const mortal = setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'TERM']
  if (userInfo().uid !== 0 || unshare === undefined || ip === undefined) return [...mortal, ...command]
  return [...mortal, unshare, '--net', 'sh', '-c', setUp, 'sh', ...command]
}
