/** The lines of the policy screen: state in, text out; knows no key. */

import { writeSwitch, type PolicyStatus, type RuleStatus } from '../../relay/policy-status.ts'
import { age, grouped, timeOfDay } from '../format.ts'
import { blank, fitSpan, fitSpans, mark, text, type Line, type Span, type Style } from '../span.ts'
import type { State } from '../state.ts'
import { wrap } from '../width.ts'
import { settle } from './list-cursor.ts'
import { itemsOf, nameOf, type Item, type Waiting } from './policy-state.ts'
import { filled, renderRule } from './rule.ts'
import type { Area, Clock } from './screen.ts'

/** Lines about what is chosen, at the bottom. */
const ABOUT = 5

export function renderPolicy(state: State, area: Area, clock: Clock): Line[] {
  const { status, cursor, chosen } = state.policy
  const items = itemsOf(state)
  const title = titleLine(status, area, clock)
  const problem = [...problemLines(status, area), ...switchedLines(status, area, clock)]
  if (items.length === 0) return filled([title, ...problem, ...emptyLines(state, area)], area.rows)
  const look = { clock, columns: area.columns }
  const lines = listLines(state, items, look)
  const height = Math.max(1, area.rows - 1 - problem.length - ABOUT)
  cursor.at = Math.max(
    0,
    lines.findIndex((one) => one.isSelected),
  )
  settle(cursor, lines.length, height)
  const list = filled(lines.slice(cursor.top, cursor.top + height), height)
  const about = aboutLines(
    state,
    items.find((item) => nameOf(item) === chosen),
    area,
  )
  return filled([title, ...problem, ...list, ...about], area.rows)
}

interface Look {
  readonly clock: Clock
  readonly columns: number
}

