/** The real program as a child process: started on free ports with a CA of its own, its log read back as records. */

import { readdirSync, readFileSync } from 'node:fs'
import { X509Certificate } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'

import { startDaemon, type Daemon } from './child.ts'
import { findFreePorts, waitForPort } from './ports.ts'
import { createTempFolder, type TempFolder } from './temp-folder.ts'

export interface ProxyOptions {
  /** `imap://`, `imap+starttls://` or `imaps://`. */
  readonly upstream: string
  readonly upstreamCa?: string
  readonly hideCapabilities?: readonly string[]
  readonly isWireLogged?: boolean
  /** Look for what is wrong in every message. */
  readonly hasFindings?: boolean
  /** More arguments for the command line. */
  readonly args?: readonly string[]
}

/** One line of the log; what each event carries is checked by the test that reads it. */
export interface LogRecord {
  readonly event: string
  readonly [field: string]: unknown
}

export interface Proxy {
  readonly host: string
  readonly ports: { readonly imap: number; readonly imaps: number }
  /** The authority that clients must trust. */
  readonly caFile: string
  readonly pid: number
  logText(): string
  logRecords(): LogRecord[]
  /** Waits until the log says this: records are written behind the traffic. */
  waitForRecord(isWanted: (record: LogRecord) => boolean): Promise<LogRecord>
  /** What it wrote to stdout and stderr. */
  output(): string
  stop(): Promise<number | null>
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Attempts to bind: a free port can be taken by a stranger before the proxy gets there. */
const bindAttempts = 3
const recordPatienceMs = 10_000

export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const folder = await createTempFolder('px')
  try {
    for (let attempt = 1; ; attempt++) {
      const started = await tryToStart(folder, options)
      if (started.kind === 'running') return started.proxy
      if (attempt === bindAttempts) throw new Error(`imaptap did not start:\n${started.reason}`)
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

type Attempt =
  | { readonly kind: 'running'; readonly proxy: Proxy }
  | { readonly kind: 'failed'; readonly reason: string }

async function tryToStart(folder: TempFolder, options: ProxyOptions): Promise<Attempt> {
  const [imap = 0, imaps = 0] = await findFreePorts(2)
  const logFile = folder.join('proxy.log')
  const listen = [`imap://127.0.0.1:${imap}`, `imaps://127.0.0.1:${imaps}`]
  const files = ['--ca-dir', folder.join('ca'), '--log', logFile]
  const args = [
    'proxy',
    '--no-dashboard',
    // A developer's own `imaptap attach` must not find it; a test that wants one names its place.
    '--no-control',
    ...files,
    ...listen.flatMap((url) => ['--listen', url]),
    ...optionalArgs(options),
  ]
  const daemon = await startDaemon(process.execPath, [main, ...args], cleanEnvironment())
  if (!(await isListening(daemon, [imap, imaps]))) {
    await daemon.stop()
    return { kind: 'failed', reason: daemon.output() }
  }

  const logText = () => readFileSync(logFile, 'utf8')
  const logRecords = () => readRecords(logText())
  const proxy: Proxy = {
    host: 'localhost',
    ports: { imap, imaps },
    caFile: findAuthority(folder.join('ca')),
    pid: daemon.pid,
    logText,
    logRecords,
    waitForRecord: (isWanted) => waitForRecord(logRecords, isWanted),
    output: daemon.output,
    stop: async () => {
      const code = await daemon.stop()
      await folder.remove()
      return code
    },
  }
  return { kind: 'running', proxy }
}

function optionalArgs(options: ProxyOptions): string[] {
  return [
    '--upstream',
    options.upstream,
    ...(options.upstreamCa === undefined ? [] : ['--upstream-ca', options.upstreamCa]),
    ...(options.hideCapabilities ?? []).flatMap((name) => ['--hide-capability', name]),
    ...(options.isWireLogged === true ? ['--wire'] : []),
    ...(options.hasFindings === true ? ['--findings'] : []),
    ...(options.args ?? []),
  ]
}

/** Settings of the developer's own shell must not reach the program under test. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('IMAPTAP_') && name !== 'SSLKEYLOGFILE',
  )
  return Object.fromEntries(entries)
}

async function isListening(daemon: Daemon, ports: readonly number[]): Promise<boolean> {
  const answers = await Promise.all(ports.map((port) => waitForPort(port, '127.0.0.1', daemon.isRunning)))
  // A stranger's listener on the port would answer too, but then the program has ended.
  return answers.every(Boolean) && daemon.isRunning()
}

/** The one certificate in the folder that may sign others, whatever its file is called. */
function findAuthority(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => `${folder}/${name}`)
  const authority = files.find(isAuthority)
  if (authority === undefined) throw new Error(`no CA certificate among ${files.join(', ')}`)
  return authority
}

function isAuthority(path: string): boolean {
  try {
    const text = readFileSync(path, 'utf8')
    return !text.includes('PRIVATE KEY') && new X509Certificate(text).ca
  } catch {
    return false
  }
}

function readRecords(text: string): LogRecord[] {
  const records: LogRecord[] = []
  // The last piece is empty, or a line that is still being written.
  for (const line of text.split('\n').slice(0, -1)) {
    const parsed: unknown = JSON.parse(line)
    if (!isRecord(parsed)) throw new Error(`not a record: ${line}`)
    records.push(parsed)
  }
  return records
}

function isRecord(value: unknown): value is LogRecord {
  return typeof value === 'object' && value !== null && 'event' in value && typeof value.event === 'string'
}

async function waitForRecord(
  read: () => LogRecord[],
  isWanted: (record: LogRecord) => boolean,
): Promise<LogRecord> {
  const deadline = performance.now() + recordPatienceMs
  for (;;) {
    const found = read().find(isWanted)
    if (found !== undefined) return found
    if (performance.now() > deadline)
      throw new Error(
        `no such record in:\n${read()
          .map((record) => record.event)
          .join('\n')}`,
      )
    await sleep(20)
  }
}
