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

/**
 * What the policy gives beside the canaries: all mailboxes, those alone that are visible at first, or all with few
 * rights. What is not granted is hidden as the canaries are, and a right that is missing must not tell of them.
 */
export type Grant = 'all' | 'visible' | 'few-rights'

export interface World {
  readonly user: string
  readonly password: string
  /** Its streams do not know the canaries' names: any appearance is a leak. */
  readonly isBlind: boolean
  readonly grant: Grant
  readonly canaries: readonly Canary[]
  readonly visible: readonly string[]
  /** Users of the same run, with whom the canaries are shared: upstream would let each read those of all others. */
  readonly neighbours: readonly World[]
}

/** The parent of a canary is itself visible. */
export const PARENT = 'Family'

/** There is no such mailbox, but for a canary below it. */
export const SHELL = 'Shell'

const atFirst = ['INBOX', 'Work', 'Work/Sub', PARENT, `${PARENT}/Open`, 'Entw\u00fcrfe'] as const

export interface Lane {
  readonly seed: number
  readonly lane: number
  readonly isBlind: boolean
  readonly grant?: Grant | undefined
}

/** `lane` tells users of one run apart, with one set of names each. */
export function describeWorld(
  { seed, lane, isBlind, grant = 'all' }: Lane,
  user: string,
  password: string,
): World {
  const dice = throwDice(seed, 0x10_000_000 + lane)
  const key = dice.key(9)
  const canary = (name: string, ownKey: string, isStirred = false): Canary => ({
    name,
    key: ownKey,
    token: `tok${dice.key(13)}`,
    isStirred,
  })
  const [below, wide, child, stirred] = [dice.key(9), dice.key(9), dice.key(9), dice.key(9)]
  const lone = dice.key(9)
  return {
    user,
    password,
    isBlind,
    grant,
    visible: atFirst,
    neighbours: [],
    canaries: [
      canary(`Canary${key}`, key),
      canary(`Canary${key}/Below${below}`, below),
      canary(`V\u00f6gel${wide}`, wide),
      canary(`${PARENT}/Child${child}`, child),
      canary(`Stir${stirred}`, stirred, true),
      canary(`${SHELL}/Lone${lone}`, lone),
    ],
  }
}

/** Whoever runs together, each told of the others. */
export const introduce = (worlds: readonly World[]): readonly World[] =>
  worlds.map((world) => ({ ...world, neighbours: worlds.filter(({ user }) => user !== world.user) }))

/** The canaries that a user must not hear of: its own, and those that others share with it. */
export const secretsOf = ({ canaries, neighbours }: World): readonly Canary[] => [
  ...canaries,
  ...neighbours.flatMap((neighbour) => neighbour.canaries),
]

/** Where the two servers show what another user shares. */
export const sharedPrefixes = ['shared', 'Other Users'] as const

/**
 * The same names with keys that no mailbox ever had: what is said of them must be what is said of the canaries. Each
 * salt gives other ones, since a stream may well create what it names.
 */
export function twinOf(text: string, world: World, salt: number): string {
  return secretsOf(world).reduce((twin, { key }) => {
    return twin.replaceAll(new RegExp(key, 'gi'), (found) => twinKey(found, salt))
  }, text)
}

/** Another key of the same length, with small and capital letters where the key has them. */
function twinKey(found: string, salt: number): string {
  const own = found
    .toLowerCase()
    .split('')
    .reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) >>> 0, 0)
  const dice = throwDice(salt, own)
  const twin = dice.key(found.length)
  return twin
    .split('')
    .map((sign, at) => (isCapital(found[at] ?? '') ? sign.toUpperCase() : sign))
    .join('')
}

const isCapital = (sign: string): boolean => sign !== sign.toLowerCase()

const GHOSTS = 0x6057

/** Names that are hidden as the canaries are, and that nothing has: between them and the canaries nothing may differ at all. */
export const ghostOf = (text: string, world: World): string => twinOf(text, world, GHOSTS)

/** A canary or a ghost, or what lies below one; as the wire has it. A name that only has its key in it is another mailbox. */
export const isCanary = (name: string, world: World): boolean =>
  hiddenNames(world).some((one) => isAtOrBelow(name, encodeMailboxName(one)))

/** The same for what neighbours share. */
export const isNeighbours = (name: string, { neighbours }: World): boolean =>
  neighbours.some((neighbour) =>
    sharedPrefixes.some((prefix) => {
      const root = `${prefix}/${neighbour.user}/`
      return name.startsWith(root) && isCanary(name.slice(root.length), neighbour)
    }),
  )

const isAtOrBelow = (name: string, other: string): boolean => `${name}/`.startsWith(`${other}/`)

const hiddenNames = (world: World): readonly string[] =>
  world.canaries.flatMap(({ name }) => [name, ghostOf(name, world)])

/** From everybody: users can share with each other what surrounds a canary. */
export function hideCanaries(world: World): MailboxRuleDocument {
  return {
    users: [],
    patterns: hiddenNames(world).flatMap((name) => [name, `${name}/**`]),
    access: { kind: 'hidden' },
    where: `oracle: ${world.user}`,
  }
}

/** First the canaries, for everybody; what else there is, each user as its world says. */
export const rulesOf = (worlds: readonly World[]): readonly MailboxRuleDocument[] => [
  ...worlds.map(hideCanaries),
  ...worlds.flatMap(grantOthers),
]

function grantOthers({ user, grant, visible }: World): readonly MailboxRuleDocument[] {
  const rule = { users: [user], where: `oracle: ${user}` }
  if (grant === 'all') return []
  if (grant === 'few-rights')
    return [{ ...rule, patterns: ['**'], access: { kind: 'rights', rights: ['read', 'flag', 'insert'] } }]
  return [
    {
      ...rule,
      patterns: visible,
      access: { kind: 'rights', rights: ['read', 'flag', 'insert', 'create', 'delete'] },
    },
    { ...rule, patterns: ['**'], access: { kind: 'hidden' } },
  ]
}
