/** Numbers that look random and are the same for the same seed and stream; it knows no IMAP. */

export interface Dice {
  /** From 0 up to, not including, `limit`. */
  below(limit: number): number
  /** True in so many of a hundred throws. */
  chance(percent: number): boolean
  pick<T>(choices: readonly [T, ...T[]] | readonly T[]): T
  /** Lower-case letters and digits. */
  key(length: number): string
}

const KEY_SIGNS = 'abcdefghijkmnpqrstuvwxyz23456789'

/** Two streams of one seed have nothing in common, so that any one can be thrown again alone. */
export function throwDice(seed: number, stream: number): Dice {
  let state = mix(mix(seed >>> 0) ^ (stream >>> 0)) || 1
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    return mix(state)
  }
  const below = (limit: number): number => next() % limit
  return {
    below,
    chance: (percent) => below(1000) < percent * 10,
    pick: (choices) => {
      const picked = choices[below(choices.length)]
      if (picked === undefined) throw new Error('nothing to pick from')
      return picked
    },
    key: (length) => Array.from({ length }, () => KEY_SIGNS[below(KEY_SIGNS.length)]).join(''),
  }
}

/** The last steps of MurmurHash3: every bit of the input changes half of the output. */
function mix(value: number): number {
  let mixed = value
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
