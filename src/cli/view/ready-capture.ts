/** Reads captures with a progress bar and puts the dashboard before them; it does not know what the dashboard shows. */

import { printable } from '../../imap/printable.ts'
import { startDashboard, type DashboardPort } from '../../tui/dashboard.ts'
import type { DashboardInfo } from '../../tui/state.ts'
import type { ReadyCapture } from '../commands/view.ts'
import type { Output } from '../options.ts'
import { readIds } from '../reading/open-reading.ts'
import { requireFindings } from '../reading/known-words.ts'
import { ProgressBar } from '../reading/progress-bar.ts'
import { readVersion } from '../version.ts'
import { dashboardTools } from '../dashboard-tools.ts'
import { LoadingKeys } from './loading-keys.ts'
import { openCapture, type OpenCapture } from './open-capture.ts'
import { keepHeapSmall } from './small-heap.ts'
import type { ViewFlags } from './view-words.ts'

/** The terminal is a port's, too, so that a test can stand in for it. */
export type Terminal = Pick<DashboardPort, 'input' | 'output' | 'env'>

export interface Stage {
  readonly err: Output & { readonly isTTY?: boolean }
  readonly terminal?: Terminal
}

/** Undefined where the user waited no longer. */
export async function readForView(
  files: readonly string[],
  flags: ViewFlags,
  stage: Stage,
): Promise<ReadyCapture | undefined> {
  keepHeapSmall()
  const bar = stage.err.isTTY === true ? new ProgressBar(stage.err) : undefined
  const keys = new LoadingKeys(stage.terminal?.input ?? process.stdin, () => {
    bar?.clear()
    process.kill(process.pid, 'SIGINT')
  })
  const torn: string[] = []
  try {
    const capture = await openCapture(files, {
      info: infoOf(files),
      hasFindings: flags.findings !== false,
      suppressed: requireFindings(readIds(flags.ignore === undefined ? [] : [flags.ignore]), '--ignore'),
      onProgress: (done, total) => {
        if (keys.isEnded) throw new Error('the user waited no longer')
        bar?.show(done, total)
      },
      onTorn: ({ path, line }) =>
        torn.push(`imaptap: ${printable(path)}:${line}: the end is missing; all before it was read\n`),
    })
    return {
      show: (quit) => show(capture, quit, stage.terminal ?? {}),
      close: () => leave(capture, torn, stage.err),
    }
  } catch (error) {
    if (keys.isEnded) return undefined
    throw error
  } finally {
    keys.stop()
    bar?.clear()
  }
}

function show(capture: OpenCapture, quit: () => void, terminal: Terminal): ReturnType<typeof startDashboard> {
  return startDashboard({
    ...terminal,
    ...dashboardTools(process.env),
    // A file says nothing new.
    subscribe: () => () => undefined,
    kill: () => false,
    describe: capture.state.describe,
    onQuit: quit,
    now: () => capture.end,
    info: capture.state.info,
    ready: { state: capture.state, epoch: capture.epoch },
  })
}

/** What would have run across the screen is told once it is gone. */
function leave(capture: OpenCapture, torn: readonly string[], err: Output): void {
  capture.close()
  for (const line of torn) err.write(line)
}

function infoOf(files: readonly string[]): DashboardInfo {
  return {
    version: readVersion(),
    listen: files.map((file) => printable(file)),
    upstream: 'a capture',
    caPath: undefined,
    isRecording: true,
  }
}
