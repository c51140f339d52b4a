/** nginx's stream module with one worker and TLS on both legs, otherwise with its defaults. */

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findTool, outputOf } from '../machine/machine.ts'
import { launch, untilListening } from '../machine/processes.ts'
import type { Found, Peer, RunningPeer, Site } from './peer.ts'

const MODULE = 'ngx_stream_module.so'

export const nginx: Peer = {
  name: 'nginx',
  about: 'nginx stream, one worker; reads nothing',
  isNode: false,
  find: findNginx,
  start: startNginx,
}

function findNginx(): Found {
  const program = findTool('nginx')
  if (program === undefined) return { kind: 'missing', reason: 'nginx is not installed' }
  const facts = outputOf(program, ['-V'])
  if (!isStreamBuiltIn(facts) && findModule(facts) === undefined)
    return {
      kind: 'missing',
      reason: 'nginx is here without its stream module (Debian: libnginx-mod-stream)',
    }
  return { kind: 'here', version: /nginx version: (.*)/.exec(facts)?.[1] ?? 'unknown' }
}

const isStreamBuiltIn = (facts: string): boolean => /--with-stream(\s|$)/.test(facts)

function findModule(facts: string): string | undefined {
  const prefix = /--prefix=(\S+)/.exec(facts)?.[1] ?? ''
  const folders = [/--modules-path=(\S+)/.exec(facts)?.[1], '/usr/lib/nginx/modules', `${prefix}/modules`]
  const paths = folders.filter((folder) => folder !== undefined).map((folder) => join(folder, MODULE))
  return paths.find((path) => existsSync(path))
}

async function startNginx(site: Site): Promise<RunningPeer> {
  const program = findTool('nginx') ?? 'nginx'
  const facts = outputOf(program, ['-V'])
  const file = join(site.folder, 'nginx.conf')
  writeFileSync(file, configure(site, isStreamBuiltIn(facts) ? undefined : findModule(facts)))
  const command = [program, '-p', site.folder, '-c', file, '-e', 'stderr']
  const child = launch({ command, cores: site.cores })
  await untilListening(child, site.port)
  return { port: site.port, pid: child.pid, child }
}

function configure(site: Site, module: string | undefined): string {
  return `${module === undefined ? '' : `load_module ${module};`}
daemon off;
worker_processes 1;
pid ${site.folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 8192; }
stream {
  server {
    listen 127.0.0.1:${site.port} ssl backlog=4096;
    ssl_certificate ${site.certificates.certificate};
    ssl_certificate_key ${site.certificates.key};
    ssl_protocols TLSv1.2 TLSv1.3;
    proxy_ssl on;
    proxy_ssl_protocols TLSv1.2 TLSv1.3;
    proxy_timeout 1h;
    proxy_pass 127.0.0.1:${site.upstreamPort};
  }
}
`
}
