/** Kinds of text that several settings have, each with its rule; knows no setting. */

import { z } from 'zod'
import { readDuration, readSize } from './quantity.ts'

/** A text with a rule of its own: the rule answers what is wrong. `expected`: what is said of what is no text. */
export function checked(findFault: (text: string) => string | undefined, expected?: string) {
  return z.string(expected === undefined ? {} : { error: expected }).superRefine((text, context) => {
    const message = findFault(text)
    if (message !== undefined) context.addIssue({ code: 'custom', message })
  })
}

export function oneOrMany<T extends z.ZodType>(item: T) {
  return z.union([item, z.array(item).min(1)])
}

export function nonEmpty(text: string): string | undefined {
  return text.trim() === '' ? 'must not be empty' : undefined
}

export const path = checked((text) => (text.includes('\0') ? 'must not contain a NUL' : nonEmpty(text)))

export const capability = checked((text) =>
  /^(\*-)?[!#$&'+,./0-9:;<=>?@A-Z^_`a-z|~-]+(-\*)?$/.test(text)
    ? undefined
    : 'must be a capability such as IDLE, AUTH=PLAIN, X-* or *-BETA',
)

export const size = checked((text) =>
  (readSize(text) ?? 0) >= 4096 ? undefined : 'must be a size from 4KiB on, such as 10MiB or 1GB',
)

const aDuration = 'must be a duration from 1s on, such as 30m, 24h or 7d'

export const duration = checked(
  (text) => ((readDuration(text) ?? 0) >= 1_000 ? undefined : aDuration),
  aDuration,
)
