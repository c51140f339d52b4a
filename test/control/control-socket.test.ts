/** The socket's file: whose it is, at every moment, and what becomes of those that dead processes left. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bindControlSocket, bindOwnSocket } from '../../src/control/control-socket.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'

let folder: TempFolder
const servers: Server[] = []

beforeEach(async () => {
  folder = await createTempFolder('cs')
})

afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  await folder.remove()
})

function makeServer(): Server {
  const server = createServer((socket) => socket.on('error', () => undefined).end('here'))
  servers.push(server)
  return server
}

async function read(path: string): Promise<string> {
  let text = ''
  const socket = connect(path).on('data', (chunk: Buffer) => (text += chunk.toString()))
  await once(socket, 'close')
  return text
}

const modeOf = (path: string): string => (lstatSync(path).mode & 0o777).toString(8)

/** A process that listens there and dies without a chance to clean up. */
async function leaveStale(path: string): Promise<void> {
  const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log('up'))`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'close')
}

describe('a control socket', () => {
  it('is for its user alone, in a folder that is made so, under a mask that allows all', async () => {
    const path = folder.join('made', 'c.sock')
    // A process of its own: the mask is the whole process's.
    const module = new URL('../../src/control/control-socket.ts', import.meta.url).href
    const script = `
      process.umask(0)
      const { watch } = require('node:fs'), { createServer } = require('node:net')
      import(${JSON.stringify(module)}).then(async ({ bindControlSocket }) => {
        await bindControlSocket(createServer(), ${JSON.stringify(path)})
        console.log('up')
      })`
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    expect([modeOf(folder.join('made')), modeOf(path)]).toEqual(['700', '600'])
    child.kill('SIGKILL')
    await once(child, 'close')
  })

  it('answers at its place, leaves nothing beside it, and goes with its daemon', async () => {
    const bound = await bindControlSocket(makeServer(), folder.join('c.sock'))
    expect(await read(bound.path)).toBe('here')
    expect(readdirSync(folder.path)).toEqual(['c.sock'])
    bound.release()
    expect(readdirSync(folder.path)).toEqual([])
  })

  it('replaces one that a dead process left', async () => {
    const path = folder.join('c.sock')
    await leaveStale(path)
    expect(existsSync(path)).toBe(true)
    await bindControlSocket(makeServer(), path)
    expect(await read(path)).toBe('here')
  })

  it('never takes the place of a living one, nor of a file', async () => {
    const path = folder.join('c.sock')
    await bindControlSocket(makeServer(), path)
    await expect(bindControlSocket(makeServer(), path)).rejects.toThrow('another process listens on')
    expect(await read(path)).toBe('here')
    writeFileSync(folder.join('file'), 'precious')
    await expect(bindControlSocket(makeServer(), folder.join('file'))).rejects.toThrow('is no socket')
    expect(existsSync(folder.join('file'))).toBe(true)
  })

  it('is not taken away from a daemon that came later', async () => {
    const first = await bindControlSocket(makeServer(), folder.join('c.sock'))
    rmSync(first.path)
    await bindControlSocket(makeServer(), first.path)
    first.release()
    expect(await read(first.path)).toBe('here')
  })

  it('has a path that the system can take, or says so', async () => {
    const path = folder.join('x'.repeat(120))
    await expect(bindControlSocket(makeServer(), path)).rejects.toThrow('longer than 90 octets')
  })
})

describe('the folder of its own', () => {
  it('is made for its user alone, and refused when others have a right to it', async () => {
    const path = folder.join('own', 'control-1.sock')
    const bound = await bindOwnSocket(makeServer(), path)
    expect(modeOf(folder.join('own'))).toBe('700')
    bound.release()
    chmodSync(folder.join('own'), 0o777)
    await expect(bindOwnSocket(makeServer(), path)).rejects.toThrow('open to other users')
  })

  it('is cleared of the sockets of dead processes, and of nothing else', async () => {
    mkdirSync(folder.join('own'), { mode: 0o700 })
    await leaveStale(folder.join('own', 'left.sock'))
    // No process has this number: it is above what systems give.
    const dead = folder.join('own', 'control-99999999.sock')
    renameSync(folder.join('own', 'left.sock'), dead)
    const mine = await bindOwnSocket(makeServer(), folder.join('own', `control-${process.pid}.sock`))
    writeFileSync(folder.join('own', 'notes'), '')
    await bindOwnSocket(makeServer(), folder.join('own', 'control-1.sock'))
    expect(existsSync(dead)).toBe(false)
    expect(await read(mine.path)).toBe('here')
    expect(existsSync(folder.join('own', 'notes'))).toBe(true)
  })
})
