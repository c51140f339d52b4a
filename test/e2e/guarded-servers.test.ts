/** Every scene of the tours with guarded lanes in between, against real servers: strict framing breaks nothing they do. */

import { describe, expect, it } from 'vitest'

import { requireCyrus, startCyrus } from '../support/cyrus.ts'
import { startDovecot } from '../support/dovecot.ts'
import { requireTool } from '../support/tools.ts'
import { sceneOf } from '../support/tour/scenes/index.ts'
import { Stage, type Server } from '../support/tour/stage.ts'
import { startGateway, type Gateway } from '../relay/guarded/gateway.ts'
import { makeGuard, type ScriptedGuard } from '../relay/guarded/support.ts'

const dovecotPath = requireTool('dovecot', { package: 'dovecot-imapd' })
const cyrusPath = requireCyrus()
const tourMs = 90_000

type Upstream = Omit<Server, 'address'> & { readonly port: number }

interface GuardedTour {
  readonly failures: Readonly<Record<string, string>>
  readonly guards: readonly ScriptedGuard[]
  readonly warnings: readonly string[]
}

/** The guard allows everything and looks at everything but what FETCH brings. */
async function tourUnderGuard(upstream: Upstream): Promise<GuardedTour> {
  const guards: ScriptedGuard[] = []
  const makeGuardOfSession = (): ScriptedGuard => {
    const guard = makeGuard({ reads: (word) => word !== 'FETCH' })
    guards.push(guard)
    return guard
  }
  const gateway = await startGateway({ upstreamPort: upstream.port, makeGuard: makeGuardOfSession })
  try {
    const capabilities = await askCapabilities(upstream)
    const failures: Record<string, string> = {}
    for (const capability of [...capabilities, upstream.name]) {
      const failure = await play(upstream, gateway, capability)
      if (failure !== undefined) failures[capability] = failure
    }
    const warnings = gateway.events.flatMap((event) => (event.kind === 'warning' ? [event.reason] : []))
    return { failures, guards, warnings }
  } finally {
    gateway.stop()
  }
}

async function askCapabilities({ port, ...server }: Upstream): Promise<readonly string[]> {
  const stage = new Stage({ ...server, address: { port } }, 'capabilities')
  await stage.open()
  const text = await stage.ok('CAPABILITY')
  stage.close()
  return /^\* CAPABILITY (.*)\r\n/mu.exec(text)?.[1]?.split(' ') ?? []
}

async function play(upstream: Upstream, gateway: Gateway, capability: string): Promise<string | undefined> {
  const scene = sceneOf(capability)
  if (!scene) return undefined
  const stage = new Stage({ ...upstream, address: { port: gateway.port } }, capability)
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

describe.skipIf(dovecotPath === undefined)('Dovecot under a guard that allows everything', () => {
  it('plays every scene as it does without', { timeout: tourMs }, async () => {
    const dovecot = await startDovecot({ users: ['alice', 'bob'], tls: 'none', hasEveryExtension: true })
    const loginOf = (user: string) => ({ user, password: dovecot.user(user).password })
    try {
      const { failures, guards, warnings } = await tourUnderGuard({
        name: 'dovecot',
        port: dovecot.ports.imap,
        login: loginOf('alice'),
        other: loginOf('bob'),
      })
      expect(failures).toEqual({})
      expect(warnings).toEqual([])
      expect(guards.flatMap(({ decided }) => decided).length).toBeGreaterThan(300)
    } finally {
      await dovecot.stop()
    }
  })
})

describe.skipIf(cyrusPath === undefined)('Cyrus under a guard that allows everything', () => {
  it('plays every scene as it does without, but for its own protocols', { timeout: tourMs }, async () => {
    const cyrus = await startCyrus({ users: ['alice', 'bob'], tls: 'none' })
    const loginOf = (user: string) => ({ user, password: cyrus.user(user).password })
    try {
      const { failures, warnings } = await tourUnderGuard({
        name: 'cyrus',
        port: cyrus.ports.imap,
        login: loginOf('alice'),
        other: loginOf('bob'),
        admin: loginOf('admin'),
      })
      // DUMP gives mailboxes in lines that have a command's tag, SYNCGET in a syntax of its own: nothing that a guard
      // which wants to see them could read.
      expect(Object.keys(failures)).toEqual(['X-REPLICATION', 'cyrus'])
      expect(failures['cyrus']).toMatch(/DUMP/u)
      expect(warnings.map((reason) => reason.replace(/ [A-Z]+ /u, ' ... '))).toEqual([
        'the server sent a response ... that cannot be read or kept back',
        'the server sent a line that is no response',
      ])
    } finally {
      await cyrus.stop()
    }
  })
})
