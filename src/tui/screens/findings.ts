/** The findings screen: what is wrong, whose fault it is and what shows it, one line for each id; finds nothing itself. */

import type { Binding, UiAction } from '../keys.ts'
import { mark, type Line, type Span } from '../span.ts'
import { showExchange } from '../navigation.ts'
import type { State } from '../state.ts'
import { evidenceLines, findingsHeading, groupLine } from './findings-lines.ts'
import {
  countLevels,
  keepFinding,
  shownGroups,
  type FindingGroup,
  type FindingSort,
} from './findings-state.ts'
import { moveCursor, settle } from './list-cursor.ts'
import { filled, renderRule } from './rule.ts'
import type { Area, Clock, ScreenSpec } from './screen.ts'

const bindings: readonly Binding[] = [
  own('enter', 'evidence', {
    shown: 'Enter',
    help: 'why, which rule, what to do, and the lines that show it',
    hint: 'evidence',
  }),
  own('left', 'older case', { shown: '←', help: 'an older case of the finding whose evidence is open' }),
  own('right', 'newer case', { shown: '→', help: 'a newer case of it' }),
  own('J', 'jump', { shown: 'J', help: 'to its session’s transcript, at the exchange', hint: 'jump' }),
  own('x', 'suppress', { shown: 'x', help: 'do not show this finding again in this run', hint: 'suppress' }),
  own('X', 'unsuppress', { shown: 'X', help: 'show all that was suppressed' }),
  own('L', 'sort level', { shown: 'L', help: 'sort by level' }),
  own('C', 'sort count', { shown: 'C', help: 'sort by count' }),
  own('T', 'sort last', { shown: 'T', help: 'sort by time of the latest' }),
  own('I', 'sort id', { shown: 'I', help: 'sort by ID' }),
  own('S', 'sort side', { shown: 'S', help: 'sort by side; the same letter again reverses' }),
]

function own(key: string, name: string, words: { shown: string; help: string; hint?: string }): Binding {
  return { keys: [key], action: { kind: 'own', name }, command: `finding ${name}`, ...words }
}

export const findingsScreen: ScreenSpec = {
  name: 'findings',
  title: 'Findings',
  bindings,
  hasFilter: true,
  render: (state, area, clock) => renderFindings(state, area, clock),
  act: (state, action, area) => actOnFindings(state, action, area),
  observe: (state, event, session) => {
    if (event.kind === 'finding') keepFinding(state.findings, event, session)
  },
}

function actOnFindings(state: State, action: UiAction, area: Area): boolean {
  const { findings } = state
  const groups = shownGroups(findings, state.filters.findings.source)
  const group = groups[findings.cursor.at]
  if (action.kind === 'own') return actByName(state, action.name, group)
  if (action.kind === 'back' && findings.evidence) return closeEvidence(state)
  if (action.kind === 'page' && findings.evidence) return scrollEvidence(state, action.by)
  const height = listHeight(state, area)
  if (!moveCursor(findings.cursor, action, { count: groups.length, height })) return false
  const chosen = groups[findings.cursor.at]
  if (findings.evidence && chosen) findings.evidence = { id: chosen.id, back: 0, top: 0 }
  return true
}

function actByName(state: State, name: string, group: FindingGroup | undefined): boolean {
  const { findings } = state
  if (name.startsWith('sort ')) return sort(state, name.slice('sort '.length))
  if (name === 'unsuppress') findings.suppressed.clear()
  else if (!group) return true
  else if (name === 'evidence')
    findings.evidence = findings.evidence ? undefined : { id: group.id, back: 0, top: 0 }
  else if (name === 'suppress') suppress(state, group)
  else if (name === 'jump') jump(state, group)
  else if (name === 'older case') turnCase(state, group, 1)
  else if (name === 'newer case') turnCase(state, group, -1)
  else return false
  return true
}

const SORTS: readonly FindingSort[] = ['level', 'count', 'last', 'id', 'side']

function sort({ findings }: State, wanted: string): boolean {
  const key = SORTS.find((one) => one === wanted)
  if (!key) return false
  findings.sort = { key, isReversed: findings.sort.key === key && !findings.sort.isReversed }
  return true
}

function suppress({ findings }: State, { id }: FindingGroup): void {
  findings.suppressed.add(id)
  findings.evidence = undefined
}

