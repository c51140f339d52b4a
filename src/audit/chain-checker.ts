/** Goes through the octets of one audit file and says where its chain breaks first; knows no file and no other file. */

import { readSealed, type Link } from './chain.ts'
import { auditVersion } from './record.ts'

export interface ChainFault {
  /** From 1. */
  readonly line: number
  readonly what: 'altered' | 'removed' | 'inserted' | 'foreign' | 'version'
  readonly text: string
}

export interface ChainReport {
  readonly chain: string | undefined
  /** What the file's first record stands behind. */
  readonly before: Link | undefined
  /** Its last sound record. */
  readonly last: Link | undefined
  readonly records: number
  /** Of each kind of record; decisions by their effect as well: `decision deny`. */
  readonly counts: ReadonlyMap<string, number>
  /** Octets up to the end of the last sound record. */
  readonly octets: number
  readonly fault: ChainFault | undefined
  /** What stands behind the last line end. */
  readonly tail: Buffer
  /** Wall times of the first and the last record. */
  readonly from: string | undefined
  readonly to: string | undefined
  /** The number of the record with the hash that was asked for. */
  readonly expected: number | undefined
}

/** Octets of one record at most: ours are far below. */
const LINE = 2 * 1024 * 1024
const LF = 0x0a

export class ChainChecker {
  readonly #expected: string | undefined
  #held: Buffer[] = []
  #heldOctets = 0
  #line = 0
  #chain: string | undefined
  #before: Link | undefined
  #last: Link | undefined
  #octets = 0
  #fault: ChainFault | undefined
  #from: string | undefined
  #to: string | undefined
  #expectedAt: number | undefined
  readonly #counts = new Map<string, number>()

  /** `expected` is a hash to look for. */
  constructor(expected?: string) {
    this.#expected = expected
  }

  /** Nothing that comes behind a fault matters. */
  get isBroken(): boolean {
    return this.#fault !== undefined
  }

  /** The octets may be overwritten afterwards. */
  push(octets: Buffer): void {
    let start = 0
    for (let end = octets.indexOf(LF); end >= 0 && !this.#fault; end = octets.indexOf(LF, start)) {
      this.#take(this.#joinHeld(octets.subarray(start, end)))
      start = end + 1
    }
    if (this.#fault) return
    this.#hold(octets.subarray(start))
  }

  end(): ChainReport {
    return {
      chain: this.#chain,
      before: this.#before,
      last: this.#last,
      records: this.#fault ? this.#line - 1 : this.#line,
      counts: this.#counts,
      octets: this.#octets,
      fault: this.#fault,
      tail: Buffer.concat(this.#held),
      from: this.#from,
      to: this.#to,
      expected: this.#expectedAt,
    }
  }

  #hold(octets: Buffer): void {
    if (octets.length === 0) return
    this.#held.push(Buffer.from(octets))
    this.#heldOctets += octets.length
    if (this.#heldOctets <= LINE) return
    this.#line += 1
    this.#blame('foreign', 'this is no audit record: it is far too long')
    this.#held = []
  }

  #joinHeld(octets: Buffer): Buffer {
    if (this.#held.length === 0) return octets
    const joined = Buffer.concat([...this.#held, octets])
    this.#held = []
    this.#heldOctets = 0
    return joined
  }

  #take(line: Buffer): void {
    this.#line += 1
    const record = readSealed(line)
    if (!record) return this.#blame('foreign', 'this is no audit record')
    if (!record.isWhole)
      return this.#blame(
        'altered',
        `record ${record.seq} was altered, or put here by hand: its hash does not fit what it says`,
      )
    if (this.#line === 1) this.#begin(line, { seq: record.seq - 1, hash: record.prev })
    else this.#continue(record.seq, record.prev)
    if (this.#fault) return
    this.#last = { seq: record.seq, hash: record.hash }
    this.#octets += line.length + 1
    if (record.hash === this.#expected) this.#expectedAt = record.seq
    this.#count(line)
  }

  #begin(line: Buffer, before: Link): void {
    const header = readHeader(line)
    this.#before = before
    if (!header)
      return this.#blame('removed', 'the file does not begin with a header: its beginning was removed')
    if (header.version !== auditVersion)
      return this.#blame('version', `this is an audit of version ${header.version}, which is not known here`)
    this.#chain = header.chain
  }

  #continue(seq: number, prev: string): void {
    const last = this.#last
    if (!last) return
    if (seq > last.seq + 1) return this.#blame('removed', describeGap(last.seq, seq))
    if (seq === last.seq)
      return this.#blame(
        'inserted',
        `this is record ${seq} once more: this line or the one before was inserted`,
      )
    if (seq < last.seq)
      return this.#blame(
        'inserted',
        `record ${seq} stands behind record ${last.seq}: it was inserted or moved`,
      )
    if (prev !== last.hash)
      this.#blame('altered', `record ${seq} was made behind another record ${last.seq} than this one`)
  }

  #count(line: Buffer): void {
    const text = line.toString('latin1', 0, Math.min(line.length, 100))
    const [, time, kind = '?'] = startOfBody.exec(text) ?? []
    this.#from ??= time
    this.#to = time ?? this.#to
    this.#add(kind)
    if (kind === 'decision') this.#add(`decision ${effectOf(line)}`)
  }

  #add(name: string): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1)
  }

  #blame(what: ChainFault['what'], text: string): void {
    this.#fault = { line: this.#line, what, text }
  }
}

const startOfBody = /^\{"seq":\d+,"time":"([0-9TZ:.+-]{20,30})","kind":"([a-z]{1,20})"/

/** Within a string of JSON quotes are escaped: what is found here is the field. */
function effectOf(line: Buffer): string {
  const [, effect = '?', dryRun] =
    /,"effect":"([a-z]{1,20})"(,"dryRun":true)?/.exec(line.toString('latin1')) ?? []
  return dryRun === undefined ? effect : `would ${effect}`
}

export function describeGap(from: number, to: number): string {
  const count = to - from - 1
  return count === 1
    ? `record ${from + 1} is missing: it was removed`
    : `records ${from + 1} to ${to - 1} are missing: ${count} records were removed`
}

function readHeader(line: Buffer): { version: number; chain: string } | undefined {
  const text = line.toString('latin1', 0, Math.min(line.length, 300))
  const [, version, chain] =
    /"kind":"header","imaptap":"audit","version":(\d{1,9}),"chain":"([0-9a-f]{1,64})"/.exec(text) ?? []
  return version === undefined || chain === undefined ? undefined : { version: Number(version), chain }
}
