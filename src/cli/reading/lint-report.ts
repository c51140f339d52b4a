/** What lint has found, as text for people and as one object for programs; knows no capture. */

import { printable } from '../../imap/printable.ts'
import { grouped, timeOfDay } from '../../tui/format.ts'
import { levels, sessionsCounted, type Example, type FindingGroup } from './finding-groups.ts'
import type { Paint } from './paint.ts'

/** The version of lint's JSON. */
const SCHEMA = 1
/** Characters of one line of a report. */
const SHOWN = 500

export interface LintFacts {
  readonly groups: readonly FindingGroup[]
  readonly sessions: number
  readonly exchanges: number
  readonly wallTimeOf: (at: number) => number
}

export function lintJson({ groups, sessions, exchanges, wallTimeOf }: LintFacts): string {
  const counts = Object.fromEntries(levels.map((level) => [level, countOf(groups, level)]))
  const findings = groups.map(({ examples, ...group }) => ({
    ...group,
    examples: examples.map(({ session, at, finding }) => ({
      session,
      time: new Date(wallTimeOf(at)).toISOString(),
      exchange: finding.exchange,
      text: finding.text,
      evidence: finding.evidence,
    })),
  }))
  return JSON.stringify({ schema: SCHEMA, sessions, exchanges, counts, findings })
}

/** Each finding with where and why it was found and what to do, and how many there are at the end. */
export function lintText(facts: LintFacts, paint: Paint): readonly string[] {
  const { groups, sessions, exchanges } = facts
  const counted = levels.map((level) => counting(countOf(groups, level), level)).join(', ')
  const scope = `${counting(exchanges, 'command')} of ${counting(sessions, 'session')}`
  return [...groups.flatMap((group) => groupText(group, facts, paint)), `${counted} in ${scope}`]
}

const styles = { error: 'red', warning: 'yellow', note: 'blue' } as const

function groupText(group: FindingGroup, facts: LintFacts, paint: Paint): readonly string[] {
  const { id, name, level, side, count, sessions, reference, advice, examples } = group
  const more = sessions < sessionsCounted ? '' : ' or more'
  const times = count === 1 ? 'once' : `${grouped(count)} times in ${counting(sessions, 'session')}${more}`
  const head = `${paint(styles[level], `${level} ${id}`)} ${paint('bold', name)}  ${side}, ${times}`
  const others = count - examples.length
  return [
    head,
    ...examples.flatMap((example) => exampleText(example, facts, paint)),
    ...(others > 0 ? [`    and ${grouped(others)} more`] : []),
    `  see: ${printable(reference, SHOWN)}`,
    `  do:  ${printable(advice, SHOWN)}`,
    '',
  ]
}

function exampleText(
  { session, at, finding }: Example,
  { wallTimeOf }: LintFacts,
  paint: Paint,
): readonly string[] {
  const time = paint('dim', timeOfDay(wallTimeOf(at)))
  const head = `  ${time} ${paint('cyan', printable(session, SHOWN))} ${printable(finding.text, SHOWN)}`
  return [head, ...finding.evidence.map((line) => `    ${paint('dim', printable(line, SHOWN))}`)]
}

const countOf = (groups: readonly FindingGroup[], level: string): number =>
  groups.filter((group) => group.level === level).reduce((sum, group) => sum + group.count, 0)

/** `1 error`, `3 errors`. */
const counting = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
