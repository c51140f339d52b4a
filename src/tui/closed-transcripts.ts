/** Which closed sessions keep their whole transcripts: the latest, as far as one memory for all goes; knows no session. */

import type { Transcript } from './transcript.ts'

/** Rows of all closed sessions together: with what belongs to them some 25 MB. */
const ALL_ROWS = 50_000
/** Octets of memory for the messages of all closed sessions together. */
const ALL_OCTETS = 24 * 1024 * 1024

interface Share {
  readonly rows: number
  readonly octets: number
}

export class ClosedTranscripts {
  /** In the order they closed. */
  readonly #whole = new Map<Transcript, Share>()
  #rows = 0
  #octets = 0

  /** Its session closed; the oldest give way to it. */
  add(transcript: Transcript): void {
    const share = { rows: transcript.rows.length, octets: transcript.octets }
    this.#whole.set(transcript, share)
    this.#rows += share.rows
    this.#octets += share.octets
    for (const oldest of this.#whole.keys()) {
      if (this.#rows <= ALL_ROWS && this.#octets <= ALL_OCTETS) return
      oldest.shrink()
      this.forget(oldest)
    }
  }

  /** Its session is kept no more, or its rows lie elsewhere. */
  forget(transcript: Transcript): void {
    const share = this.#whole.get(transcript)
    if (!share) return
    this.#whole.delete(transcript)
    this.#rows -= share.rows
    this.#octets -= share.octets
  }
}
