/** Child processes of tests: run to the end, or kept and stopped by pid; none outlives the test process. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

import { findTool } from './tools.ts'

export interface RunOptions {
  readonly input?: string | Uint8Array
  readonly env?: NodeJS.ProcessEnv
  readonly timeoutMs?: number
}

export interface RunResult {
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** Runs a program to its end; a failure to exit with 0 is an error that shows what it wrote. */
export async function runOrThrow(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const result = await run(file, args, options)
  if (result.code === 0) return result
  const shown = `${result.stderr}\n${result.stdout.toString('latin1').slice(0, 2000)}`
  throw new Error(`${file} ${args.join(' ')} exited with ${result.code}:\n${shown}`)
}

export async function run(
  file: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const child = spawn(file, args, { env: options.env ?? process.env, stdio: 'pipe' })
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 60_000)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
  // A program that ends without reading its input is not a failure of its own.
  child.stdin.on('error', () => undefined)
  child.stdin.end(options.input)
  try {
    await once(child, 'close')
  } finally {
    clearTimeout(timer)
  }
  return { code: child.exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }
}

export interface Daemon {
  readonly pid: number
  /** Everything that it wrote to stdout and stderr so far. */
  readonly output: () => string
  readonly isRunning: () => boolean
  /** SIGTERM, then SIGKILL after the patience is over; answers the exit code. */
  stop(patienceMs?: number): Promise<number | null>
}

/** Starts a program that runs until it is stopped, or until this process dies however it dies. */
export async function startDaemon(file: string, args: readonly string[], env = process.env): Promise<Daemon> {
  const [command, commandArgs] = withParentDeathSignal(file, args)
  const child = spawn(command, commandArgs, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output: string[] = []
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  await once(child, 'spawn')
  if (child.pid === undefined) throw new Error(`${file} has no pid`)
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  child.once('exit', () => process.off('exit', killAtExit))
  return {
    pid: child.pid,
    output: () => output.join(''),
    isRunning: () => isRunning(child),
    stop: (patienceMs = 5000) => stopChild(child, patienceMs),
  }
}

/** setpriv replaces itself with the program: the pid stays, and the kernel ends it if this process is killed. */
function withParentDeathSignal(file: string, args: readonly string[]): [string, readonly string[]] {
  const setpriv = findTool('setpriv')
  if (setpriv === undefined) return [file, args]
  return [setpriv, ['--pdeathsig', 'TERM', file, ...args]]
}

async function stopChild(child: ChildProcess, patienceMs: number): Promise<number | null> {
  if (!isRunning(child)) return child.exitCode
  const closed = once(child, 'close')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
  await closed
  clearTimeout(timer)
  return child.exitCode
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}
