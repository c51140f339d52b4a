/** Our own proxy, started as a user starts it: log on, dashboard off. */

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, untilListening } from '../machine/processes.ts'
import { nodeCommand } from './node-command.ts'
import type { Found, Peer, RunningPeer, Site } from './peer.ts'
import { ALLOW_ALL, FIFTY_RULES } from './policies.ts'

const PROGRAM = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url))

export const imaptap: Peer = {
  name: 'imaptap',
  about: 'this proxy: session model and log on',
  isNode: true,
  find: findImaptap,
  start: (site) => startImaptap(site, []),
}

export const imaptapFindings: Peer = {
  name: 'imaptap-findings',
  about: 'the same with every message read and every check run',
  isNode: true,
  find: findImaptap,
  start: (site) => startImaptap(site, ['--findings']),
}

export const imaptapCapture: Peer = {
  name: 'imaptap-capture',
  about: 'the same with every message written to a capture',
  isNode: true,
  find: findImaptap,
  start: (site) => startImaptap(site, ['--capture', join(site.folder, 'capture.ndjson')]),
}

export const imaptapGatewayAllow: Peer = {
  name: 'imaptap-gateway-allow',
  about: 'the same as a gateway: every command read strictly, decided by one rule and written anew',
  isNode: true,
  find: findImaptap,
  start: (site) => startImaptap(site, ['--policy', writePolicy(site, ALLOW_ALL)]),
}

export const imaptapPolicy: Peer = {
  name: 'imaptap-policy',
  about: 'the same gateway with a policy of fifty rules, of which the last allows',
  isNode: true,
  find: findImaptap,
  start: (site) => startImaptap(site, ['--policy', writePolicy(site, FIFTY_RULES)]),
}

function writePolicy(site: Site, text: string): string {
  const file = join(site.folder, 'policy.yaml')
  writeFileSync(file, text)
  return file
}

function findImaptap(): Found {
  if (!existsSync(PROGRAM)) return { kind: 'missing', reason: 'src/cli/main.ts is not there' }
  return { kind: 'here', version: process.version }
}

async function startImaptap(site: Site, more: readonly string[]): Promise<RunningPeer> {
  const child = launch({
    command: nodeCommand(site, [PROGRAM, ...options(site), ...more]),
    cores: site.cores,
  })
  await untilListening(child, site.port)
  return { port: site.port, pid: child.pid, child }
}

function options(site: Site): readonly string[] {
  const { authority, certificate, key } = site.certificates
  const upstream = ['--upstream', `imaps://127.0.0.1:${site.upstreamPort}`, '--upstream-ca', authority]
  const listen = ['--listen', `imaps://127.0.0.1:${site.port}`, '--cert', certificate, '--key', key]
  return ['proxy', ...upstream, ...listen, '--no-dashboard', '--log', join(site.folder, 'imaptap.log')]
}
