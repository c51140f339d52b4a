/** Where control sockets lie, and how a viewer finds those of running daemons; it does not know what they say. */

import { lstatSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, isAbsolute, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** The one file of a service whose folder systemd made (`RuntimeDirectory=imaptap`). */
const serviceSocket = 'control.sock'
/** Where a person looks for it from outside the service. */
const serviceFolder = '/run/imaptap'
/** One for each daemon, so that several of one user live side by side. */
const personalSocket = /^control-(\d+)\.sock$/u

export interface ControlPlace {
  readonly path: string
  /** `own`: in a folder that is ours alone. `given`: somebody chose it, and answers for its folder. */
  readonly folder: 'own' | 'given'
}

/** Where a daemon listens unless it is told otherwise: the first of these that it can use. */
export function defaultControlPlaces(env: Environment, pid: number): readonly ControlPlace[] {
  const service = serviceFolderOf(env)
  if (service !== undefined) return [{ path: join(service, serviceSocket), folder: 'given' }]
  return personalFolders(env).map((folder) => ({ path: join(folder, `control-${pid}.sock`), folder: 'own' }))
}

/** Every socket that may be a daemon's of this user; those of dead ones are among them. */
export function findControlPaths(env: Environment): readonly string[] {
  const services = [serviceFolderOf(env), serviceFolder].flatMap((folder) =>
    folder === undefined ? [] : [join(folder, serviceSocket)],
  )
  const personal = personalFolders(env).filter(isOwnFolder).flatMap(listPersonal)
  return [...new Set([...services.filter(isSocket), ...personal])]
}

/** The process that made a socket of this name; undefined for those of services and of people's own choice. */
export function readSocketPid(path: string): number | undefined {
  const [, pid] = personalSocket.exec(basename(path)) ?? []
  return pid === undefined ? undefined : Number(pid)
}

/** Made by ourselves, and closed to all others: elsewhere somebody may have put a socket of their own. */
export function isOwnFolder(folder: string): boolean {
  try {
    const facts = lstatSync(folder)
    return facts.isDirectory() && facts.uid === ownUid() && (facts.mode & 0o077) === 0
  } catch {
    return false
  }
}

/** Systems without user IDs have one user, for our purposes. */
const ownUid = (): number => process.getuid?.() ?? 0

/** systemd lists several folders with colons; the first is the one named first in the unit. */
function serviceFolderOf(env: Environment): string | undefined {
  const [first = ''] = (env['RUNTIME_DIRECTORY'] ?? '').split(':')
  return isAbsolute(first) ? first : undefined
}

/** The first is where daemons are started; a daemon of cron may have had no XDG folder. */
function personalFolders(env: Environment): readonly string[] {
  const xdg = env['XDG_RUNTIME_DIR'] ?? ''
  const temporary = env['TMPDIR'] ?? ''
  const shared = join(isAbsolute(temporary) ? temporary : tmpdir(), `imaptap-${ownUid()}`)
  return isAbsolute(xdg) ? [join(xdg, 'imaptap'), shared] : [shared]
}

function listPersonal(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => personalSocket.test(name))
    .map((name) => join(folder, name))
    .filter(isSocket)
}

function isSocket(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true
  } catch {
    // A folder that is not ours to look into has nothing for us.
    return false
  }
}
