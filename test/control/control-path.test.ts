/** Where daemons put their sockets, and which of the files there a viewer takes for one. */

import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  defaultControlPlaces,
  findControlPaths,
  isOwnFolder,
  readSocketPid,
} from '../../src/control/control-path.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
const servers: Server[] = []

beforeEach(async () => {
  folder = await createTempFolder('cp')
})

afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  await folder.remove()
})

async function listen(path: string): Promise<string> {
  const server = createServer()
  servers.push(server)
  server.listen(path)
  await once(server, 'listening')
  return path
}

describe('a daemon', () => {
  it('of systemd has one place: the first runtime folder of its unit, whose mode the unit decides', () => {
    const env = { RUNTIME_DIRECTORY: '/run/imaptap:/run/other', XDG_RUNTIME_DIR: '/run/user/7' }
    expect(defaultControlPlaces(env, 5)).toEqual([{ path: '/run/imaptap/control.sock', folder: 'given' }])
  })

  it('of a person has a name of its own, in the XDG folder or beside it', () => {
    const env = { XDG_RUNTIME_DIR: '/run/user/7', TMPDIR: '/var/tmp' }
    const [first, second, ...others] = defaultControlPlaces(env, 5)
    expect(first).toEqual({ path: '/run/user/7/imaptap/control-5.sock', folder: 'own' })
    expect(second?.path).toMatch(/^\/var\/tmp\/imaptap-\d+\/control-5\.sock$/)
    expect(others).toEqual([])
    expect(defaultControlPlaces({ ...env, XDG_RUNTIME_DIR: 'relative' }, 5)).toEqual([second])
    expect(defaultControlPlaces({}, 5)[0]?.path.startsWith(tmpdir())).toBe(true)
  })

  it('is known by its number in the name', () => {
    expect(readSocketPid('/x/control-4711.sock')).toBe(4711)
    expect(readSocketPid('/x/control.sock')).toBeUndefined()
    expect(readSocketPid('/x/control-1.sock.old')).toBeUndefined()
  })
})

describe('a viewer', () => {
  it('finds the sockets of services and of persons, and nothing else', async () => {
    const own = folder.join('imaptap')
    mkdirSync(own, { mode: 0o700 })
    const service = await listen(folder.join('control.sock'))
    const one = await listen(folder.join('imaptap', 'control-1.sock'))
    const two = await listen(folder.join('imaptap', 'control-22.sock'))
    await listen(folder.join('imaptap', 'other.sock'))
    writeFileSync(folder.join('imaptap', 'control-3.sock'), 'no socket')
    const env = { RUNTIME_DIRECTORY: folder.path, XDG_RUNTIME_DIR: folder.path }
    const found = findControlPaths(env).filter((path) => path.startsWith(folder.path))
    expect(new Set(found)).toEqual(new Set([service, one, two]))
  })

  it('passes over a folder that others can enter, as one that somebody laid there', async () => {
    mkdirSync(folder.join('imaptap'), { mode: 0o700 })
    const path = await listen(folder.join('imaptap', 'control-1.sock'))
    const env = { XDG_RUNTIME_DIR: folder.path }
    expect(findControlPaths(env)).toContain(path)
    chmodSync(folder.join('imaptap'), 0o755)
    expect(findControlPaths(env)).not.toContain(path)
  })

  it('follows no link to a folder', () => {
    mkdirSync(folder.join('real'), { mode: 0o700 })
    symlinkSync(folder.join('real'), folder.join('link'))
    expect(isOwnFolder(folder.join('real'))).toBe(true)
    expect(isOwnFolder(folder.join('link'))).toBe(false)
    expect(isOwnFolder(folder.join('none'))).toBe(false)
  })
})
