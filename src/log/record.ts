/** Turns an event into the one record that the log keeps of it; knows no file and no format. */

import { printable } from '../imap/printable.ts'
import { describeMessage } from '../imap/redact.ts'
import type { Finding, ObservedEvent } from '../findings/finding.ts'
import { isRefusal, isTold } from '../relay/decided-words.ts'
import type { ProxyEvent, TlsFacts } from '../relay/event.ts'
import { timesOf } from '../session/exchange-times.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'

export type Level = 'info' | 'warn' | 'error'

/** One line of the log. Every value is one line of printable text, a number, a boolean or a list of such. */
export interface LogRecord {
  readonly event: string
  /** Undefined for what belongs to no session. */
  readonly session: string | undefined
  readonly [field: string]: unknown
}

export interface Entry {
  readonly level: Level
  readonly record: LogRecord
}

/** Octets of one wire line that are shown; the rest of a long line is counted. */
const SHOWN = 2_000

/** Undefined for events that the log does not keep. */
export function recordOf(event: ObservedEvent): Entry | undefined {
  const { session } = event
  switch (event.kind) {
    case 'exchange-completed':
      return info(exchangeRecord(session, event.exchange, event.view))
    case 'opened':
      return info({
        event: 'session.open',
        session,
        address: event.address,
        listener: event.listener,
        upstream: event.upstream,
      })
    case 'secured':
      return info({ event: 'session.tls', session, side: event.side, ...tlsRecord(event.tls) })
    case 'tls-failed':
      return warn({
        event: 'session.tls',
        session,
        side: event.side,
        reason: event.reason,
        advice: event.advice,
      })
    case 'unreadable': {
      const { rule, at, text } = event.fault
      return warn({
        event: 'unreadable',
        session,
        side: event.side,
        rule,
        at,
        text,
        octets: event.octets,
        line: event.shown,
      })
    }
    case 'decided':
      return decidedEntry(event)
    case 'rewritten':
      return info({ event: 'rewrite', session, side: event.side, rule: event.rule, note: event.note })
    case 'warning':
      return warn({ event: 'warning', session, reason: event.reason, advice: event.advice })
    case 'closed':
      return info({
        event: 'session.close',
        session,
        reason: event.reason,
        ...event.totals,
        ...viewRecord(event.view),
      })
    case 'finding':
      return findingEntry(session, event.finding)
    case 'held':
      return approvalEntry(event)
    case 'released':
      return rulingEntry(event)
    case 'message':
    case 'exchange-opened':
    case 'changed':
      return undefined
  }
}

/** Something in imaptap itself went wrong. */
export function faultEntry(error: unknown): Entry {
  const stack = error instanceof Error ? error.stack?.split('\n').map((line) => printable(line)) : undefined
  return {
    level: 'error',
    record: onlyPrintable({ event: 'fault', session: undefined, reason: String(error), stack }),
  }
}

/** Something changed that operators know of. */
export const newsEntry = (news: string): Entry => ({
  level: 'info',
  record: onlyPrintable({ event: 'news', session: undefined, note: news }),
})

/** The lines of a message as wire records, in order; redacted by what was being said when they were sent. */
export function wireRecords(event: Extract<ProxyEvent, { kind: 'message' }>): readonly LogRecord[] {
  const { session, message, hidesAll, sent } = event
  const from = event.isOurs === true ? 'imaptap' : event.side
  const lines = describeMessage(message, { hidesAll, limit: SHOWN })
  // An empty line is a line: a server may complain of it.
  const shown = lines.length > 0 ? lines : ['']
  const records = shown.map((line): LogRecord => ({ event: 'wire', session, from, line }))
  if (!sent) return records
  const replaced = describeMessage(sent, { hidesAll, limit: SHOWN })
  return [
    ...records,
    ...replaced.map((line): LogRecord => ({ event: 'wire', session, from: 'imaptap', line })),
  ]
}

