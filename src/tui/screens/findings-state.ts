/** What the findings screen keeps: every finding under its id, with the latest cases; bounded, and without events. */

import type { Subject } from '../../filter/subject.ts'
import type { Finding, FindingEvent, FindingLevel } from '../../findings/finding.ts'
import type { SessionRow } from '../state.ts'
import { newCursor, type ListCursor } from './list-cursor.ts'
import { SourceFilter } from './source-filter.ts'

/** Ids kept: more than there are checks. */
const GROUPS = 300
/** Cases of one id kept, the latest. */
const CASES = 20
/** Sessions of one id that are named. */
const SESSIONS = 50

export interface FindingCase {
  readonly finding: Finding
  readonly session: string
  readonly at: number
  readonly user: string | undefined
  readonly client: string | undefined
  readonly mailbox: string | undefined
}

export interface FindingGroup {
  readonly id: string
  /** What the latest case says of all: name, level, side, reference and advice. */
  latest: Finding
  count: number
  lastAt: number
  readonly sessions: Set<string>
  /** Oldest first. */
  readonly cases: FindingCase[]
}

export type FindingSort = 'level' | 'count' | 'last' | 'id' | 'side'

export interface FindingsState {
  readonly groups: Map<string, FindingGroup>
  /** Not shown for the rest of this run. */
  readonly suppressed: Set<string>
  readonly filter: SourceFilter
  sort: { readonly key: FindingSort; readonly isReversed: boolean }
  readonly cursor: ListCursor
  /** The id whose evidence is shown, which case of it, and how far down. */
  evidence: { readonly id: string; readonly back: number; readonly top: number } | undefined
}

export function initialFindings(): FindingsState {
  return {
    groups: new Map(),
    suppressed: new Set(),
    filter: new SourceFilter(),
    sort: { key: 'level', isReversed: false },
    cursor: newCursor(),
    evidence: undefined,
  }
}

export function keepFinding(state: FindingsState, event: FindingEvent, session: SessionRow): void {
  const { finding, at } = event
  const group = groupOf(state, finding)
  if (!group) return
  group.count++
  group.lastAt = at
  group.latest = finding
  if (group.sessions.size < SESSIONS) group.sessions.add(event.session)
  const { user, triedUser, agent, mailbox } = session
  group.cases.push({ finding, session: event.session, at, user: user ?? triedUser, client: agent, mailbox })
  if (group.cases.length > CASES) group.cases.shift()
}

function groupOf({ groups }: FindingsState, finding: Finding): FindingGroup | undefined {
  const known = groups.get(finding.id)
  if (known || groups.size >= GROUPS) return known
  const group = {
    id: finding.id,
    latest: finding,
    count: 0,
    lastAt: 0,
    sessions: new Set<string>(),
    cases: [],
  }
  groups.set(finding.id, group)
  return group
}

const RANKS: Readonly<Record<FindingLevel, number>> = { error: 0, warning: 1, note: 2 }

const COMPARISONS: Readonly<Record<FindingSort, (a: FindingGroup, b: FindingGroup) => number>> = {
  level: (a, b) => RANKS[a.latest.level] - RANKS[b.latest.level] || b.count - a.count,
  count: (a, b) => b.count - a.count,
  last: (a, b) => b.lastAt - a.lastAt,
  id: (a, b) => compareText(a.id, b.id),
  side: (a, b) => compareText(a.latest.side, b.latest.side),
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The groups that are to be seen, in order. */
export function shownGroups(state: FindingsState, filter: string): FindingGroup[] {
  const direction = state.sort.isReversed ? -1 : 1
  const compare = COMPARISONS[state.sort.key]
  return [...state.groups.values()]
    .filter((group) => !state.suppressed.has(group.id) && passes(state, filter, group))
    .sort((a, b) => direction * compare(a, b) || compareText(a.id, b.id))
}

function passes({ filter }: FindingsState, source: string, { cases }: FindingGroup): boolean {
  return cases.some((one) => filter.passes(source, () => subjectOfCase(one)))
}

function subjectOfCase({ finding, session, user, client, mailbox }: FindingCase): Subject {
  const { id, name, level, side, text, evidence } = finding
  return {
    kind: 'finding',
    session,
    user,
    client,
    mailbox,
    side: side === 'proxy' ? undefined : side,
    findings: [{ id, name, level }],
    text: () => `${id} ${name} ${text} ${evidence.join(' ')}`,
  }
}

export function countLevels({ groups, suppressed }: FindingsState): Readonly<Record<FindingLevel, number>> {
  const counts = { error: 0, warning: 0, note: 0 }
  for (const { id, latest, count } of groups.values()) if (!suppressed.has(id)) counts[latest.level] += count
  return counts
}
