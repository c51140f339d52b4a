/** What a policy would have done with recorded sessions, as text and as JSON; it does not know how that was found out. */

import { printable } from '../../imap/printable.ts'
import { grouped, timeOfDay } from '../../tui/format.ts'
import type { Paint } from '../reading/paint.ts'
import type { JudgedEffect } from './policy-replay.ts'
import type { Example, PolicyTally, TalliedRule } from './test-tally.ts'

/** Of the object that `--json` prints. */
const schema = 1
/** Characters of a command. */
const SHOWN = 100

const words: Readonly<Record<JudgedEffect, string>> = {
  allow: 'allowed',
  deny: 'refused',
  hide: 'hidden',
  rewrite: 'rewritten',
  hold: 'held for approval',
  delay: 'delayed',
  close: 'session closed',
}

const inOrder: readonly JudgedEffect[] = ['allow', 'deny', 'close', 'hide', 'hold', 'rewrite', 'delay']

export interface ReportLook {
  readonly paint: Paint
  readonly wallTimeOf: (at: number) => number
}

export function testText(tally: PolicyTally, look: ReportLook): readonly string[] {
  const { commands, sessions, effects, guesses } = tally
  const counts = inOrder
    .filter((effect) => effects[effect] > 0)
    .map((effect) => `${grouped(effects[effect])} ${words[effect]}`)
  const counted = `${plural(sessions.size, 'session')}, ${plural(commands, 'command')}`
  return [
    commands === 0 ? 'no commands' : `${counted}: ${counts.join(', ')}`,
    ...(guesses > 0
      ? [`not all was recorded of ${plural(guesses, 'command')}: what is missing was guessed at`]
      : []),
    ...tally.rules().flatMap((rule) => ['', ...ruleLines(rule, look)]),
  ]
}

function ruleLines(tallied: TalliedRule, look: ReportLook): readonly string[] {
  const { rule, effect, isDryRun, count, why, guesses, examples } = tallied
  const isRefusal = !isDryRun && (effect === 'deny' || effect === 'close')
  const name = look.paint(isRefusal ? 'red' : 'bold', printable(rule))
  const happens = isDryRun ? `dry run, would be ${words[effect]}` : words[effect]
  const guessed = guesses > 0 ? `, ${grouped(guesses)} guessed at` : ''
  const more = count > examples.length ? [`    and ${grouped(count - examples.length)} more`] : []
  return [
    `${name}  ${happens}: ${plural(count, 'command')}${guessed}${why === '' ? '' : `; ${printable(why)}`}`,
    ...examples.map((example) => `    ${exampleText(example, look)}`),
    ...more,
  ]
}

function exampleText({ at, session, tag, command }: Example, { wallTimeOf, paint }: ReportLook): string {
  const head = `${timeOfDay(wallTimeOf(at))} ${printable(session).padEnd(5)}`
  return `${paint('dim', head)} ${printable(tag)} ${printable(command, SHOWN)}`
}

const plural = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`

export function testJson(tally: PolicyTally, { wallTimeOf }: ReportLook): string {
  const { commands, sessions, effects, guesses } = tally
  const rules = tally.rules().map(({ examples, ...rule }) => ({
    ...rule,
    examples: examples.map(({ at, ...example }) => ({
      ...example,
      time: new Date(wallTimeOf(at)).toISOString(),
    })),
  }))
  return JSON.stringify({ schema, sessions: sessions.size, commands, guesses, effects, rules })
}
