/** Plays every scene that a server's capabilities call for, through a proxy whose other side is tapped. */

import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { startProxy, type LogRecord, type Proxy } from '../proxy.ts'
import type { Login, TourClient } from './client.ts'
import type { Finding } from './reading.ts'
import { needsNoScene, sceneOf } from './scenes/index.ts'
import { Stage, type Server } from './stage.ts'
import { startTap, type Tapped } from './tap.ts'

export interface ServerUnderTour {
  readonly name: Server['name']
  /** In cleartext, so that the tap hears what is said. */
  readonly port: number
  readonly login: Login
  readonly other: Login
  readonly admin?: Login
}

export interface Tour {
  /** Announced before and after the login, by the server itself. */
  readonly capabilities: readonly string[]
  readonly withoutScene: readonly string[]
  /** Scenes that the server did not play as written, each with what went wrong. */
  readonly failures: Readonly<Record<string, string>>
  readonly commands: number
  readonly messages: number
  readonly findings: readonly Finding[]
  readonly clients: readonly TourClient[]
  readonly tapped: readonly Tapped[]
  /** What the proxy's log says was unreadable in its tolerant reading. */
  readonly unreadable: readonly LogRecord[]
  /** Errors that the checks hold against the server, but for what is unreadable. */
  readonly blamed: readonly LogRecord[]
}

/** Beside what is announced, each server knows words that no capability names. */
export async function runTour(under: ServerUnderTour): Promise<Tour> {
  const capabilities = await askCapabilities(under)
  const tap = await startTap(under.port)
  const proxy = await startProxy({ upstream: `imap://localhost:${tap.port}`, hasFindings: true })
  const address = { port: proxy.ports.imaps, ca: readFileSync(proxy.caFile) }
  const failures: Record<string, string> = {}
  const stages: Stage[] = []
  let log: readonly LogRecord[] = []
  try {
    for (const capability of [...capabilities, under.name]) {
      const stage = new Stage({ ...under, address }, capability)
      stages.push(stage)
      const failure = await play(stage, capability)
      if (failure !== undefined) failures[capability] = failure
    }
    log = await readLog(proxy, stages.flatMap(({ clients }) => clients).length)
  } finally {
    await proxy.stop()
    await tap.stop()
  }
  const record = stages.flatMap((stage) => stage.record)
  return {
    capabilities,
    withoutScene: capabilities.filter((name) => !sceneOf(name) && !needsNoScene(name)),
    failures,
    commands: record.filter(({ raw }) => raw.from === 'client').length,
    messages: record.length,
    findings: stages.flatMap((stage) => stage.findings),
    clients: stages.flatMap(({ clients }) => clients),
    // The fixture's own look at the port is no session: it says nothing.
    tapped: tap.connections.filter(({ toServer }) => toServer.length > 0),
    // The client's side is broken on purpose.
    blamed: log.filter(
      ({ event, id, side, severity }) =>
        event === 'finding' && side === 'server' && severity === 'error' && id !== 'P11',
    ),
    unreadable: log.filter(({ event, side }) => event === 'unreadable' && side === 'server'),
  }
}

async function askCapabilities({ port, ...rest }: ServerUnderTour): Promise<string[]> {
  const stage = new Stage({ ...rest, address: { port } }, 'capabilities')
  const before = await (await stage.connect()).run('CAPABILITY')
  await stage.open()
  const after = await stage.ok('CAPABILITY')
  stage.close()
  return [...new Set(`${listOf(before.text)} ${listOf(after)}`.split(' '))]
}

function listOf(text: string): string {
  return /^\* CAPABILITY (.*)\r\n/mu.exec(text)?.[1] ?? ''
}

/** The log is written behind the traffic: it is whole once every session is closed in it. */
async function readLog(proxy: Proxy, sessions: number): Promise<readonly LogRecord[]> {
  for (const deadline = performance.now() + 5000; ; await sleep(50)) {
    const records = proxy.logRecords()
    const closed = records.filter(({ event }) => event === 'session.close').length
    if (closed >= sessions) return records
    if (performance.now() > deadline) throw new Error(`${closed} of ${sessions} sessions closed in the log`)
  }
}

async function play(stage: Stage, capability: string): Promise<string | undefined> {
  const scene = sceneOf(capability)
  if (!scene) return undefined
  try {
    await stage.open()
    await scene(stage)
    return undefined
  } catch (error) {
    return String(error)
  } finally {
    stage.close()
  }
}
