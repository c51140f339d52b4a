/** Processes under load that can be killed: the audit alone, and the whole gateway between clients and a server. */

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import type { Random } from '../../support/random.ts'
import type { TempFolder } from '../../support/temp-folder.ts'
import type { AuditRecord } from './audits.ts'
import { KillClient, kinds } from './kill-client.ts'
import { startUpstream, users, type UpstreamKind } from './kill-upstreams.ts'

export interface Load {
  /** Milliseconds that a start takes, about. */
  readonly startTime: number
  /** Runs until it is killed; `ready` is when commands begin to be executed. */
  start(run: number): { readonly process: ChildProcess; readonly ready: Promise<unknown> }
  /** Resolves at a random moment of the work that begins when it is ready. */
  work(random: Random): Promise<unknown>
  /** The names of all commands that were executed. */
  executed(): Promise<readonly string[]>
  /** The name of the command that a decision lets go on. */
  nameIn(record: AuditRecord): string | undefined
  /** Commands that clients know to have been executed, and that leave something that shows it. */
  readonly acknowledged: readonly string[]
  /** Answers that no client should have had. */
  readonly strange: readonly string[]
  stop(): Promise<void>
}

const begin = (name: string, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...args], {
    // Its end tells the process that nobody is left to kill it.
    stdio: ['pipe', 'pipe', 'pipe'],
  })

const firstOutput = (child: ChildProcess): Promise<unknown[]> => once(child.stdout ?? child, 'data')

/** What is executed stands in a file that the process adds to as soon as it may. */
export function loadAudit(audit: string, log: string): Load {
  return {
    startTime: 400,
    work: (random) => sleep(random.below(120)),
    start(run) {
      const process = begin('kill-child.ts', [audit, log, String(run)])
      return { process, ready: firstOutput(process) }
    },
    executed: () =>
      Promise.resolve(existsSync(log) ? readFileSync(log, 'utf8').split('\n').slice(0, -1) : []),
    nameIn: ({ why }) => String(why),
    acknowledged: [],
    strange: [],
    stop: () => Promise.resolve(),
  }
}

export interface GatewayLoad {
  readonly audit: string
  readonly upstream: UpstreamKind
  readonly mode: 'strict' | 'relaxed'
}

/** Sessions of each user. */
const sessions = 2
/** Answers that they have before a kill, and milliseconds that they may take, at most. */
const MOST_ANSWERS = 160
const PATIENCE = 10_000

/** Server and clients outlive the gateway: what they saw is true whatever became of it. */
export async function loadGateway(folder: TempFolder, options: GatewayLoad): Promise<Load> {
  const upstream = await startUpstream(options.upstream)
  const file = folder.join('gateway.yaml')
  await writeFile(file, writeConfig(folder, { ...options, port: upstream.port }))
  const strange: string[] = []
  const acknowledged: string[] = []
  let answers = 0
  return {
    startTime: 2_500,
    acknowledged,
    strange,
    async work(random) {
      // By what is done, since on a busy machine little may be done in any time.
      const wanted = answers + random.below(MOST_ANSWERS)
      for (const end = performance.now() + PATIENCE; answers < wanted && performance.now() < end;)
        await sleep(1)
      await sleep(random.below(15))
    },
    start(run) {
      const process = begin('kill-gateway.ts', [file])
      let numbers = 0
      const tell = {
        nextNumber: () => `${run}-${(numbers += 1)}`,
        onAnswer: (name: string, isOk: boolean) => {
          answers += 1
          if (isOk && /^[ascm]/u.test(name)) acknowledged.push(name)
        },
        onStrange: (answer: string) => void strange.push(answer),
      }
      const ready = firstOutput(process).then(([text]) => {
        for (let at = 0; at < users.length * sessions; at++)
          void new KillClient(Number(String(text)), { upstream, user: users[at % users.length] ?? '' }, tell)
      })
      return { process, ready }
    },
    executed: () => upstream.executed(),
    nameIn: ({ tag, command, effect }) => {
      const name = String(tag)
      const isOf = kinds[name.charAt(0) as keyof typeof kinds] === command // Others have no kind.
      return isOf && effect !== 'deny' ? name : undefined
    },
    stop: () => upstream.stop(),
  }
}

/** Profile, hidden mailbox, rules of its own: nothing here holds a command for a person. */
export function writeConfig(
  folder: TempFolder,
  gateway: Pick<GatewayLoad, 'audit' | 'mode'> & { readonly port: number },
): string {
  return `
upstream: imap://127.0.0.1:${gateway.port}
tls: { caDir: ${folder.join('ca')} }
log: { level: error }
control: { socket: false }
audit: { path: ${gateway.audit}, mode: ${gateway.mode} }
policy:
  extends: organise
  mailboxes:
    - { match: [Secret, Secret/**], hidden: true }
    - { match: '**', rights: all }
  rules:
    - { name: kill-moves, when: command == "MOVE", record: audit }
`
}
