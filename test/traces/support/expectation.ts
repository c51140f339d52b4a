/** What a trace says of itself: its header, and what it expects of the message before an expectation. */

import { expect } from 'vitest'
import type { Side } from '../../../src/imap/raw-message.ts'
import type { Trace } from '../../../src/imap/trace.ts'
import { isMap } from '../../../src/config/settings.ts'
import type { Replay } from './replay.ts'

export type { Replay } from './replay.ts'

/** `# key: value` lines above the first step. */
export function readHeader({ notes, steps }: Trace): ReadonlyMap<string, string> {
  const first = steps[0]?.line ?? Infinity
  const pairs = notes
    .filter(({ kind, line }) => kind === 'comment' && line < first)
    .flatMap(({ text }) => {
      const [, key, value] = /^([a-z]+): *(.*)$/u.exec(text) ?? []
      return key === undefined || value === undefined ? [] : [[key, value] as const]
    })
  return new Map(pairs)
}

interface Expected {
  readonly line: number
  readonly from: Side
  /** Octets of the side up to and with the message. */
  readonly end: number
  readonly value: Readonly<Record<string, unknown>>
}

/** Messages that nothing is said of read without faults, in both readings. */
export function checkExpectations(trace: Trace, seen: Replay, judged: Replay): void {
  const expected = readExpectations(trace)
  const met = new Set<Expected>()
  for (const [index, message] of seen.entries()) {
    const wanted = expected.find((one) => one.from === message['from'] && one.end === endOf(message))
    if (wanted) met.add(wanted)
    checkMessage(message, judged[index] ?? {}, wanted)
  }
  const unmet = expected.filter((one) => !met.has(one)).map(({ line }) => line)
  expect(unmet, 'lines with an expectation that no message ends before').toEqual([])
}

function checkMessage(message: Replay[number], judged: Replay[number], wanted: Expected | undefined): void {
  const { faults = [], ...value } = wanted?.value ?? {}
  const where = `${wanted ? `line ${wanted.line}: ` : ''}${JSON.stringify(message)}`
  if (value['kind'] !== 'incomplete') expect(rulesOf(message), where).toEqual(faults)
  const isOk = value['kind'] === 'incomplete' ? {} : { ok: true }
  expect(message, where).toMatchObject({ ...isOk, ...value })
  if (value['kind'] === 'incomplete') return
  const strictly = `strict, ${where}`
  const [first] = Array.isArray(faults) ? faults : []
  expect(judged['ok'], `${strictly} ${JSON.stringify(judged['faults'])}`).toBe(
    value['ok'] !== false && first === undefined,
  )
  if (first !== undefined && value['ok'] !== false) expect(rulesOf(judged), strictly).toEqual([first])
}

function readExpectations({ steps, notes }: Trace): readonly Expected[] {
  return notes.flatMap(({ kind, line, text }) => {
    if (kind !== 'expectation') return []
    const before = steps.filter((step) => step.line < line)
    const last = before.at(-1)
    if (!last) throw new Error(`line ${line}: an expectation before any step`)
    const end = before
      .filter(({ from }) => from === last.from)
      .reduce((sum, { octets }) => sum + octets.length, 0)
    return { line, from: last.from, end, value: readValue(line, text) }
  })
}

function readValue(line: number, text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (isMap(value)) return value
  } catch (error) {
    throw new Error(`line ${line}: ${String(error)}`, { cause: error })
  }
  throw new Error(`line ${line}: an expectation is a JSON object`)
}

const endOf = (message: Replay[number]): number => Number(message['offset']) + Number(message['octets'])

function rulesOf(message: Replay[number]): readonly unknown[] {
  const { faults } = message
  return Array.isArray(faults) ? faults.map((fault) => (isMap(fault) ? fault['rule'] : fault)) : []
}
