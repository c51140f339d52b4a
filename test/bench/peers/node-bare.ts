/** The relay of `bare-relay.ts`: what is left of our own cost when nothing is read. */

import { fileURLToPath } from 'node:url'
import { launch, untilListening } from '../machine/processes.ts'
import { nodeCommand } from './node-command.ts'
import type { Peer, RunningPeer, Site } from './peer.ts'

export const nodeBare: Peer = {
  name: 'node-bare',
  about: 'a Node relay that reads nothing',
  isNode: true,
  find: () => ({ kind: 'here', version: process.version }),
  start: startNodeBare,
}

async function startNodeBare(site: Site): Promise<RunningPeer> {
  const program = fileURLToPath(new URL('../bare-relay.ts', import.meta.url))
  const { certificate, key } = site.certificates
  const args = [program, certificate, key, String(site.port), String(site.upstreamPort)]
  const child = launch({ command: nodeCommand(site, args), cores: site.cores })
  await untilListening(child, site.port)
  return { port: site.port, pid: child.pid, child }
}