function titleLine(status: PolicyStatus | undefined, { columns }: Area, { epoch }: Clock): Line {
  if (!status) return renderRule({ name: 'POLICY', right: [mark('none', 'dim')] }, columns)
  const isEnforced = status.mode === 'enforce'
  const left = [
    mark(isEnforced ? 'enforced' : 'dry run', isEnforced ? 'good' : 'warn'),
    mark(`, otherwise ${status.default}`, 'dim'),
  ]
  const files = status.files.map((path) => path.replace(/^.*\//, '')).join(', ')
  const right = [text(files, 'dim'), mark(`read at ${timeOfDay(status.loadedAt + epoch).slice(0, 8)}`, 'dim')]
  return renderRule({ name: 'POLICY', left, right: columns < 72 ? [] : right }, columns)
}

/** The file on disk is not what holds: nobody may miss that. */
function problemLines(status: PolicyStatus | undefined, { columns }: Area): Line[] {
  if (status?.problem === undefined) return []
  const words = `The policy could not be taken, and the one before goes on: ${status.problem}`
  return wrapped(words, columns, 'bad').slice(0, 4)
}

/** What holds is not what the files say, until they are read again: nobody may miss that either. */
function switchedLines(status: PolicyStatus | undefined, { columns }: Area, { epoch }: Clock): Line[] {
  const parts = (status?.switched ?? []).map((one) => {
    const at = timeOfDay(one.at + epoch).slice(0, 8)
    return `${writeSwitch(one)} (${at}, ${one.by})`
  })
  if (parts.length === 0) return []
  const words = `Switched by hand, and otherwise once the files are read again: ${parts.join(', ')}`
  return wrapped(words, columns, 'warn').slice(0, 4)
}

const recordingWords =
  'A recording has no policy. What one decided then stands in the log: 5, then the filter ~k decided.'
const noneWords = [
  'There is no policy: all that is said goes on as it was said.',
  '',
  'To add one, put it into the configuration file:',
  'policy: { extends: [read-only] }',
  'or start imaptap with a file of its own: --policy FILE.',
  '',
  'imaptap policy check FILE says what is wrong with one, imaptap policy explain FILE what it does with a command.',
]

function emptyLines({ info, policy }: State, { columns }: Area): Line[] {
  const words =
    info.isRecording === true ? [recordingWords] : policy.status ? ['It has no rules.'] : noneWords
  return words.flatMap((one) => (one === '' ? [blank] : wrapped(one, columns, 'dim')))
}

function listLines(state: State, items: readonly Item[], look: Look): Line[] {
  const { chosen } = state.policy
  const drawn = (item: Item): Line => {
    const isSelected = nameOf(item) === chosen
    const spans = item.kind === 'rule' ? ruleSpans(item.rule, look) : waitingSpans(state, item.held, look)
    return { spans: fitSpans([mark(isSelected ? '>' : ' ', 'title'), ...spans], look.columns), isSelected }
  }
  const waiting = items.filter((item) => item.kind === 'approval').map(drawn)
  const rules = items.filter((item) => item.kind === 'rule').map(drawn)
  return [
    ...(waiting.length > 0
      ? [headLine(` WAITING FOR APPROVAL  ${waiting.length}`, look), ...waiting, blank]
      : []),
    ...(rules.length > 0 ? [headLine(ruleHead(look), look), ...rules] : []),
  ]
}

const headLine = (words: string, { columns }: Look): Line => ({
  spans: fitSpans([mark(words, 'dim')], columns),
  isSelected: false,
})

/** Seconds before the deadline from which the countdown is red. */
const SOON = 10_000

function waitingSpans(state: State, held: Waiting, { clock, columns }: Look): Span[] {
  const left = Math.max(0, held.deadline - clock.now)
  const user = state.sessions.get(held.session)?.user ?? '-'
  return [
    fitSpan(mark(`${Math.ceil(left / 1000)}s`, left < SOON ? 'bad' : 'warn'), 5, 'right'),
    fitSpan(mark(` ${held.approval.otherwise}`, 'dim'), 7),
    fitSpan(text(held.session, 'strong'), 5),
    mark(' '),
    ...(columns < 80 ? [] : [fitSpan(text(user, 'dim'), 16), mark(' ')]),
    text(held.message.text(state.describe)),
  ]
}

/** Columns behind the name: effect, hits, last hit, what is kept of it. */
const WIDTHS = { effect: 24, hits: 8, last: 8, record: 7 } as const

const isWide = ({ columns }: Look): boolean => columns >= 72
const nameWidth = (look: Look): number =>
  Math.max(
    8,
    look.columns - 11 - WIDTHS.hits - (isWide(look) ? WIDTHS.effect + WIDTHS.last + WIDTHS.record + 3 : 0),
  )

function ruleHead(look: Look): string {
  const name = ' RULE'.padEnd(nameWidth(look) + 1)
  const wide = isWide(look) ? ` ${'EFFECT'.padEnd(WIDTHS.effect)}` : ''
  const behind = isWide(look) ? ` ${'LAST'.padStart(WIDTHS.last)} ${'RECORD'.padEnd(WIDTHS.record)}` : ''
  return `${name}${wide} ${'HITS'.padStart(WIDTHS.hits)}${behind} `
}

function ruleSpans(rule: RuleStatus, look: Look): Span[] {
  const { name, effect, hits, lastHit, isDryRun, record } = rule
  const last = lastHit === undefined ? '-' : `${age(Math.max(0, look.clock.now - lastHit))} ago`
  const wide = isWide(look)
  return [
    fitSpan(text(name), nameWidth(look)),
    ...(wide ? [mark(' '), fitSpan(text(effect, styleOf(effect)), WIDTHS.effect)] : []),
    mark(' '),
    fitSpan(mark(grouped(hits), hits > 0 ? 'strong' : 'dim'), WIDTHS.hits, 'right'),
    ...(wide ? [mark(' '), fitSpan(mark(last, 'dim'), WIDTHS.last, 'right'), mark(' ')] : []),
    ...(wide ? [fitSpan(mark(record, 'dim'), WIDTHS.record)] : []),
    ...(isDryRun ? [mark(' dry run', 'warn')] : []),
  ]
}

function styleOf(effect: string): Style {
  if (/^(?:deny|close)/.test(effect)) return 'bad'
  if (effect.startsWith('hold')) return 'warn'
  return effect.startsWith('allow') ? 'good' : 'accent'
}

function aboutLines(state: State, chosen: Item | undefined, { columns }: Area): Line[] {
  if (!chosen) return [renderRule({ name: 'NOTHING CHOSEN' }, columns)]
  if (chosen.kind === 'rule') {
    const { name, when } = chosen.rule
    const title = renderRule({ name: 'WHEN', left: [text(name)] }, columns)
    return [title, ...wrapped(when ?? 'always', columns, 'plain')].slice(0, ABOUT)
  }
  const { approval, message } = chosen.held
  const title = renderRule({ name: 'COMMAND', left: [mark('by rule ', 'dim'), text(approval.rule)] }, columns)
  const words = `When nobody rules in time: ${approval.otherwise}.`
  const noted =
    approval.note === undefined ? [] : wrapped(`Note: ${approval.note}.`, columns, 'warn').slice(0, 2)
  return [
    title,
    ...wrapped(message.text(state.describe), columns, 'plain').slice(0, 3 - noted.length),
    ...noted,
    ...wrapped(words, columns, 'dim'),
  ]
}

function wrapped(words: string, columns: number, style: Style): Line[] {
  return wrap(words, Math.max(10, columns - 2)).map((part) => ({
    spans: fitSpans([mark(' '), text(part, style)], columns),
    isSelected: false,
  }))
}
