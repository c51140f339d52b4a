/** Counts what the proxy said of one demo, and compares it with what the client did; prints names and numbers, never arguments. */

import type { ObservedEvent } from '../findings/finding.ts'
import { timesOf } from '../session/exchange-times.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { TallySummary } from './client/tally.ts'

export class DemoReport {
  #sessions = 0
  #refused = 0
  #failedLogins = 0
  #unreadable = 0
  #fromClient = 0
  #fromServer = 0
  #slowest: { name: string; milliseconds: number } | undefined
  #closed = 0
  #onClosed: (() => void) | undefined
  readonly #byName = new Map<string, number>()
  readonly #faults: string[] = []

  observe(event: ObservedEvent): void {
    switch (event.kind) {
      case 'opened':
        this.#sessions += 1
        return
      case 'exchange-completed':
        return this.#count(event.exchange)
      case 'unreadable':
        this.#unreadable += 1
        return
      case 'tls-failed':
        this.#faults.push(`TLS failed on the ${event.side} side: ${event.reason}`)
        return
      case 'closed':
        this.#fromClient += event.totals.fromClient
        this.#fromServer += event.totals.fromServer
        this.#closed += 1
        this.#onClosed?.()
        return
      default:
    }
  }

  /** Resolves once every session that opened has closed, or after so many milliseconds. */
  allClosed(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#onClosed = () => {
        if (this.#closed < this.#sessions) return
        clearTimeout(timer)
        resolve()
      }
      this.#onClosed()
    })
  }

  /** What the proxy saw otherwise than the client did it; nothing when all is as it should be. */
  compare(done: TallySummary): string[] {
    const differences = [...done.unexpected, ...this.#faults]
    const expectSame = (what: string, client: number, proxy: number) => {
      if (client !== proxy) differences.push(`${what}: the client counts ${client}, the proxy ${proxy}`)
    }
    expectSame('Sessions', done.sessions, this.#sessions)
    for (const name of new Set([...done.byName.keys(), ...this.#byName.keys()])) {
      expectSame(name, done.byName.get(name) ?? 0, this.#byName.get(name) ?? 0)
    }
    expectSame('Refused commands', done.expectedFailures, this.#refused)
    if (this.#unreadable > 0) differences.push(`${this.#unreadable} messages were unreadable to the proxy`)
    return differences
  }

  /** One aligned line for each fact. */
  lines(): string[] {
    const byName = [...this.#byName].sort(([, some], [, others]) => others - some)
    const exchanges = byName.reduce((total, [, count]) => total + count, 0)
    const facts: (readonly [label: string, value: string])[] = [
      ['sessions', String(this.#sessions)],
      ['exchanges', String(exchanges)],
      ...wrap(byName.map(([name, count]) => `${name} ${count}`)).map((row) => ['', row] as const),
      [
        'slowest command',
        this.#slowest ? `${this.#slowest.name}, ${writeTime(this.#slowest.milliseconds)}` : '-',
      ],
      ['failed logins', String(this.#failedLogins)],
      ['from clients', `${this.#fromClient.toLocaleString('en')} octets`],
      ['from the server', `${this.#fromServer.toLocaleString('en')} octets`],
      ['unreadable', String(this.#unreadable)],
    ]
    return facts.map(([label, value]) => `  ${label.padEnd(17)}${value}`)
  }

  #count(exchange: Exchange): void {
    const { name, status } = exchange
    this.#byName.set(name, (this.#byName.get(name) ?? 0) + 1)
    if (status === 'NO') this.#refused += 1
    if (status === 'NO' && (name === 'LOGIN' || name === 'AUTHENTICATE')) this.#failedLogins += 1
    // IDLE is long by intent: it would always win.
    const milliseconds = name === 'IDLE' ? 0 : (timesOf(exchange)?.took ?? 0)
    if (milliseconds > (this.#slowest?.milliseconds ?? 0)) this.#slowest = { name, milliseconds }
  }
}

/** One line for one completed exchange; its arguments come redacted from the proxy. */
export function writeExchangeLine(event: ObservedEvent & { kind: 'exchange-completed' }): string {
  const { exchange, session, view } = event
  const { name, args, status = 'aborted', octetsIn, octetsOut } = exchange
  const times = timesOf(exchange)
  const who = `${session.padEnd(4)} ${(view.user ?? '-').padEnd(5)} ${(view.client ?? '-').padEnd(16)}`
  const took = times === undefined ? '-' : writeTime(times.took)
  const command = `${name} ${args}`.trim().slice(0, 72)
  return `${who} ${status.padEnd(4)} ${took.padStart(8)} ${String(octetsIn).padStart(6)} in ${String(octetsOut).padStart(8)} out  ${command}`
}

function writeTime(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`
}

function wrap(words: readonly string[]): string[] {
  const rows: string[] = []
  for (const word of words) {
    const last = rows.at(-1)
    if (last === undefined || last.length + word.length > 60) rows.push(word)
    else rows[rows.length - 1] = `${last}, ${word}`
  }
  return rows
}
