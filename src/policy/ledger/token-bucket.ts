/** A rate with a burst: a token for each command, and so many new ones a second; the rate may change at any time. */

import type { Millis } from '../../relay/input.ts'

/** Clients begin with a burst (LIST, STATUS of each mailbox): what they may do in this many seconds, they may do at once. */
const BURST_SECONDS = 10

export class TokenBucket {
  /** Below zero: taken in advance, and waited for. */
  #tokens: number | undefined
  #at: Millis = 0

  /** Milliseconds until there is a token; 0 when one was taken. */
  take(perSecond: number, at: Millis): Millis {
    const tokens = this.#fill(perSecond, at)
    if (tokens < 1) return millisFor(1 - tokens, perSecond)
    this.#tokens = tokens - 1
    return 0
  }

  /** Takes one in any case, and answers how long to wait for it. */
  takeAhead(perSecond: number, at: Millis): Millis {
    const tokens = this.#fill(perSecond, at) - 1
    this.#tokens = tokens
    return tokens >= 0 ? 0 : millisFor(-tokens, perSecond)
  }

  #fill(perSecond: number, at: Millis): number {
    const room = Math.max(1, perSecond * BURST_SECONDS)
    const gained = ((at - this.#at) / 1_000) * perSecond
    this.#tokens = this.#tokens === undefined ? room : Math.min(room, this.#tokens + Math.max(gained, 0))
    this.#at = Math.max(at, this.#at)
    return this.#tokens
  }
}

const millisFor = (tokens: number, perSecond: number): Millis => Math.ceil((tokens / perSecond) * 1_000)
