/** Puts a listening server at a path that only its user can reach, at no moment more open than that; knows no protocol. */

import { once } from 'node:events'
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { connect, type Server } from 'node:net'
import { dirname, join } from 'node:path'
import { codeOf, ControlError } from './control-error.ts'
import { isOwnFolder, readSocketPid } from './control-path.ts'

/** Octets that every system takes as the address of a socket, less those of the folder that it is made in. */
const longestPath = 90

export interface BoundSocket {
  readonly path: string
  /** Takes the file away, unless another daemon has put its own there. */
  release(): void
}

/**
 * The server is bound in a folder that nobody else can enter, closed to others there, and then moved to its place: no
 * mask has to be changed, which all threads of a process share. A socket without a listener is replaced.
 */
export async function bindControlSocket(server: Server, path: string): Promise<BoundSocket> {
  if (Buffer.byteLength(path) > longestPath)
    throw new ControlError(
      `the path of the control socket is longer than ${longestPath} octets: ${path}`,
      'choose a shorter one: --control PATH',
    )
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  await requireFree(path)
  const nest = mkdtempSync(join(dirname(path), '.c'))
  try {
    const made = join(nest, 's')
    server.listen(made)
    await once(server, 'listening')
    chmodSync(made, 0o600)
    const { ino } = lstatSync(made)
    renameSync(made, path)
    return { path, release: () => releaseSocket(path, ino) }
  } catch (error) {
    server.close()
    throw error
  } finally {
    rmSync(nest, { recursive: true, force: true })
  }
}

/** The same in a folder of our own, which is checked, and cleared of what dead daemons have left. */
export async function bindOwnSocket(server: Server, path: string): Promise<BoundSocket> {
  const folder = dirname(path)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!isOwnFolder(folder))
    throw new ControlError(
      `${folder} is open to other users, or theirs`,
      `remove it, or choose another place: --control PATH`,
    )
  for (const name of readdirSync(folder)) removeDead(join(folder, name))
  return bindControlSocket(server, path)
}

async function requireFree(path: string): Promise<void> {
  const facts = lstatSync(path, { throwIfNoEntry: false })
  if (!facts) return
  if (!facts.isSocket())
    throw new ControlError(
      `${path} is there already, and is no socket`,
      'remove it, or choose another path: --control PATH',
    )
  if (await isAnswered(path))
    throw new ControlError(
      `another process listens on the control socket ${path}`,
      'choose another path: --control PATH, or --no-control',
    )
}

/** Only a refusal says that nobody is there: a socket that may not be tried is somebody's. */
async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    return codeOf(error) !== 'ECONNREFUSED' && codeOf(error) !== 'ENOENT'
  } finally {
    socket.destroy()
  }
}

function releaseSocket(path: string, ino: number): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.ino === ino) rmSync(path, { force: true })
}

function removeDead(path: string): void {
  const pid = readSocketPid(path)
  if (pid !== undefined && !isRunning(pid)) rmSync(path, { force: true })
}

/** A process that may not be signalled is there all the same. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}
