/** What can be taken out of the dashboard as text: the wire, JSON or a report, without credentials; knows no clipboard. */

import { printable } from '../imap/printable.ts'
import { shownGroups, type FindingGroup } from './screens/findings-state.ts'
import { placeOf } from './navigation.ts'
import { selectedOf } from './selection.ts'
import { shownUser, type SessionRow, type State } from './state.ts'
import { rowText } from './subjects.ts'
import { cursorOf, Walker } from './transcript-view.ts'
import { messagesOf, type FoundMark, type TranscriptRow } from './transcript.ts'

export type CopyForm = 'wire' | 'json' | 'report'

export interface Copied {
  readonly text: string
  /** Of the file that it is kept in as well. */
  readonly extension: string
  /** What it is, in words. */
  readonly name: string
}

interface Source {
  readonly session: SessionRow
  readonly rows: readonly TranscriptRow[]
  readonly findings: readonly FoundMark[]
}

/** Rows copied at most. */
const ROWS_COPIED = 2_000
/** Responses of a run that a report shows, and then it says how many more. */
const RUN_SHOWN = 3

/** What the open screen has selected: an exchange, a session or a finding. Undefined where there is nothing. */
export function copyOf(state: State, form: CopyForm): Copied | undefined {
  const source = sourceOf(state)
  if (!source) return undefined
  switch (form) {
    case 'wire':
      return { text: wireText(state, source), extension: 'txt', name: 'the wire text' }
    case 'json':
      return { text: jsonText(state, source), extension: 'json', name: 'the JSON' }
    case 'report':
      return { text: reportText(state, source), extension: 'md', name: 'the report' }
  }
}

function sourceOf(state: State): Source | undefined {
  if (state.screen === 'findings') return findingSource(state)
  const session = selectedOf(state)
  if (!session) return undefined
  if (state.screen === 'sessions') return { session, ...wholeOf(session) }
  const walker = new Walker(state, session)
  const cursor = cursorOf(state, walker)
  const row = cursor && session.source.rowAt(cursor.place)
  if (!row) return undefined
  const pair = row.kind === 'note' ? undefined : row.pair
  if (!pair)
    return { session, rows: [row], findings: row.kind === 'note' && row.finding ? [row.finding] : [] }
  return exchangeSource(session, pair.id, cursor.place)
}

function wholeOf(session: SessionRow): Omit<Source, 'session'> {
  const rows = rowsBetween(session, session.source.end - ROWS_COPIED, session.source.end)
  return { rows, findings: findingsIn(rows) }
}

function rowsBetween({ source }: SessionRow, from: number, to: number): TranscriptRow[] {
  const rows: TranscriptRow[] = []
  for (let place = Math.max(source.first, from); place < Math.min(source.end, to); place++) {
    const row = source.rowAt(place)
    if (row) rows.push(row)
  }
  return rows
}

function findingsIn(rows: readonly TranscriptRow[]): FoundMark[] {
  return rows.flatMap((row) =>
    row.kind === 'completion' ? row.pair.findings : row.kind === 'note' && row.finding ? [row.finding] : [],
  )
}

/** Its rows stand near each other, however long the conversation. */
function exchangeSource(session: SessionRow, exchange: number, place: number): Source {
  const rows = rowsBetween(session, place - ROWS_COPIED, place + ROWS_COPIED)
  const own = rows.filter((row) => row.kind !== 'note' && row.pair?.id === exchange)
  const [first] = own
  const pair = first && first.kind !== 'note' ? first.pair : undefined
  return { session, rows: own, findings: pair?.findings ?? [] }
}

/** The case that is shown, with the least of the conversation that shows it. */
function findingSource(state: State): Source | undefined {
  const { findings } = state
  const group = groupOf(state)
  const one = group?.cases.at(-1 - (findings.evidence?.back ?? 0)) ?? group?.cases.at(-1)
  const session = one && state.sessions.get(one.session)
  if (!one || !session) return undefined
  const { exchange } = one.finding
  const place = exchange === undefined ? undefined : placeOf(session.source, exchange)
  const isThere = exchange !== undefined && place !== undefined
  const rows = isThere ? exchangeSource(session, exchange, place).rows : []
  return { session, rows, findings: [one.finding] }
}

function groupOf({ findings, filters }: State): FindingGroup | undefined {
  if (findings.evidence) return findings.groups.get(findings.evidence.id)
  return shownGroups(findings, filters.findings.source)[findings.cursor.at]
}

