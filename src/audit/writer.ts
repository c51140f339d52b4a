/** Makes records durable, many with one write, and says of each whether it is; fails closed, and knows no event. */

import { setImmediate as nextTick, setTimeout as sleep } from 'node:timers/promises'

import { AuditFile } from './audit-file.ts'
import { explainError, type AuditFault } from './audit-fault.ts'
import { realFiles, type AuditFiles } from './audit-files.ts'
import type { Lock } from './audit-lock.ts'
import { seal, type Link } from './chain.ts'
import { LostRecords, type LostNote } from './lost-records.ts'
import { makeHeader, writeNote, type AuditNote } from './record.ts'

export interface WriterWorld {
  wallNow(): number
  /** Names a new chain: hex digits that no other has. */
  makeChain(): string
  /** The record of this process. */
  readonly start: Extract<AuditNote, { kind: 'start' }>
  /** Told once when records cannot be written any more, once when the reason is another, and once when they can. */
  onProblem(problem: string): void
  readonly files?: AuditFiles
  /** Milliseconds before the first attempt to write again, and before each later one at most. */
  readonly patience?: { readonly first: number; readonly most: number }
}

/** Called once, never within the call that gave it: whether the record is on the disk. */
export type Done = (isDurable: boolean) => void

interface Item {
  readonly body: string
  readonly done: Done | undefined
}

interface Batch {
  readonly octets: Buffer
  readonly last: Link
  /** Lost records that a record in it tells of. */
  readonly lost: number
}

/** Nothing is written until it is mended. */
interface Trouble {
  readonly fault: AuditFault
  /** What may stand behind the last acknowledged record, in part. */
  readonly failed: Buffer
  delay: number
}

/** UTF-16 units that wait at most; a disk that takes less than comes must not cost the memory. */
const QUEUE = 8 * 1024 * 1024
const PATIENCE = { first: 250, most: 30_000 }
const NOTHING = Buffer.alloc(0)

export interface WriterParts {
  readonly path: string
  readonly world: WriterWorld
  readonly lock: Lock
  readonly file: AuditFile
  readonly chain: string
}

export class AuditWriter {
  readonly #path: string
  readonly #world: WriterWorld
  readonly #files: AuditFiles
  readonly #lock: Lock
  readonly #chain: string
  #file: AuditFile
  #waiting: Item[] = []
  #waitingUnits = 0
  #isScheduled = false
  #isClosed = false
  readonly #lost = new LostRecords()
  #trouble: Trouble | undefined
  /** One thing at a time is done with the file. */
  #work: Promise<void> = Promise.resolve()
  readonly #ending = new AbortController()

  /** `openAuditWriter` makes it. */
  constructor({ path, world, lock, file, chain }: WriterParts) {
    this.#path = path
    this.#world = world
    this.#files = world.files ?? realFiles
    this.#lock = lock
    this.#file = file
    this.#chain = chain
  }

  /** Before anything else, and on the disk when this resolves. */
  async begin(notes: readonly AuditNote[]): Promise<void> {
    try {
      await this.#write([...notes, this.#world.start])
    } catch (error) {
      this.#file.close()
      throw error
    }
  }

  /** The last record on the disk: noted elsewhere, it shows later that nothing was removed from the end. */
  get head(): Link {
    return this.#file.last
  }

  get isFailing(): boolean {
    return this.#trouble !== undefined
  }

