/** What a policy decided, out of the fields of a record; a word that nobody knows becomes the harmless one. */

import type { ProxyEvent } from '../relay/event.ts'
import type { Decided, DecidedEffect } from '../relay/guard.ts'
import { listOf, textOf, type Fields } from './fields.ts'

const effects: readonly DecidedEffect[] = [
  'allow',
  'deny',
  'rewrite',
  'hide',
  'hold',
  'delay',
  'close',
  'record',
]
const levels: readonly Decided['level'][] = ['count', 'log', 'audit']

export function readDecided(fields: Fields): Decided {
  const { rule, effect, why, isDryRun, mailboxes, sent, level } = fields
  return {
    rule: textOf(rule),
    effect: effects.find((known) => known === effect) ?? 'allow',
    why: textOf(why),
    isDryRun: isDryRun === true,
    mailboxes: listOf(mailboxes).map(textOf),
    level: levels.find((known) => known === level) ?? 'count',
    ...(typeof sent === 'string' && { sent }),
  }
}

type HeldEvent = Extract<ProxyEvent, { kind: 'held' }>

export const readApproval = ({ rule, otherwise, note }: Fields): NonNullable<HeldEvent['approval']> => ({
  rule: textOf(rule),
  otherwise: otherwise === 'allow' ? 'allow' : 'deny',
  ...(typeof note === 'string' && { note }),
})
