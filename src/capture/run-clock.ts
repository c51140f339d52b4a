/** Puts the records of several runs of imaptap on one clock, and keeps their sessions apart; knows no file. */

import type { CaptureHeader } from './header.ts'

interface Run {
  readonly order: number
  /** What is added to a time on its clock. */
  readonly shift: number
}

/** The first run's clock counts, and its sessions keep their names; those of the second are `S1@2`. */
export class RunClock {
  readonly #runs = new Map<string, Run>()
  #first: CaptureHeader | undefined
  #current: Run = { order: 1, shift: 0 }

  enter(header: CaptureHeader): void {
    this.#first ??= header
    const known = this.#runs.get(header.run)
    this.#current = known ?? {
      order: this.#runs.size + 1,
      shift: wallOf(header, 0) - wallOf(this.#first, 0),
    }
    this.#runs.set(header.run, this.#current)
  }

  nameOf(session: string): string {
    const { order } = this.#current
    return order === 1 ? session : `${session}@${order}`
  }

  timeOf(at: number): number {
    const { shift } = this.#current
    return shift === 0 ? at : Math.round((at + shift) * 1000) / 1000
  }

  get shift(): number {
    return this.#current.shift
  }

  /** The wall clock, in milliseconds since 1970, at a time of the records that are read. */
  wallTimeOf(at: number): number {
    return this.#first ? wallOf(this.#first, at) : at
  }
}

const wallOf = ({ created, clock }: CaptureHeader, at: number): number => created + (at - clock)
