import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { octetsOf } from '../../src/imap/octets.ts'
import { lineMessage } from '../../src/imap/raw-message.ts'
import { readTrace } from '../../src/imap/trace.ts'
import { createRandom } from '../support/random.ts'
import { checkReadings } from './checks.ts'
import { fuzz, type Crash } from './fuzz.ts'
import { inputsOfTraces } from './inputs.ts'
import { mutate } from './mutate.ts'
import { traceOf } from './trace-of.ts'

test('some thousand spoiled inputs break nothing', () => {
  const crashes: Crash[] = []
  const runs = fuzz({ seed: 4, goesOn: (run) => run < 3_000, onCrash: (crash) => crashes.push(crash) })
  expect(runs).toBe(3_000)
  expect(crashes.map(({ reason }) => reason)).toEqual([])
}, 60_000)

test('a seed makes the same inputs again', () => {
  const seeds = inputsOfTraces()
  const [seed] = seeds
  if (!seed) throw new Error('no traces')
  expect(mutate(seed, seeds, createRandom(77))).toEqual(mutate(seed, seeds, createRandom(77)))
})

test('inputs are spoiled, not only copied', () => {
  const seeds = inputsOfTraces()
  const [seed] = seeds
  if (!seed) throw new Error('no traces')
  const made = Array.from({ length: 50 }, (_, run) => mutate(seed, seeds, createRandom(run)))
  const spoiled = made.filter(({ octets }) => Buffer.compare(octets, seed.octets) !== 0)
  expect(spoiled.length).toBeGreaterThan(25)
})

const raw = lineMessage('server', octetsOf('* 1 EXISTS\r\n'))
const sound = { ok: true, value: 1, quirks: [] } as const
const fault = { rule: 'x', at: 0, text: 'x', side: 'server' } as const
const line = (): Uint8Array[] => [octetsOf('* 1 EXISTS\r\n')]

test.each<[string, Parameters<typeof checkReadings<number>>[1]]>([
  ['a strict reading has quirks', { read: () => ({ ...sound, quirks: [fault] }), write: line }],
  [
    'what is strictly sound is not tolerantly so',
    { read: (_raw, { isStrict }) => (isStrict ? sound : { ok: false, fault, quirks: [] }), write: line },
  ],
  [
    'the two readings of a sound message differ',
    { read: (_raw, { isStrict }) => ({ ...sound, value: Number(isStrict) }), write: line },
  ],
  [
    'tolerant reading does not tell of x',
    { read: (_raw, { isStrict }) => (isStrict ? { ok: false, fault, quirks: [] } : sound), write: line },
  ],
  [
    'written, it reads differently',
    { read: (read) => ({ ...sound, value: read === raw ? 1 : 2 }), write: line },
  ],
  ['what was written is not one message', { read: () => sound, write: () => [...line(), ...line()] }],
])('a reader of which it holds that %s is found', (reason, language) => {
  expect(() => checkReadings(raw, language)).toThrow(reason)
})

test('a crash becomes a trace of the same octets', () => {
  const octets = Uint8Array.from([0x61, 0x20, 0x5c, 0x0d, 0x0a, 0x00, 0xe9, 0x09, 0x7b, 0x33, 0x7d])
  const text = traceOf({ run: 5, input: { from: 'client', octets }, reason: 'it broke' }, 9)
  const trace = readTrace(text)
  if (!('steps' in trace)) throw new Error(trace.text)
  expect(Buffer.concat(trace.steps.map((step) => step.octets))).toEqual(Buffer.from(octets))
  expect(trace.notes.map((note) => note.text)).toEqual([
    'crash: it broke',
    'source: npm run fuzz -- --seed 9, run 5',
  ])
})

test('the command is named in package.json', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8')
  expect(text).toContain('"fuzz": "node test/fuzz/main.ts"')
})
