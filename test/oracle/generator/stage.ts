/** What a generator of streams knows: who it is, which names there are, and what is thrown; type only. */

import type { Dice } from '../dice.ts'
import type { World } from '../world.ts'

export interface Stage {
  readonly dice: Dice
  readonly world: World
  readonly isCyrus: boolean
  /** Commands of every registered form, with `%M` where a mailbox stands; the tag is left out. */
  readonly pool: readonly string[]
}

export interface Stream {
  readonly number: number
  readonly family: string
  /** Octets and acts: see `marks.ts`. */
  readonly text: string
  /** Whether it begins behind a login or before it. */
  readonly begins: 'logged-in' | 'fresh'
  /** The other side may be left waiting for more, or in another mode: no further stream can follow on this connection. */
  readonly isLast: boolean
}

/** What a family makes: the text, and whether anything can follow it. */
export interface Draft {
  readonly text: string
  readonly begins?: 'fresh'
  readonly isLast?: boolean
}

export type Family = (stage: Stage) => Draft
