/** The filter language of both panes: words that must all match; any text is a filter, none can fail or hang. */

import { unreachable } from '../imap/fault.ts'
import type { SessionRow } from './state.ts'
import { currentPair, shownUser } from './state.ts'
import type { Pair, TranscriptRow } from './transcript.ts'

const FIELDS = ['id', 'user', 'client', 'upstream', 'mailbox', 'cmd', 'status', 'tag'] as const
type Field = (typeof FIELDS)[number]

const ALIASES: Readonly<Record<string, Field>> = {
  id: 'id',
  session: 'id',
  user: 'user',
  client: 'client',
  upstream: 'upstream',
  mbox: 'mailbox',
  mailbox: 'mailbox',
  cmd: 'cmd',
  command: 'cmd',
  status: 'status',
  tag: 'tag',
}

type Term = { readonly isNegated: boolean } & (
  | { readonly kind: 'text'; readonly wanted: string }
  | { readonly kind: 'field'; readonly field: Field; readonly wanted: string }
  /** `>200ms`: slower than this. */
  | { readonly kind: 'slower'; readonly millis: number }
)

export interface Filter {
  readonly source: string
  readonly terms: readonly Term[]
}

const STATUSES: ReadonlySet<string> = new Set(['ok', 'no', 'bad'])

/** Longer input is of no use and is not read. */
const LONGEST = 200

/**
 * `ann`, `user:ann`, `cmd:fetch`, `status:no`, `mailbox:inbox`, `"two words"`, `>200ms`, and `!` before any of them.
 * What is not understood is taken as plain text.
 */
export function parseFilter(source: string): Filter {
  const words = source.slice(0, LONGEST).match(/!?(?:\w+:)?"[^"]*"?|\S+/g) ?? []
  return { source, terms: words.map(parseTerm).filter((term) => term !== undefined) }
}

function parseTerm(word: string): Term | undefined {
  const isNegated = word.startsWith('!') && word.length > 1
  const body = (isNegated ? word.slice(1) : word).toLowerCase()
  const slower = /^>(\d+(?:\.\d+)?)(ms|s)?$/.exec(body)
  if (slower) {
    return { kind: 'slower', isNegated, millis: Number(slower[1]) * (slower[2] === 's' ? 1000 : 1) }
  }
  const colon = body.indexOf(':')
  const field = colon > 0 ? fieldNamed(body.slice(0, colon)) : undefined
  const wanted = (field ? body.slice(colon + 1) : body).replaceAll('"', '')
  if (wanted === '') return undefined
  return field ? { kind: 'field', isNegated, field, wanted } : { kind: 'text', isNegated, wanted }
}

function fieldNamed(name: string): Field | undefined {
  return Object.hasOwn(ALIASES, name) ? ALIASES[name] : undefined
}

export function matchesSession(filter: Filter, session: SessionRow): boolean {
  if (filter.terms.length === 0) return true
  const pair = currentPair(session) ?? session.lastPair
  const isMatch = (term: Term): boolean => {
    if (term.kind === 'slower') return (session.latencies.p95() ?? 0) > term.millis
    if (term.kind === 'field') return matchesField(session, pair, term)
    return (
      FIELDS.some((field) => has(sessionField(session, pair, field), term.wanted)) ||
      has(session.failure, term.wanted)
    )
  }
  return filter.terms.every((term) => isMatch(term) !== term.isNegated)
}

/** `cmd:` and `status:` ask for what the session ever said or was told; the other fields are what they are now. */
function matchesField(
  session: SessionRow,
  pair: Pair | undefined,
  { field, wanted }: { readonly field: Field; readonly wanted: string },
): boolean {
  const { commands, statuses } = session.heard
  if (field === 'cmd') return [...commands].some((name) => has(name, wanted))
  // Whole words: the `no` of `not-authenticated` is no NO.
  if (field === 'status' && STATUSES.has(wanted)) return statuses.has(wanted.toUpperCase())
  if (field === 'status' && statuses.has(wanted)) return true
  return has(sessionField(session, pair, field), wanted)
}

function sessionField(session: SessionRow, pair: Pair | undefined, field: Field): string | undefined {
  switch (field) {
    case 'id':
      return session.id
    case 'user':
      return shownUser(session)
    case 'client':
      return `${session.agent ?? ''} ${session.client?.host ?? ''}`
    case 'upstream':
      return session.upstream
    case 'mailbox':
      return session.mailbox
    case 'cmd':
      return pair?.name
    case 'status':
      return `${session.closed ? 'closed' : session.state} ${session.lastPair?.status ?? ''}`
    case 'tag':
      return pair?.tag
    default:
      return unreachable(field)
  }
}

/** Rows of one exchange stand or fall together where a term asks for the command, its tag, status or latency. */
export function matchesRow(filter: Filter, row: TranscriptRow, session: SessionRow): boolean {
  const pair = row.kind === 'note' ? undefined : row.pair
  const isMatch = (term: Term): boolean => {
    if (term.kind === 'slower') return pair !== undefined && latency(pair) > term.millis
    if (term.kind === 'text') return has(rowText(row), term.wanted)
    if (term.field === 'cmd')
      return has(pair?.name ?? (row.kind === 'untagged' ? row.word : undefined), term.wanted)
    if (term.field === 'tag') return has(pair?.tag, term.wanted)
    if (term.field === 'status') return has(pair?.status, term.wanted)
    return has(sessionField(session, pair, term.field), term.wanted)
  }
  return filter.terms.every((term) => isMatch(term) !== term.isNegated)
}

function latency(pair: Pair): number {
  if (pair.completedAt === undefined || pair.name === 'IDLE') return 0
  return pair.completedAt - pair.openedAt
}

function rowText(row: TranscriptRow): string {
  switch (row.kind) {
    case 'command':
      return `${row.pair.tag} ${row.pair.name} ${row.args} ${row.pair.user ?? ''}`
    case 'completion':
      return `${row.pair.tag} ${row.pair.status ?? ''} ${row.code ?? ''} ${row.codeArgs ?? ''} ${row.text}`
    default:
      return row.text
  }
}

function has(value: string | undefined, wanted: string): boolean {
  return value !== undefined && value.toLowerCase().includes(wanted)
}
