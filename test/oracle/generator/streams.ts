/** The generator: stream number n of a seed, always the same; which families there are, and how often each comes. */

import { throwDice, type Dice } from '../dice.ts'
import type { World } from '../world.ts'
import { modeFamilies } from './mode-families.ts'
import { spoil, split } from './mutate.ts'
import { plainFamilies, TWIN } from './plain-families.ts'
import { smugglingFamilies } from './smuggling-families.ts'
import type { Family, Stage, Stream } from './stage.ts'

const families: Readonly<Record<string, Family>> = { ...plainFamilies, ...smugglingFamilies, ...modeFamilies }

export type FamilyName =
  | keyof typeof plainFamilies
  | keyof typeof smugglingFamilies
  | keyof typeof modeFamilies

/** How many of about two thousand streams; who begins a session anew, or is cut off, is dear, and comes less often. */
const shares: Readonly<Record<FamilyName, number>> = {
  twin: 80,
  direct: 600,
  opened: 180,
  registered: 260,
  lists: 180,
  parents: 50,
  enabling: 60,
  sets: 50,
  appending: 100,
  listening: 3,
  swallowed: 40,
  literals: 90,
  lineEnds: 15,
  quotedStrings: 30,
  tags: 8,
  pipelined: 110,
  overlong: 4,
  idling: 40,
  sasl: 15,
  loggingIn: 8,
  compressing: 8,
  securing: 2,
  leaving: 8,
}

/** Streams in a hundred that are spoiled. */
const SPOILED = 4

const drawn: readonly string[] = Object.entries(shares).flatMap(([name, share]) =>
  Array.from({ length: share }, () => name),
)

export const familyNames: readonly string[] = Object.keys(families)

export interface Generation {
  readonly seed: number
  readonly world: World
  readonly isCyrus: boolean
  readonly pool: readonly string[]
  /** Only these; undefined: all of them. */
  readonly only?: readonly string[] | undefined
}

export function makeStream(number: number, generation: Generation): Stream {
  const dice = throwDice(generation.seed, number)
  const name = pickFamily(dice, generation.only)
  const stage: Stage = { dice, ...generation }
  const draft = families[name]?.(stage) ?? { text: '' }
  const isSpoiled = name !== TWIN && dice.chance(SPOILED)
  const text = split(isSpoiled ? spoil(draft.text, dice) : draft.text, dice)
  return {
    number,
    family: isSpoiled ? `${name}, spoiled` : name,
    text,
    begins: draft.begins ?? 'logged-in',
    isLast: draft.isLast === true || isSpoiled,
  }
}

function pickFamily(dice: Dice, only: readonly string[] | undefined): string {
  return only === undefined ? dice.pick(drawn) : dice.pick(only)
}