function jump(state: State, group: FindingGroup): void {
  const one = shownCase(state, group)
  if (one) showExchange(state, one.session, one.finding.exchange)
}

function turnCase({ findings }: State, group: FindingGroup, by: number): void {
  if (!findings.evidence) return
  const back = Math.max(0, Math.min(group.cases.length - 1, findings.evidence.back + by))
  findings.evidence = { id: group.id, back, top: 0 }
}

function closeEvidence({ findings }: State): true {
  findings.evidence = undefined
  return true
}

function scrollEvidence({ findings }: State, by: number): true {
  const { evidence } = findings
  if (evidence) findings.evidence = { ...evidence, top: Math.max(0, evidence.top + by * SCROLL) }
  return true
}

/** Lines that a page of evidence moves by. */
const SCROLL = 5

function shownCase({ findings }: State, group: FindingGroup): FindingGroup['cases'][number] | undefined {
  return group.cases.at(-1 - (findings.evidence?.back ?? 0)) ?? group.cases.at(-1)
}

/** Rows that the list keeps beside evidence, its rule and its headings included. */
const LIST_BESIDE = 0.4
/** With fewer rows the evidence takes the whole screen. */
const TALL = 16

function listHeight({ findings }: State, { rows }: Area): number {
  if (!findings.evidence) return Math.max(0, rows - 2)
  return rows < TALL ? 0 : Math.max(0, Math.floor(rows * LIST_BESIDE) - 2)
}

export function renderFindings(state: State, area: Area, clock: Clock): Line[] {
  const { findings } = state
  const source = state.filters.findings.source
  const groups = shownGroups(findings, source)
  const height = listHeight(state, area)
  settle(findings.cursor, groups.length, Math.max(1, height))
  const rule = renderRule({ name: 'FINDINGS', left: countSpans(state), filter: source }, area.columns)
  const list =
    height === 0 ? [] : [findingsHeading(area.columns), ...listLines(state, groups, { area, clock, height })]
  const top = height === 0 ? [rule] : [...filled([rule, ...list], height + 2)]
  const group = findings.evidence && findings.groups.get(findings.evidence.id)
  return filled(
    [...top, ...(group ? evidenceOf(state, group, { area, clock, used: top.length }) : [])],
    area.rows,
  )
}

function countSpans({ findings }: State): Span[] {
  const { error, warning, note } = countLevels(findings)
  const hidden =
    findings.suppressed.size === 0 ? [] : [mark(` (${findings.suppressed.size} suppressed)`, 'dim')]
  const counts = [
    mark(`E${error} `, error > 0 ? 'bad' : 'dim'),
    mark(`W${warning} `, warning > 0 ? 'warn' : 'dim'),
  ]
  return [...counts, mark(`N${note}`, note > 0 ? 'accent' : 'dim'), ...hidden]
}

interface Drawing {
  readonly area: Area
  readonly clock: Clock
}

function listLines(
  { findings }: State,
  groups: readonly FindingGroup[],
  { area, clock, height }: Drawing & { height: number },
): Line[] {
  if (groups.length === 0)
    return [
      {
        spans: [
          mark(
            findings.groups.size === 0 ? ' Nothing was found so far.' : ' Nothing matches the filter.',
            'dim',
          ),
        ],
        isSelected: false,
      },
    ]
  const { at, top } = findings.cursor
  return groups
    .slice(top, top + height)
    .map((group, row) =>
      groupLine(group, { isSelected: top + row === at, epoch: clock.epoch, columns: area.columns }),
    )
}

function evidenceOf(
  state: State,
  group: FindingGroup,
  { area, clock, used }: Drawing & { used: number },
): Line[] {
  const one = shownCase(state, group)
  if (!one) return []
  const room = area.rows - used - 1
  const lines = evidenceLines(group, one, { epoch: clock.epoch, columns: area.columns })
  const top = Math.max(0, Math.min(lines.length - room, state.findings.evidence?.top ?? 0))
  const below = lines.length - top - room
  const right = below > 0 ? [mark(`${below} more: PgDn`, 'dim')] : []
  return [renderRule({ name: 'EVIDENCE', right }, area.columns), ...lines.slice(top, top + room)]
}
