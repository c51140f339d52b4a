/** The sessions command: who is connected to a running imaptap, as a table or as JSON; it does not know the socket's words. */

import type { Output } from '../options.ts'
import type { SessionsFlags } from '../control/control-words.ts'
import { openDaemon } from '../control/open-daemon.ts'
import { writeSessionTable } from '../control/session-table.ts'
import { exitCodes } from '../exit-codes.ts'

export interface ControlWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: Output
}

/** Of the object that `--json` prints. */
const schema = 1

export async function runSessions(flags: SessionsFlags, { env, out }: ControlWorld): Promise<number> {
  const client = await openDaemon(flags, env)
  const sessions = await client.sessions()
  const { upstream, listen, pid } = client.hello
  client.close()
  out.write(
    flags.json === true
      ? `${JSON.stringify({ schema, pid, upstream, listen, sessions })}\n`
      : writeSessionTable(sessions),
  )
  return exitCodes.ok
}