  /** `body` comes from `record.ts`. */
  add(body: string, done?: Done): void {
    if (this.#isClosed || this.#trouble) return this.#refuse(this.#trouble?.fault.message ?? 'closed', done)
    if (this.#waitingUnits + body.length > QUEUE) return this.#refuse('more comes than the disk takes', done)
    this.#waiting.push({ body, done })
    this.#waitingUnits += body.length
    this.#schedule()
  }

  note(note: AuditNote, done?: Done): void {
    this.add(writeNote(note, this.#world.wallNow()), done)
  }

  /** The file was renamed: another is begun in its place, and goes on with the chain. */
  async reopen(): Promise<void> {
    await this.#enqueue(() => this.#rotate())
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.note({ kind: 'stop', run: this.#world.start.run })
    this.#isClosed = true
    this.#ending.abort()
    await this.#enqueue(() => this.#commit())
    this.#file.close()
    this.#lock.release()
  }

  #enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.#work.then(task)
    // What went wrong with one thing is its own matter: the next is done all the same.
    this.#work = done.catch(() => undefined)
    return done
  }

  /** Everything of this turn of the loop goes out together, and what comes while that is written goes with the next. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    void this.#enqueue(async () => {
      await nextTick()
      this.#isScheduled = false
      await this.#commit()
    })
  }

  async #commit(): Promise<void> {
    const batch = this.#waiting
    if (batch.length === 0 || this.#trouble) return
    this.#waiting = []
    this.#waitingUnits = 0
    const { octets, last, lost } = this.#seal(batch, this.#lost.describe())
    try {
      await this.#file.append(octets, last)
    } catch (error) {
      return this.#fail(error, { octets, batch })
    }
    this.#lost.told(lost)
    for (const { done } of batch) settle(done, true)
  }

  /** The chain goes on only when they are on the disk: a record that failed has no place in it. */
  #seal(items: readonly Item[], lost?: LostNote): Batch {
    const notes = lost ? [this.#toItem(lost)] : []
    let last = this.#file.last
    let lines = ''
    for (const { body } of [...notes, ...items]) {
      const sealed = seal(last, body)
      lines += sealed.line
      last = sealed.link
    }
    return { octets: Buffer.from(lines), last, lost: lost?.records ?? 0 }
  }

  async #write(notes: readonly AuditNote[]): Promise<void> {
    const { octets, last } = this.#seal(notes.map((note) => this.#toItem(note)))
    await this.#file.append(octets, last)
  }

  #toItem(note: AuditNote): Item {
    return { body: writeNote(note, this.#world.wallNow()), done: undefined }
  }

  // What cannot be written.

  #refuse(reason: string, done: Done | undefined): void {
    this.#lost.add(reason, this.#world.wallNow())
    settle(done, false)
  }

  #fail(error: unknown, { octets, batch }: { octets: Buffer; batch: readonly Item[] }): void {
    const fault = explainError(this.#path, error)
    const { first } = this.#world.patience ?? PATIENCE
    this.#trouble = { fault, failed: octets, delay: first }
    for (const { done } of [...batch, ...this.#waiting]) this.#refuse(fault.message, done)
    this.#waiting = []
    this.#waitingUnits = 0
    this.#tell(fault)
    this.#plan()
  }

  #tell(fault: AuditFault): void {
    this.#world.onProblem(
      `the audit cannot be written: ${fault.message}; ${fault.advice}; in strict mode no audited command goes on until it can`,
    )
  }

  #plan(): void {
    const trouble = this.#trouble
    if (!trouble || this.#isClosed) return
    const { delay } = trouble
    trouble.delay = Math.min(delay * 2, (this.#world.patience ?? PATIENCE).most)
    const { signal } = this.#ending
    sleep(delay, undefined, { signal, ref: false }).then(
      () => this.#enqueue(() => this.#mend(trouble)),
      // Closed meanwhile.
      () => undefined,
    )
  }

  /** The file is trusted again only when all of it was read again, and a record of what happened is on the disk. */
  async #mend(trouble: Trouble): Promise<void> {
    if (this.#trouble !== trouble) return
    try {
      const { file, cut } = await this.#file.reopen(this.#path, trouble.failed)
      this.#file = file
      await this.#resume(trouble, cut, [])
    } catch (error) {
      this.#failAgain(trouble, error)
    }
  }

  async #resume(trouble: Trouble, cut: number, before: readonly AuditNote[]): Promise<void> {
    const { records, since } = this.#lost.describe() ?? { records: 0, since: undefined }
    const reason = trouble.fault.message
    const note: AuditNote = { kind: 'recovered', reason, octets: cut, records, since }
    const sealed = this.#seal([...before, note].map((one) => this.#toItem(one)))
    this.#trouble = { ...trouble, failed: sealed.octets }
    await this.#file.append(sealed.octets, sealed.last)
    this.#trouble = undefined
    this.#lost.told(records)
    this.#world.onProblem(`the audit is written again; records that could not be kept: ${records}`)
  }

  #failAgain(earlier: Trouble, error: unknown): void {
    const fault = explainError(this.#path, error)
    const { failed, delay } = this.#trouble ?? earlier
    this.#trouble = { fault, failed, delay }
    if (fault.message !== earlier.fault.message) this.#tell(fault)
    this.#plan()
  }

  // Rotation.

  async #rotate(): Promise<void> {
    if (this.#isClosed) return
    try {
      const there = this.#files.factsAt(this.#path)
      const isSame = there?.identity === this.#file.identity && there.size > 0
      if (!isSame) await this.#beginNext()
      else if (this.#trouble) await this.#mend(this.#trouble)
    } catch (error) {
      const { message, advice } = explainError(this.#path, error)
      this.#world.onProblem(`the audit goes on in the file that it was in: ${message}; ${advice}`)
    }
  }

  async #beginNext(): Promise<void> {
    const old = this.#file
    const next = AuditFile.begin(this.#files, this.#path, old.last)
    const trouble = this.#trouble
    const header = makeHeader(this.#chain)
    try {
      this.#file = next
      if (trouble) await this.#resume(trouble, 0, [header])
      else await this.#write([header])
      old.abandon(trouble?.failed ?? NOTHING)
    } catch (error) {
      this.#file = old
      this.#trouble = trouble
      next.empty()
      throw error
    }
  }
}

function settle(done: Done | undefined, isDurable: boolean): void {
  if (done) queueMicrotask(() => done(isDurable))
}
