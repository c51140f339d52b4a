/** The attach command: the dashboard on a running imaptap, until its user quits or the imaptap ends; it knows no screen. */

import type { ControlClient } from '../../control/control-client.ts'
import { printable } from '../../imap/printable.ts'
import { openDaemon, type SocketFlags } from '../control/open-daemon.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { Dashboard } from './proxy.ts'

export interface AttachWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isTerminal: boolean
  openDashboard(client: ControlClient, quit: () => void): Promise<Dashboard>
}

export async function runAttach(flags: SocketFlags, world: AttachWorld): Promise<number> {
  requireScreen(world)
  const client = await openDaemon(flags, world.env)
  const { promise: quit, resolve } = Promise.withResolvers<undefined>()
  const dashboard = await world.openDashboard(client, () => resolve(undefined))
  const reason = await Promise.race([quit, client.ended])
  dashboard.stop()
  client.close()
  if (reason === undefined) return exitCodes.ok
  throw new Failure(`${client.path}: ${printable(reason)}`, exitCodes.runtime)
}

function requireScreen({ isTerminal, env }: AttachWorld): void {
  if (isTerminal && env['TERM'] !== 'dumb') return
  throw new Failure(
    'attach needs a terminal that can move its cursor',
    exitCodes.usage,
    'in scripts: imaptap sessions, imaptap tail',
  )
}
