/** A policy's decision in words for people, and whether it is worth a line; decides nothing itself. */

import type { Decided, DecidedEffect } from './guard.ts'

/**
 * Mere passing is counted and not told, unless its rule wants that. What was kept from somebody always is, and so is
 * what a dry run would have done: nothing else shows it.
 */
export function isTold({ effect, level, isDryRun }: Decided): boolean {
  if (level === 'log' || effect === 'deny' || effect === 'close' || effect === 'hide') return true
  return isDryRun && effect !== 'allow'
}

/** Somebody did not get what they asked for. */
export const isRefusal = ({ effect, isDryRun }: Decided): boolean =>
  !isDryRun && (effect === 'deny' || effect === 'close')

const done: Readonly<Record<DecidedEffect, string>> = {
  allow: 'allowed',
  deny: 'refused',
  rewrite: 'rewritten',
  hide: 'hidden',
  hold: 'held for approval',
  delay: 'delayed',
  close: 'session closed',
  record: 'recorded',
}

/** `refused by rule no-delete: DELETE is not allowed`, `dry run, would be refused by rule ...`. */
export function decidedText(decided: Decided): string {
  const { rule, why, sent } = decided
  const reason = why === '' ? '' : `: ${why}`
  const instead = sent === undefined ? '' : `; upstream gets: ${sent}`
  return `${effectWords(decided)} by rule ${rule}${reason}${instead}`
}

export function effectWords({ effect, isDryRun }: Pick<Decided, 'effect' | 'isDryRun'>): string {
  if (!isDryRun) return done[effect]
  return effect === 'close' ? 'dry run, session would be closed' : `dry run, would be ${done[effect]}`
}
