/** Which UID stands at which sequence number, as far as it was told: four octets a message; knows no protocol. */

/** Messages in one block: an expunge moves at most so many numbers. */
const BLOCK = 4096
/** Messages mapped at most, about 8 MiB; those behind are counted and never known. */
const MAPPED = 2_000_000
/** Places looked at to each side for a neighbour. */
const REACH = 16

interface Block {
  readonly uids: Uint32Array
  count: number
  /** The largest known UID, 0 while none is known. */
  highest: number
}

/** Sequence numbers begin at 1; a UID of 0 is one that is not known. */
export class UidMap {
  #blocks: Block[] = []
  /** Messages in the blocks. */
  #held = 0
  #length = 0
  /** The block that was looked at last, and the messages in front of it: most looks are at the next message. */
  #hint = { index: 0, before: 0 }

  /** Messages that the map stands for, known or not. */
  get length(): number {
    return this.#length
  }

  /** Octets held. */
  get octets(): number {
    return this.#blocks.length * BLOCK * Uint32Array.BYTES_PER_ELEMENT
  }

  /** The mailbox has so many messages; new ones are not known. */
  resize(length: number): void {
    if (length < this.#held) this.#truncate(length)
    this.#length = length
  }

  /** 0 where it is not known. */
  uidAt(sequence: number): number {
    const place = this.#find(sequence)
    return place ? (place.block.uids[place.at] ?? 0) : 0
  }

  set(sequence: number, uid: number): void {
    if (sequence < 1 || sequence > Math.min(this.#length, MAPPED)) return
    this.#fillTo(sequence)
    const place = this.#find(sequence)
    if (!place) return
    place.block.uids[place.at] = uid
    if (uid > place.block.highest) place.block.highest = uid
  }

  /** The message is gone, and those behind it move up by one. */
  expunge(sequence: number): void {
    if (sequence < 1 || sequence > this.#length) return
    this.#length -= 1
    const place = this.#find(sequence)
    if (!place) return
    this.#held -= 1
    const { block, at } = place
    const uid = block.uids[at]
    block.uids.copyWithin(at, at + 1, block.count)
    block.count -= 1
    block.uids[block.count] = 0
    if (uid === block.highest) block.highest = highestOf(block)
    if (block.count > 0) return
    this.#blocks.splice(this.#blocks.indexOf(block), 1)
    this.#hint = { index: 0, before: 0 }
  }

  /** The sequence number of a UID, or undefined; known UIDs ascend, so most of the map need not be looked at. */
  find(uid: number): number | undefined {
    let before = 0
    for (const { uids, count, highest } of this.#blocks) {
      if (highest >= uid) {
        const at = uids.subarray(0, count).indexOf(uid)
        // Where a UID beyond this one stood none behind can be smaller.
        return at < 0 ? undefined : before + at + 1
      }
      before += count
    }
    return undefined
  }

  /** The nearest known neighbours of a place, 0 where there is none within reach. */
  neighbours(sequence: number): { readonly below: number; readonly above: number } {
    return { below: this.#nearest(sequence, -1), above: this.#nearest(sequence, 1) }
  }

  /** Nothing is known any more of which message stands where. */
  forget(): void {
    this.#blocks = []
    this.#held = 0
    this.#hint = { index: 0, before: 0 }
  }

  #nearest(sequence: number, step: 1 | -1): number {
    for (let away = 1; away <= REACH; away++) {
      const at = sequence + step * away
      if (at < 1 || at > this.#held) return 0
      const uid = this.uidAt(at)
      if (uid !== 0) return uid
    }
    return 0
  }

  #find(sequence: number): { readonly block: Block; readonly at: number } | undefined {
    if (sequence < 1 || sequence > this.#held) return undefined
    let { index, before } = this.#hint
    if (sequence <= before) index = before = 0
    for (let block = this.#blocks[index]; block; block = this.#blocks[++index]) {
      if (sequence <= before + block.count) {
        this.#hint.index = index
        this.#hint.before = before
        return { block, at: sequence - before - 1 }
      }
      before += block.count
    }
    return undefined
  }

  #fillTo(sequence: number): void {
    while (this.#held < sequence) {
      const block = this.#roomy()
      const added = Math.min(BLOCK - block.count, sequence - this.#held)
      block.count += added
      this.#held += added
    }
  }

  /** The last block, or a new one where that is full. */
  #roomy(): Block {
    const last = this.#blocks.at(-1)
    if (last && last.count < BLOCK) return last
    const block = { uids: new Uint32Array(BLOCK), count: 0, highest: 0 }
    this.#blocks.push(block)
    return block
  }

  #truncate(length: number): void {
    let before = 0
    for (const [index, block] of this.#blocks.entries()) {
      if (before + block.count > length) {
        block.count = length - before
        block.uids.fill(0, block.count)
        block.highest = highestOf(block)
        this.#blocks.length = block.count > 0 ? index + 1 : index
        break
      }
      before += block.count
    }
    this.#held = length
    this.#hint = { index: 0, before: 0 }
  }
}

function highestOf({ uids, count }: Block): number {
  let highest = 0
  for (let at = 0; at < count; at++) highest = Math.max(highest, uids[at] ?? 0)
  return highest
}
