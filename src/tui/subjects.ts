/** Sessions and transcript rows as the filter language sees them; knows neither the language nor how they look. */

import { unreachable } from '../imap/fault.ts'
import { markOf } from '../filter/subject-of.ts'
import type { Subject, SubjectKind } from '../filter/subject.ts'
import { timesOf } from '../session/exchange-times.ts'
import type { Describe } from './kept-message.ts'
import { isIdling, shownUser, type SessionRow } from './state.ts'
import type { Pair, TranscriptRow } from './transcript.ts'

type CompletionRow = Extract<TranscriptRow, { kind: 'completion' }>

export function sessionSubject(session: SessionRow): Subject {
  const { id, client, agent, upstream, mailbox, heard, latencies } = session
  return {
    kind: 'session',
    session: id,
    user: shownUser(session),
    client: agent,
    address: client?.host,
    upstream,
    mailbox,
    command: heard.commands,
    status: heard.statuses,
    state: statesOf(session),
    millis: latencies.p95(),
    octets: session.octetsIn + session.octetsOut,
    findings: session.found,
    text: () => sessionText(session),
  }
}

function statesOf(session: SessionRow): ReadonlySet<string> {
  const states = new Set<string>([session.closed ? 'closed' : session.state])
  if (!session.closed && isIdling(session)) states.add('idle')
  if (session.held > 0) states.add('held')
  return states
}

function sessionText(session: SessionRow): string {
  const { id, client, agent, upstream, mailbox, failure, closed } = session
  const pair = [...session.open.values()][0]?.pair ?? session.lastPair
  return [id, shownUser(session), agent, client?.host, upstream, mailbox, pair?.name, failure, closed?.reason]
    .filter((part) => part !== undefined)
    .join(' ')
}

/** What is asked of the exchange holds for each of its rows: they stand or fall together. */
export function rowSubject(row: TranscriptRow, session: SessionRow, describe: Describe): Subject {
  const { id, client, agent, upstream, mailbox } = session
  const pair = row.kind === 'note' ? undefined : row.pair
  const decided = row.kind === 'note' && row.noted?.kind === 'decided' ? row.noted : undefined
  return {
    kind: kindOf(row),
    session: id,
    user: pair?.user ?? shownUser(session),
    client: agent,
    address: client?.host,
    upstream,
    mailbox,
    get state() {
      return statesOf(session)
    },
    command: pair?.name ?? (row.kind === 'untagged' ? row.word : decided?.pair?.name),
    tag: pair?.tag ?? decided?.pair?.tag,
    status: pair?.status,
    code: pair?.code,
    millis: pair && latencyOf(pair),
    octets: pair ? pair.octetsIn + pair.octetsOut : row.kind === 'untagged' ? row.octets : undefined,
    side: sideOf(row),
    findings: row.kind === 'note' ? row.finding && [row.finding] : pair?.findings,
    decided: decided && [markOf(decided.decided)],
    text: () => rowText(row, describe),
  }
}

function kindOf(row: TranscriptRow): SubjectKind {
  switch (row.kind) {
    case 'command':
    case 'completion':
      return 'exchange'
    case 'untagged':
      return row.isPush ? 'push' : 'response'
    case 'data':
      return row.side === 'client' ? 'exchange' : 'response'
    case 'note':
      return row.noted?.kind === 'decided' ? 'decided' : row.finding ? 'finding' : 'note'
    default:
      return unreachable(row)
  }
}

function sideOf(row: TranscriptRow): 'client' | 'server' | undefined {
  if (row.kind === 'note') return undefined
  if (row.kind === 'data') return row.side
  return row.kind === 'command' ? 'client' : 'server'
}

/** An IDLE lasts as long as the client likes: that says nothing of how fast anybody is. */
function latencyOf(pair: Pair): number | undefined {
  return pair.name === 'IDLE' ? undefined : timesOf(pair)?.took
}

/** `[READ-WRITE]`, `[APPENDUID 1 7]`, as it stands on the wire; empty where there is none. */
export function codeOf({ code, codeArgs = '' }: Pick<CompletionRow, 'code' | 'codeArgs'>): string {
  if (code === undefined) return ''
  return codeArgs === '' ? `[${code}]` : `[${code} ${codeArgs}]`
}

/** The row in words, as it is searched. */
export function rowText(row: TranscriptRow, describe: Describe): string {
  switch (row.kind) {
    case 'command':
      return `${row.pair.tag} ${row.pair.name} ${row.args} ${row.pair.user ?? ''}`
    case 'completion':
      return [row.pair.tag, row.pair.status, codeOf(row), row.text].filter((part) => part).join(' ')
    case 'untagged':
      return row.messages.map((message) => message.text(describe)).join('\n')
    case 'data':
      return row.message.text(describe)
    case 'note':
      return row.text
    default:
      return unreachable(row)
  }
}
