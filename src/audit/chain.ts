/** How records hang together: each line carries the hash of the one before and its own; knows no file and no field. */

import { createHash, hash } from 'node:crypto'

/** The last record of a chain so far. */
export interface Link {
  /** From 1, across files. */
  readonly seq: number
  /** 64 digits of SHA-256. */
  readonly hash: string
}

/** What the first record of a chain stands behind. */
export const genesis: Link = { seq: 0, hash: '0'.repeat(64) }

export interface Sealed {
  /** With its line end. */
  readonly line: string
  readonly link: Link
}

/** Octets of `,"hash":"..."}` and of `,"prev":"..."` before it. */
const HASH_OCTETS = 75
const PREV_OCTETS = 74

/** `body` is the record's own fields as JSON without braces. */
export function seal(last: Link, body: string): Sealed {
  const seq = last.seq + 1
  const open = `{"seq":${seq},${body},"prev":"${last.hash}"`
  const digest = hash('sha256', `${open}}`)
  return { line: `${open},"hash":"${digest}"}\n`, link: { seq, hash: digest } }
}

export interface SealedLine {
  readonly seq: number
  readonly prev: string
  readonly hash: string
  /** The hash is that of the line. */
  readonly isWhole: boolean
}

/**
 * Reads a line without its line end; undefined where it is no record at all. The hash is that of the octets themselves:
 * two texts that mean the same are still two.
 */
export function readSealed(line: Buffer): SealedLine | undefined {
  const seq = startOfRecord.exec(line.toString('latin1', 0, 32))?.[1]
  const end = endOfRecord.exec(line.toString('latin1', Math.max(0, line.length - HASH_OCTETS - PREV_OCTETS)))
  const [, prev, stated] = end ?? []
  if (seq === undefined || prev === undefined || stated === undefined) return undefined
  const digest = createHash('sha256')
    .update(line.subarray(0, line.length - HASH_OCTETS))
    .update('}')
  return { seq: Number(seq), prev, hash: stated, isWhole: digest.digest('hex') === stated }
}

const startOfRecord = /^\{"seq":([1-9]\d{0,14}),"/
const endOfRecord = /^,"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})"\}$/

/**
 * Whether octets behind the last line end can be the beginning of the record that was to follow: what a process leaves
 * that was ended while it wrote. A file system may have made room for more than was written: that room is NUL.
 */
export function isTornRecord(tail: Buffer, last: Link | undefined): boolean {
  const text = tail.toString('latin1').replace(/\0+$/, '')
  const seq = last ? String(last.seq + 1) : /^\{"seq":([1-9]\d{0,14})/.exec(text)?.[1]
  if (seq === undefined) return '{"seq":'.startsWith(text)
  const wanted = `{"seq":${seq},"time":"`
  return text.length < wanted.length ? wanted.startsWith(text) : text.startsWith(wanted)
}
