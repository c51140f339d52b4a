/** What a rule does in a few words, for lists of rules; it does not know when it does so. */

import type { EffectDocument } from '../config/policy-document.ts'

export function writeEffect(effect: EffectDocument): string {
  switch (effect.kind) {
    case 'allow':
    case 'record':
      return effect.kind
    case 'deny':
      return `deny ${effect.status}${effect.code === undefined ? '' : ` [${effect.code}]`}`
    case 'hide':
      return `hide ${effect.capabilities.join(' ')}`
    case 'rewrite':
      return `rewrite ${effect.rewrites.join(' ')}`
    case 'hold':
      return `hold ${writeMillis(effect.deadline)}, then ${effect.otherwise}`
    case 'delay':
      return `delay ${writeMillis(effect.millis)}`
    case 'close':
      return 'close'
  }
}

/** `90s`, `5m`. */
export function writeMillis(millis: number): string {
  if (millis < 1_000) return `${millis}ms`
  const seconds = Math.round(millis / 1_000)
  if (seconds % 3_600 === 0) return `${seconds / 3_600}h`
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`
}

/** In the largest unit of which it is a whole number: `50MiB`. */
export function writeOctets(octets: number): string {
  const [unit, length] = sizes.find(([, size]) => octets >= size && octets % size === 0) ?? ['', 1]
  return `${octets / length}${unit}`
}

const sizes = [
  ['GiB', 1_024 ** 3],
  ['GB', 1e9],
  ['MiB', 1_024 ** 2],
  ['MB', 1e6],
  ['KiB', 1_024],
  ['KB', 1e3],
] as const
