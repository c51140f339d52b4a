/** haproxy in TCP mode with one thread and TLS on both legs, otherwise with its defaults. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findTool, outputOf } from '../machine/machine.ts'
import { launch, untilListening } from '../machine/processes.ts'
import type { Found, Peer, RunningPeer, Site } from './peer.ts'

export const haproxy: Peer = {
  name: 'haproxy',
  about: 'haproxy tcp, one thread; reads nothing',
  isNode: false,
  find: findHaproxy,
  start: startHaproxy,
}

function findHaproxy(): Found {
  const program = findTool('haproxy')
  if (program === undefined) return { kind: 'missing', reason: 'haproxy is not installed' }
  return { kind: 'here', version: /version (\S+)/.exec(outputOf(program, ['-v']))?.[1] ?? 'unknown' }
}

async function startHaproxy(site: Site): Promise<RunningPeer> {
  const file = join(site.folder, 'haproxy.cfg')
  writeFileSync(file, configure(site))
  const command = [findTool('haproxy') ?? 'haproxy', '-db', '-q', '-f', file]
  const child = launch({ command, cores: site.cores })
  await untilListening(child, site.port)
  return { port: site.port, pid: child.pid, child }
}

function configure(site: Site): string {
  return `global
  nbthread 1
  maxconn 4000
defaults
  mode tcp
  timeout connect 10s
  timeout client 1h
  timeout server 1h
frontend clients
  bind 127.0.0.1:${site.port} ssl crt ${site.certificates.bundle} backlog 4096
  default_backend upstream
backend upstream
  server bench 127.0.0.1:${site.upstreamPort} ssl verify none
`
}
