/** A real HAProxy on loopback, whose listeners pass TCP on behind a PROXY header; it knows nothing of IMAP. */

import { writeFileSync } from 'node:fs'

import { startDaemon, type Daemon } from './child.ts'
import { findFreePorts, waitForPort } from './ports.ts'
import { createTempFolder } from './temp-folder.ts'
import { toolPath } from './tools.ts'

export interface Balanced {
  /** Where the connections go. */
  readonly target: number
  /** How HAProxy says who the client is, in its own words; empty for not at all. */
  readonly header: '' | 'send-proxy' | 'send-proxy-v2'
  /** HAProxy asks all the time whether the target lives. */
  readonly isChecked?: boolean
}

export interface HaProxy {
  /** One for each that was asked for, in their order. */
  readonly ports: readonly number[]
  stop(): Promise<void>
}

export async function startHaProxy(balanced: readonly Balanced[]): Promise<HaProxy> {
  const folder = await createTempFolder('ha')
  const ports = await findFreePorts(balanced.length)
  const file = folder.join('haproxy.cfg')
  writeFileSync(file, makeConfig(balanced, ports))
  const daemon: Daemon = await startDaemon(toolPath('haproxy'), ['-db', '-f', file], process.env)
  const stop = async (): Promise<void> => {
    await daemon.stop()
    await folder.remove()
  }
  const answers = await Promise.all(ports.map((port) => waitForPort(port, '127.0.0.1', daemon.isRunning)))
  if (answers.every(Boolean)) return { ports, stop }
  await stop()
  throw new Error(`HAProxy did not start:\n${daemon.output()}`)
}

function makeConfig(balanced: readonly Balanced[], ports: readonly number[]): string {
  const sections = balanced.map(({ target, header, isChecked }, at) => {
    const check = isChecked === true ? 'check inter 100ms check-send-proxy' : ''
    return [
      `listen l${at}`,
      `  bind 127.0.0.1:${ports[at]}`,
      `  server s 127.0.0.1:${target} ${header} ${check}`,
    ]
  })
  const head = [
    'global',
    '  maxconn 200',
    'defaults',
    '  mode tcp',
    '  timeout connect 5s',
    '  timeout client 30s',
    '  timeout server 30s',
  ]
  return [...head, ...sections.flat(), ''].join('\n')
}