/** `C: ...` and `S: ...`, one line a message; credentials and bodies are never in it. */
function wireText(state: State, { rows }: Source): string {
  return `${rows.flatMap((row) => wireLines(state, row, Infinity)).join('\n')}\n`
}

function wireLines(state: State, row: TranscriptRow, most: number): string[] {
  const messages = messagesOf(row)
  if (messages.length === 0) return [`# ${printable(rowText(row, state.describe))}`]
  const shown = messages.slice(0, most)
  const count = row.kind === 'untagged' ? row.count : messages.length
  const lines = shown.map((one) => `${one.side === 'client' ? 'C' : 'S'}: ${one.text(state.describe)}`)
  return count > shown.length ? [...lines, `# ${count - shown.length} more like it`] : lines
}

function jsonText(state: State, { session, rows, findings }: Source): string {
  const { id, agent, upstream, mailbox, tls } = session
  const about = { id, user: shownUser(session), client: agent, upstream, mailbox, tls, state: session.state }
  const shown = rows.map((row) => jsonRow(state, row))
  const all = { schema: 1, imaptap: state.info.version, session: about, rows: shown, findings }
  return `${JSON.stringify(all, showSafely, 2)}\n`
}

/** It may be pasted into a terminal: a mailbox is called what a peer likes. */
function showSafely(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? printable(value) : value
}

function jsonRow(state: State, row: TranscriptRow): object {
  const messages = messagesOf(row).map((one) => ({
    at: one.at,
    side: one.side,
    octets: one.octets,
    text: one.text(state.describe),
  }))
  const text = rowText(row, state.describe)
  if (row.kind === 'note') return { at: row.at, kind: row.kind, level: row.level, text }
  const { pair } = row
  const exchange = pair && {
    id: pair.id,
    tag: pair.tag,
    name: pair.name,
    status: pair.status,
    openedAt: pair.openedAt,
    firstOctetAt: pair.firstOctetAt,
    completedAt: pair.completedAt,
    ...(pair.heldMillis > 0 && { heldMillis: pair.heldMillis }),
    isShared: pair.isShared,
  }
  const count = row.kind === 'untagged' ? row.count : 1
  return { at: row.at, kind: row.kind, count, exchange, messages }
}

/** For a bug tracker: who is wrong and by which rule, and the least that shows it, without the user's name. */
function reportText(state: State, source: Source): string {
  const { session, findings } = source
  const lines = [
    ...findings.flatMap((one) => [
      `## ${one.id} ${one.name} (${one.level})`,
      '',
      one.text,
      '',
      `- rule: ${one.reference}`,
      `- what to do: ${one.advice}`,
      '',
    ]),
    `Client: ${session.agent ?? 'unknown'}. Server: ${session.upstream}. ${tlsWords(session)}`,
    '',
    '```',
    ...excerpt(state, source),
    '```',
    '',
    `Seen by imaptap ${state.info.version}; credentials, message bodies and the user's name are left out.`,
  ]
  return withoutUser(`${lines.map((line) => printable(line)).join('\n')}\n`, session)
}

function excerpt(state: State, { rows, findings }: Source): string[] {
  if (rows.length === 0) return findings.flatMap((one) => one.evidence)
  return rows.flatMap((row) => wireLines(state, row, RUN_SHOWN))
}

function tlsWords({ tls }: SessionRow): string {
  return `TLS: client ${tls.client ?? 'none'}, server ${tls.server ?? 'none'}.`
}

/** A name of one or two letters stands in every line: it says nothing. */
const SHORTEST_NAME = 3

/** Servers repeat it as they like: in capitals, or only what stands before the `@`. */
function withoutUser(report: string, { user, triedUser }: SessionRow): string {
  const names = [user, triedUser].flatMap((name = '') => [name, name.split('@')[0] ?? ''])
  const telling = names.filter((name) => name.length >= SHORTEST_NAME).sort((a, b) => b.length - a.length)
  if (telling.length === 0) return report
  const any = telling.map(writeLiterally).join('|')
  return report.replaceAll(new RegExp(`(?<![a-z0-9])(?:${any})(?![a-z0-9])`, 'giu'), '‹user›')
}

/** As a pattern that means these characters and no others. */
const writeLiterally = (name: string): string =>
  Array.from(name, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`).join('')
