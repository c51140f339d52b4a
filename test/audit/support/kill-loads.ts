/** Processes under load that can be killed: the audit alone, and a gateway between clients and an upstream that counts. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'

import { FakeUpstream, speakImap } from '../../support/fake-upstream.ts'

export interface Load {
  /** Runs until it is killed; `ready` is when commands begin to be executed. */
  start(run: number): { readonly process: ChildProcess; readonly ready: Promise<unknown> }
  /** The names of all commands that were executed, `run-number`. */
  executed(): readonly string[]
  stop(): Promise<void>
}

const begin = (name: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })

const firstOutput = (child: ChildProcess): Promise<unknown[]> => once(child.stdout ?? child, 'data')

/** What is executed stands in a file that the process adds to as soon as it may. */
export function loadAudit(audit: string, log: string): Load {
  return {
    start(run) {
      const process = begin('kill-child.ts', [audit, log, String(run)])
      return { process, ready: firstOutput(process) }
    },
    executed: () => (existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : []),
    stop: () => Promise.resolve(),
  }
}

const clients = 6
/** Commands that a client sends before it waits for the first answer. */
const pipelined = 4

/** The upstream is in this process and notes every command before it answers: it outlives the gateway. */
export async function loadGateway(audit: string): Promise<Load> {
  const executed: string[] = []
  const onLine = (line: string): void => {
    const [, name] = /STATUS "?box-(\d+-\d+)/.exec(line) ?? []
    if (name !== undefined) executed.push(name)
  }
  const upstream = await FakeUpstream.start(
    speakImap({ greeting: '* OK [CAPABILITY IMAP4rev1] fake\r\n', onLine }),
  )
  return {
    start(run) {
      const process = begin('kill-gateway.ts', [audit, String(upstream.port)])
      const port = firstOutput(process).then(([text]) => Number(String(text)))
      const ready = port.then((number) => {
        let commands = 0
        for (let at = 0; at < clients; at++) talk(number, () => `${run}-${(commands += 1)}`)
      })
      return { process, ready }
    },
    executed: () => executed,
    stop: () => upstream.close(),
  }
}

/** Asks for the status of one invented mailbox after the other, until the gateway is gone. */
function talk(port: number, nextName: () => string): void {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let tags = 0
  const send = (): void => void socket.write(`a${(tags += 1)} STATUS box-${nextName()} (MESSAGES)\r\n`)
  let received = ''
  socket.on('data', (chunk: Buffer) => {
    received += chunk.toString('latin1')
    const lines = received.split('\r\n')
    received = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('* OK')) socket.write('l LOGIN ann secret\r\n')
      else if (line.startsWith('l OK')) for (let at = 0; at < pipelined; at++) send()
      else if (/^a\d+ OK/.test(line)) send()
    }
  })
  socket.on('error', () => undefined)
}
