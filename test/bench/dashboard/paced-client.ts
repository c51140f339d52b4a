/** A load client that keeps its pace, a process of its own: sends when a command is due, whether or not others were answered. */

import { setTimeout as wait } from 'node:timers/promises'
import { fetchCommand } from '../upstream/corpus.ts'
import type { PacedFigures, PacedOrder, PacedOutcome } from './order.ts'
import { PacedSession } from './paced-session.ts'

/** What mail clients ask for again and again: mostly nothing new, now and then a message or a page of a list. */
const MIX = [
  'NOOP',
  'STORE 5 +FLAGS (\\Seen)',
  fetchCommand('message'),
  'NOOP',
  'STORE 5 +FLAGS (\\Seen)',
  'NOOP',
  fetchCommand('message'),
  'NOOP',
  fetchCommand('page'),
  'NOOP',
]
/** Milliseconds that the last answers may take. */
const GRACE = 30_000
const POLL = 5

let sessions: PacedSession[] = []

process.on('message', (order: PacedOrder) => void obey(order).then(answer))
// The bench that started this process is gone.
process.on('disconnect', () => process.exit(0))

async function obey(order: PacedOrder): Promise<PacedOutcome> {
  try {
    return { kind: 'done', figures: order.kind === 'open' ? await open(order) : await run(order) }
  } catch (error) {
    return { kind: 'failed', reason: error instanceof Error ? error.message : String(error) }
  }
}

function answer(outcome: PacedOutcome): void {
  process.send?.(outcome)
}

async function open(order: Extract<PacedOrder, { kind: 'open' }>): Promise<PacedFigures> {
  sessions = Array.from({ length: order.sessions }, () => new PacedSession(order.port))
  for (const [at, session] of sessions.entries()) {
    await session.greeted()
    session.send(`LOGIN user${at} correct-horse-battery`)
    await session.settled()
    session.send('SELECT INBOX')
    await session.settled()
  }
  return summarize({ times: [], late: [] })
}

interface Seen {
  readonly times: number[]
  readonly late: number[]
}

async function run({ seconds, rate }: Extract<PacedOrder, { kind: 'run' }>): Promise<PacedFigures> {
  const seen: Seen = { times: [], late: [] }
  for (const session of sessions) session.onAnswer = (millis) => seen.times.push(millis)
  const started = performance.now()
  const total = Math.floor(seconds * rate)
  for (let sent = 0; sent < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - started) * rate) / 1000))
    for (; sent < due; sent++) {
      seen.late.push(performance.now() - started - (sent * 1000) / rate)
      sessions[sent % sessions.length]?.send(commandAt(sent))
    }
    await wait(1)
  }
  await settleAll()
  return summarize(seen)
}

/** Each session goes through the mix, and no two that are beside each other do the same at once. */
function commandAt(sent: number): string {
  const turn = Math.floor(sent / sessions.length) + (sent % sessions.length)
  return MIX[turn % MIX.length] ?? 'NOOP'
}

async function settleAll(): Promise<void> {
  const deadline = performance.now() + GRACE
  while (sessions.some(({ pending }) => pending > 0)) {
    for (const { fault } of sessions) if (fault) throw fault
    if (performance.now() > deadline) throw new Error(`${pendingOf(sessions)} answers are missing`)
    await wait(POLL)
  }
}

function pendingOf(of: readonly PacedSession[]): number {
  return of.reduce((sum, { pending }) => sum + pending, 0)
}

function summarize({ times, late }: Seen): PacedFigures {
  const sorted = Float64Array.from(times).sort()
  const lateness = Float64Array.from(late).sort()
  return {
    commands: sorted.length,
    p50: quantile(sorted, 0.5),
    p99: quantile(sorted, 0.99),
    max: quantile(sorted, 1),
    lateP99: quantile(lateness, 0.99),
  }
}

function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0
}
