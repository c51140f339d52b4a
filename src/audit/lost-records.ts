/** Counts the records that could not be kept, until a record on the disk has said so; knows no file. */

import type { AuditNote } from './record.ts'

export type LostNote = Extract<AuditNote, { kind: 'lost' }>

export class LostRecords {
  #records = 0
  #reason = ''
  #since = 0

  /** The reason of the first is kept. */
  add(reason: string, wall: number): void {
    if (this.#records === 0) {
      this.#reason = reason
      this.#since = wall
    }
    this.#records += 1
  }

  /** Undefined where nothing was lost. */
  describe(): LostNote | undefined {
    if (this.#records === 0) return undefined
    const since = new Date(this.#since).toISOString()
    return { kind: 'lost', reason: this.#reason, records: this.#records, since }
  }

  /** A record of so many is on the disk; more may have been lost meanwhile. */
  told(records: number): void {
    this.#records -= records
  }
}
