/** Keeps one path for one process, until it closes or dies: a socket that the system closes for us; knows no audit. */

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { linkSync, lstatSync, realpathSync, renameSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { AuditFault, codeOf } from './audit-fault.ts'

export interface Lock {
  release(): void
}

/**
 * Milliseconds within which two processes that found the same dead lock have both put theirs in its place: the later
 * one is there then, and the other gives up.
 */
const SETTLE = 100

/** Octets that the name of a socket can have, on every system. */
const NAME = 100

/**
 * Throws AuditFault where another process has it. A file with a number in it would outlive a process that was killed,
 * and the number might be another's by then, or mean nothing outside of a container.
 */
export async function takeLock(path: string): Promise<Lock> {
  const place = join(realpathSync(dirname(path)), `${basename(path)}.lock`)
  const own = `${place}.${randomBytes(3).toString('hex')}`
  if (Buffer.byteLength(own) > NAME)
    throw new AuditFault(
      path,
      'the path is too long for the lock that goes with it',
      `name one of ${NAME - 12} octets at most`,
    )
  const server = createServer((socket) => socket.destroy())
  try {
    server.listen(own)
    await once(server, 'listening')
    await occupy(own, { place, path })
  } catch (error) {
    server.close()
    throw error
  }
  server.unref()
  return makeLock(server, place)
}

function makeLock(server: Server, place: string): Lock {
  const identity = identityAt(place)
  return {
    release() {
      // Taken over by somebody who thought us dead: it is theirs.
      if (identityAt(place) === identity) rmSync(place, { force: true })
      server.close()
    },
  }
}

async function occupy(own: string, { place, path }: { place: string; path: string }): Promise<void> {
  const identity = identityAt(own)
  try {
    linkSync(own, place)
    rmSync(own)
    return
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  }
  // The system refuses a plain file with the same word as a socket that nobody listens on.
  if (lstatSync(place, { throwIfNoEntry: false })?.isSocket() === false)
    throw new AuditFault(
      path,
      `${basename(place)} beside it is no lock of imaptap`,
      'move that file away, or name another path',
    )
  if (await hasListener(place)) throw refuse(path)
  renameSync(own, place)
  await sleep(SETTLE)
  if (identityAt(place) !== identity) throw refuse(path)
}

function refuse(path: string): AuditFault {
  return new AuditFault(path, 'another imaptap writes its audit there', 'give each imaptap a file of its own')
}

async function hasListener(place: string): Promise<boolean> {
  const socket = connect(place)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    if (['ECONNREFUSED', 'ENOENT'].includes(codeOf(error))) return false
    // A socket that we may not use: not ours to replace.
    return true
  } finally {
    socket.destroy()
  }
}

function identityAt(path: string): string | undefined {
  const facts = lstatSync(path, { throwIfNoEntry: false })
  return facts && `${facts.dev}:${facts.ino}`
}
