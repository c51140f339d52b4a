/** Numbers, words and octets that look random and are the same for the same seed. */

export interface Random {
  /** From 0 up to, not including, `limit`. */
  below(limit: number): number
  pick(choices: readonly string[]): string
  word(): string
  /** Octets between two values, both included. */
  octets(count: number, lowest: number, highest: number): Uint8Array
}

const syllables = ['ka', 'lo', 'mer', 'ti', 'san', 'dru', 'vel', 'no', 'qui', 'bar', 'fen', 'oz']

/** Xorshift with 32 bits: poor for secrets, plenty for mail. */
export function createRandom(seed: number): Random {
  let state = (seed * 2_654_435_761 + 1) | 0 || 1
  const next = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  const below = (limit: number) => next() % limit
  const pick = (choices: readonly string[]) => choices[below(choices.length)] ?? ''
  return {
    below,
    pick,
    word: () => Array.from({ length: 1 + below(3) }, () => pick(syllables)).join(''),
    octets: (count, lowest, highest) => {
      const width = highest - lowest + 1
      return Uint8Array.from({ length: count }, () => lowest + below(width))
    },
  }
}
