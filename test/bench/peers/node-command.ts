/** How a peer written for Node is started, with or without a CPU profile. */

import { fileURLToPath } from 'node:url'
import type { Site } from './peer.ts'

export function nodeCommand(site: Site, args: readonly string[]): readonly string[] {
  if (site.profileFolder === undefined) return [process.execPath, ...args]
  const ending = fileURLToPath(new URL('../profile-ending.ts', import.meta.url))
  const profiling = ['--cpu-prof', `--cpu-prof-dir=${site.profileFolder}`, '--import', ending]
  return [process.execPath, ...profiling, ...args]
}
