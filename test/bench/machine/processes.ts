/** Starts children on chosen cores, talks to those that have a channel, and ends every one; knows not what they serve. */

import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { processTree } from './accounting.ts'

export interface Launch {
  readonly command: readonly string[]
  /** Cores as `taskset -c` takes them; undefined leaves the choice to the kernel. */
  readonly cores: string | undefined
  /** A channel for messages, for the processes of our own that take orders. */
  readonly hasChannel?: boolean
  /** Its input stays open: `script` would end with it. */
  readonly hasInput?: boolean
}

export interface Child {
  readonly pid: number
  readonly process: ChildProcess
  /** The last of what it wrote, both streams together: what a failure is explained with. */
  said(): string
}

/** What is kept of a child's output: enough for a stack trace, not for a log. */
const SAID_CHARACTERS = 4000
/** How long a child may take over ending by itself; a CPU profile is written in that time. */
const PATIENCE_MS = 5000
const POLL_MS = 20

const running = new Set<Child>()
/** Set for good once all are to end: whoever still wants a child then learns that it is too late. */
let isOver = false

export function launch(what: Launch): Child {
  if (isOver) throw new Error('the bench is ending')
  // The hard limit becomes the soft one: a thousand sessions cost a relay two thousand descriptors.
  const shell = 'ulimit -n "$(ulimit -Hn)" 2>/dev/null; exec "$@"'
  const pinned = what.cores === undefined ? what.command : ['taskset', '-c', what.cores, ...what.command]
  const input = what.hasInput ? 'pipe' : 'ignore'
  const stdio: StdioOptions = what.hasChannel ? [input, 'pipe', 'pipe', 'ipc'] : [input, 'pipe', 'pipe']
  const child = observe(spawn('/bin/sh', ['-c', shell, 'sh', ...pinned], { stdio }))
  running.add(child)
  child.process.once('exit', () => running.delete(child))
  return child
}

function observe(process: ChildProcess): Child {
  let said = ''
  const hear = (text: Buffer): void => {
    said = (said + text.toString('utf8')).slice(-SAID_CHARACTERS)
  }
  process.stdout?.on('data', hear)
  process.stderr?.on('data', hear)
  // A failed start shows as an early exit; the message says why.
  process.on('error', (error) => hear(Buffer.from(error.message)))
  return { pid: process.pid ?? -1, process, said: () => said.trim() }
}

export const hasEnded = (child: Child): boolean =>
  child.process.exitCode !== null || child.process.signalCode !== null

/** Asks the child to end and insists after a while; its own children are ended with it. */
export async function end(child: Child): Promise<void> {
  if (hasEnded(child)) return
  const tree = processTree(child.pid)
  const exit = once(child.process, 'exit')
  child.process.kill('SIGTERM')
  await Promise.race([exit, wait(PATIENCE_MS, undefined, { ref: false })])
  if (hasEnded(child)) return
  for (const pid of tree) kill(pid)
  await exit
}

export async function endAll(): Promise<void> {
  isOver = true
  await Promise.all([...running].map(end))
}

/** For when nothing can be awaited any more. */
export function killAll(): void {
  for (const child of running) for (const pid of processTree(child.pid)) kill(pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself in the meantime.
  }
}

/** Resolves once the port accepts connections; rejects when the child ends first or time is up. */
export async function untilListening(child: Child, port: number, withinMs = 15_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (performance.now() < deadline) {
    if (hasEnded(child)) throw new Error(`ended before it listened: ${child.said() || 'no output'}`)
    if (await accepts(port)) return
    await wait(POLL_MS)
  }
  throw new Error(`did not listen within ${withinMs} ms: ${child.said() || 'no output'}`)
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect({ host: '127.0.0.1', port })
  socket.once('connect', () => resolve(true))
  socket.once('error', () => resolve(false))
  return promise.finally(() => socket.destroy())
}

/** A port of the loopback interface that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  return address.port
}