function exchangeRecord(session: string, exchange: Exchange, view: SessionView): LogRecord {
  const { firstOctetAt, heldMillis } = exchange
  const times = timesOf(exchange)
  return {
    event: 'exchange',
    session,
    tag: exchange.tag,
    command: exchange.name,
    args: exchange.args,
    status: exchange.status,
    code: exchange.code,
    codeArgs: exchange.codeArgs,
    text: exchange.text,
    durationMs: round(times?.took),
    firstOctetMs: firstOctetAt === undefined ? undefined : round(times?.wait),
    heldMs: heldMillis > 0 ? round(heldMillis) : undefined,
    octetsIn: exchange.octetsIn,
    octetsOut: exchange.octetsOut,
    untagged: exchange.untagged,
    attribution: exchange.attribution === 'shared' ? 'shared' : undefined,
    ...viewRecord(view),
    user: view.user ?? exchange.user,
  }
}

type EventOf<Kind extends ProxyEvent['kind']> = Extract<ProxyEvent, { kind: Kind }>

/** Undefined for what is only counted. */
function decidedEntry({ session, decided, exchange, view }: EventOf<'decided'>): Entry | undefined {
  if (!isTold(decided)) return undefined
  const { rule, effect, why, isDryRun, mailboxes, sent } = decided
  const record = {
    event: 'policy',
    session,
    rule,
    effect,
    dryRun: isDryRun || undefined,
    why,
    tag: exchange?.tag,
    command: exchange?.name,
    args: exchange?.args,
    mailboxes: mailboxes.length === 0 ? undefined : mailboxes,
    sent,
    ...viewRecord(view),
  }
  return isRefusal(decided) ? warn(record) : info(record)
}

/** What a breakpoint holds is between a person and the session; a policy's question is for whoever reads the log. */
function approvalEntry({
  session,
  ticket,
  approval,
  exchange,
  at,
  deadline,
}: EventOf<'held'>): Entry | undefined {
  if (!approval) return undefined
  return info({
    event: 'approval',
    session,
    id: `${session}/${ticket}`,
    rule: approval.rule,
    otherwise: approval.otherwise,
    tag: exchange?.tag,
    command: exchange?.name,
    args: exchange?.args,
    note: approval.note,
    waitsMs: round(deadline - at),
  })
}

/** Only of what somebody ruled whose name is told: that is an approval. */
function rulingEntry({ session, ticket, how, by }: EventOf<'released'>): Entry | undefined {
  if (by === undefined) return undefined
  return info({ event: 'ruling', session, id: `${session}/${ticket}`, how, by })
}

/** A warning of the log at most: an error there is imaptap's own. */
function findingEntry(session: string, finding: Finding): Entry {
  const { id, name, level: severity, side, text, reference, advice, evidence } = finding
  const record = { event: 'finding', session, id, name, severity, side, text, reference, advice, evidence }
  return severity === 'note' ? info(record) : warn(record)
}

function viewRecord(view: SessionView): {
  user: string | undefined
  mailbox: string | undefined
  client: string | undefined
} {
  return { user: view.user, mailbox: view.mailbox?.name, client: view.client }
}

/** Milliseconds with three digits behind the point: microseconds are what the clock is good for. */
function round(millis: number | undefined): number | undefined {
  return millis === undefined ? undefined : Math.round(millis * 1000) / 1000
}

function tlsRecord(tls: TlsFacts): TlsFacts {
  const { version, cipher, name, certificate, isResumed } = tls
  return { version, cipher, name, certificate, isResumed }
}

const info = (record: LogRecord): Entry => ({ level: 'info', record: onlyPrintable(record) })
const warn = (record: LogRecord): Entry => ({ level: 'warn', record: onlyPrintable(record) })

/** The last word on what may stand in a line: tags, codes and reasons come from peers as well. */
function onlyPrintable(record: LogRecord): LogRecord {
  // A plain loop: this runs for every command, and nearly always finds nothing.
  for (const field in record) if (isOdd(record[field])) return escapeAll(record)
  return record
}

function escapeAll(record: LogRecord): LogRecord {
  const odd = Object.entries(record).filter(([, value]) => isOdd(value))
  return { ...record, ...Object.fromEntries(odd.map(([field, value]) => [field, escapeValue(value)])) }
}

const escapeValue = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(escapeValue) : printable(String(value))

const isOdd = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(isOdd) : typeof value === 'string' && !isPlain.test(value)
const isPlain = /^[ -~]*$/u
