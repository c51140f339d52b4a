/** The view command: the dashboard on captures, until its user quits; it does not know how they are read or shown. */

import type { ViewFlags } from '../view/view-words.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { Dashboard } from './proxy.ts'

/** A capture that was read and can be shown. */
export interface ReadyCapture {
  show(quit: () => void): Dashboard
  /** Gives the files back. */
  close(): void
}

export interface ViewWorld {
  readonly env: Readonly<Record<string, string | undefined>>
  /** Both stdin and stdout are terminals: keys come in, a screen goes out. */
  readonly isTerminal: boolean
  /** Undefined where the user waited no longer. */
  read(files: readonly string[], flags: ViewFlags): Promise<ReadyCapture | undefined>
}

export async function runView(files: readonly string[], flags: ViewFlags, world: ViewWorld): Promise<number> {
  requireScreen(world)
  const capture = await world.read(files, flags)
  if (!capture) return exitCodes.ok
  try {
    const { promise: quit, resolve } = Promise.withResolvers<void>()
    const dashboard = capture.show(resolve)
    await quit
    dashboard.stop()
    return exitCodes.ok
  } finally {
    capture.close()
  }
}

function requireScreen({ isTerminal, env }: ViewWorld): void {
  if (isTerminal && env['TERM'] !== 'dumb') return
  throw new Failure(
    'view needs a terminal that can move its cursor',
    exitCodes.usage,
    'in scripts: imaptap show, imaptap lint, imaptap stats',
  )
}
