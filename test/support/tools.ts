/** Finds the real programs that tests drive; an absent one is named aloud, and under CI it is a failure. */

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where Debian keeps daemons, which an ordinary user's PATH often lacks. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin', '/sbin']

const alreadyReported = new Set<string>()

export interface ToolSource {
  /** The Debian package that brings it. */
  readonly package: string
}

/**
 * The path of a program, or undefined after saying on stderr what to install: pass the answer to
 * `describe.skipIf(path === undefined)`. With `CI=true` it throws, so that nothing is skipped there in silence.
 */
export function requireTool(name: string, source: ToolSource): string | undefined {
  const path = findTool(name)
  if (path !== undefined) return path
  const reason = `${name} is not installed: apt-get install ${source.package}`
  if (isContinuousIntegration()) throw new Error(reason)
  reportOnce(`SKIPPED: ${reason}`)
  return undefined
}

/** For fixtures, which tests use only after `requireTool` answered: absence is an error. */
export function toolPath(name: string): string {
  const path = findTool(name)
  if (path === undefined) throw new Error(`${name} is not installed`)
  return path
}

export function findTool(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return [...folders, ...systemFolders].map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isContinuousIntegration(): boolean {
  return process.env['CI'] === 'true'
}

function reportOnce(line: string): void {
  if (alreadyReported.has(line)) return
  alreadyReported.add(line)
  process.stderr.write(`${line}\n`)
}
