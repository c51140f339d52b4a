/** What a lane's user has: hidden mailboxes with unguessable names and tokens, and others that everybody may see. */

import type { MailboxRuleDocument } from '../../src/config/policy-document.ts'
import { encodeMailboxName } from '../../src/imap/mailbox.ts'
import { throwDice } from './dice.ts'

/** A hidden mailbox; its name, and whatever stands in it, must never reach a client. */
export interface Canary {
  /** Decoded, `/` between levels. */
  readonly name: string
  /** The part of the name that nobody can guess. */
  readonly key: string
  /** Subject, body, flag, annotation and ACL hold it. */
  readonly token: string
  /** Changes while streams run, so that whoever watches it is told; its truth is not compared. */
  readonly isStirred: boolean
}

export interface World {
  readonly user: string
  readonly password: string
  /** Its streams do not know the canaries' names: any appearance is a leak. */
  readonly isBlind: boolean
  readonly canaries: readonly Canary[]
  readonly visible: readonly string[]
}

/** The parent of a canary is itself visible. */
export const PARENT = 'Family'

const visible = ['INBOX', 'Work', 'Work/Sub', PARENT, `${PARENT}/Open`, 'Entw\u00fcrfe'] as const

export interface Lane {
  readonly seed: number
  readonly lane: number
  readonly isBlind: boolean
}

/** `lane` tells users of one run apart, with one set of names each. */
export function describeWorld({ seed, lane, isBlind }: Lane, user: string, password: string): World {
  const dice = throwDice(seed, 0x10_000_000 + lane)
  const key = dice.key(9)
  const canary = (name: string, ownKey: string, isStirred = false): Canary => ({
    name,
    key: ownKey,
    token: `tok${dice.key(13)}`,
    isStirred,
  })
  const [below, wide, child, stirred] = [dice.key(9), dice.key(9), dice.key(9), dice.key(9)]
  return {
    user,
    password,
    isBlind,
    visible,
    canaries: [
      canary(`Canary${key}`, key),
      canary(`Canary${key}/Below${below}`, below),
      canary(`V\u00f6gel${wide}`, wide),
      canary(`${PARENT}/Child${child}`, child),
      canary(`Stir${stirred}`, stirred, true),
    ],
  }
}

/**
 * The same names with keys that no mailbox ever had: what is said of them must be what is said of the canaries. Each
 * salt gives other ones, since a stream may well create what it names.
 */
export function twinOf(text: string, { canaries }: World, salt: number): string {
  return canaries.reduce((twin, { key }) => {
    return twin.replaceAll(new RegExp(key, 'gi'), (found) => twinKey(found, salt))
  }, text)
}

/** Another key of the same length, with small and capital letters where the key has them. */
function twinKey(found: string, salt: number): string {
  const dice = throwDice(salt, 0x7717)
  const twin = dice.key(found.length)
  return twin
    .split('')
    .map((sign, at) => (isCapital(found[at] ?? '') ? sign.toUpperCase() : sign))
    .join('')
}

const isCapital = (sign: string): boolean => sign !== sign.toLowerCase()

/** A canary, or what lies below one; as the wire has it. A name that only has its key in it is another mailbox. */
export const isCanary = (name: string, { canaries }: World): boolean =>
  canaries.some((one) => `${name}/`.startsWith(`${encodeMailboxName(one.name)}/`))

/** From everybody: users can share with each other what surrounds a canary. */
export function hideCanaries({ user, canaries }: World): MailboxRuleDocument {
  return {
    users: [],
    patterns: canaries.flatMap(({ name }) => [name, `${name}/**`]),
    access: { kind: 'hidden' },
    where: `oracle: ${user}`,
  }
}
