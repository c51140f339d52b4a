/** Temporary folders of tests: short paths (Unix sockets live in them), removed even when a child still writes. */

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TempFolder {
  readonly path: string
  join(...parts: string[]): string
  remove(): Promise<void>
}

export async function createTempFolder(label: string): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), `it-${label}-`))
  // Dovecot's processes run as other users when the tests run as root, and must be able to pass through.
  await chmod(path, 0o755)
  return {
    path,
    join: (...parts) => join(path, ...parts),
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 }),
  }
}
