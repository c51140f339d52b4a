/** Audits of tests: a world without a clock, files that can be made to fail, and the records that came of it. */

import { readFileSync } from 'node:fs'

import { realFiles, type AuditFiles } from '../../../src/audit/audit-files.ts'
import { openAuditWriter } from '../../../src/audit/open-writer.ts'
import { verifyAudit, type AuditSource, type Verdict } from '../../../src/audit/verify.ts'
import type { AuditWriter, WriterWorld } from '../../../src/audit/writer.ts'

let chains = 0

export function makeWorld(problems: string[] = [], more: Partial<WriterWorld> = {}): WriterWorld {
  let wall = Date.parse('2026-11-21T09:00:00Z')
  return {
    wallNow: () => (wall += 1_000),
    makeChain: () => `c0ffee${(chains += 1)}`,
    start: { kind: 'start', run: 'r1', writer: 'imaptap test', pid: 1, mode: 'strict' },
    onProblem: (problem) => void problems.push(problem),
    patience: { first: 5, most: 20 },
    ...more,
  }
}

/** A record whose `n` can be found again. */
export const numbered = (n: number, filling = 0): string =>
  `"time":"2026-11-21T09:00:00.000Z","kind":"decision","n":${n},"why":"${'x'.repeat(filling)}","effect":"allow"`

export const write = (writer: AuditWriter, n: number, filling = 0): Promise<boolean> =>
  new Promise((resolve) => writer.add(numbered(n, filling), resolve))

/** An audit of so many decisions, closed. */
export async function writeAudit(
  path: string,
  count: number,
  more: Partial<WriterWorld> = {},
): Promise<void> {
  const writer = await openAuditWriter(path, makeWorld([], more))
  for (let n = 0; n < count; n++) writer.add(numbered(n))
  await writer.close()
}

export interface AuditRecord {
  readonly kind: string
  readonly seq: number
  readonly [field: string]: unknown
}

export function recordsIn(path: string): readonly AuditRecord[] {
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
  return lines.map((line) => {
    const record: unknown = JSON.parse(line)
    return record as AuditRecord // What else it holds is what the tests look at.
  })
}

export const kindsIn = (path: string): readonly string[] => recordsIn(path).map(({ kind }) => kind)

export const numbersIn = (path: string): readonly number[] =>
  recordsIn(path).flatMap(({ n }) => (typeof n === 'number' ? [n] : []))

const sourceOf = (name: string, octets: Buffer): AuditSource => ({
  name,
  async *octets() {
    // In pieces, so that lines are cut: readers get them so.
    for (let at = 0; at < octets.length; at += 1_000) yield octets.subarray(at, at + 1_000)
  },
})

export const verifyText = (text: string | Buffer, expected?: string): Promise<Verdict> =>
  verifyAudit([sourceOf('a', Buffer.from(text))], expected)

export const verifyFiles = (paths: readonly string[], expected?: string): Promise<Verdict> =>
  verifyAudit(
    paths.map((path) => sourceOf(path, readFileSync(path))),
    expected,
  )

/** What a disk does next, until it is told otherwise. */
export interface Mood {
  /** Octets that are still taken before the disk is full. */
  room: number
  failsSync: boolean
}

/** The real files behind a disk that can fill up and break. */
export function makeMoody(mood: Mood): AuditFiles {
  const failure = (code: string): Error => Object.assign(new Error(code), { code })
  return {
    ...realFiles,
    async append(file, octets) {
      if (mood.room <= 0) throw failure('ENOSPC')
      const taken = await realFiles.append(file, octets.subarray(0, mood.room))
      mood.room -= taken
      return taken
    },
    async sync(file) {
      if (mood.failsSync) throw failure('EIO')
      await realFiles.sync(file)
    },
  }
}

export async function waitUntil(isSo: () => boolean, patience = 10_000): Promise<void> {
  const deadline = performance.now() + patience
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('it did not come to that in time')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}
