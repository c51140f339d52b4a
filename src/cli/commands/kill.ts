/** The kill command: ends sessions of a running imaptap by name; it does not know the socket's words. */

import { openDaemon, type SocketFlags } from '../control/open-daemon.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { printable } from '../../imap/printable.ts'
import type { ControlWorld } from './sessions.ts'

/** Those that are there are ended, also where others are not. */
export async function runKill(
  names: readonly string[],
  flags: SocketFlags,
  { env, out }: ControlWorld,
): Promise<number> {
  const client = await openDaemon(flags, env)
  const missing: string[] = []
  for (const name of names) {
    if (await client.kill(name)) out.write(`${name} was ended\n`)
    else missing.push(name)
  }
  client.close()
  if (missing.length === 0) return exitCodes.ok
  throw new Failure(
    `there is no session ${printable(missing.join(', '))}`,
    exitCodes.runtime,
    'see which there are: imaptap sessions',
  )
}
