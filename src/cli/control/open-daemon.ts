/** Finds the imaptap that a command is about, by its socket or because it is the only one; it does not know the command. */

import { ControlClient } from '../../control/control-client.ts'
import { ControlError } from '../../control/control-error.ts'
import { findControlPaths } from '../../control/control-path.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'

export interface SocketFlags {
  readonly socket?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** The variable tells a daemon where to listen, and whoever shares it where to look. */
const socketVariable = 'IMAPTAP_CONTROL__SOCKET'

export async function openDaemon({ socket }: SocketFlags, env: Environment): Promise<ControlClient> {
  const named = socket ?? env[socketVariable] ?? ''
  if (named !== '') return ControlClient.open(named)
  const paths = findControlPaths(env)
  const tried = await Promise.allSettled(paths.map((path) => ControlClient.open(path)))
  const clients = tried.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []))
  const [client, ...others] = clients
  if (client && others.length === 0) return client
  for (const each of clients) each.close()
  throw client ? explainChoice(clients) : explainNone(tried)
}

function explainChoice(clients: readonly ControlClient[]): Failure {
  const rows = clients.map(({ path, hello }) => `\n  ${path}  ${hello.upstream}  process ${hello.pid}`)
  return new Failure(
    `there are ${clients.length} of them, so say which with --socket PATH:${rows.join('')}`,
    exitCodes.usage,
  )
}

/** A socket that a dead imaptap left says nothing; one that cannot be used may be the one that is meant. */
function explainNone(tried: readonly PromiseSettledResult<ControlClient>[]): Error {
  for (const attempt of tried) {
    if (attempt.status !== 'rejected') continue
    const error: unknown = attempt.reason
    if (error instanceof ControlError && !error.isGone) return error
  }
  return new Failure(
    'no imaptap of this user is running, or it has no control socket',
    exitCodes.runtime,
    'name its socket if it has one elsewhere: --socket PATH',
  )
}
