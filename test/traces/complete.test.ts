/** Nothing of what is promised is without a trace: every extension of the list, every trap that peers are known to set. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { extensions } from '../../src/imap/extensions/index.ts'
import { readTrace } from '../../src/imap/trace.ts'
import { readHeader } from './support/expectation.ts'

/** The traps are numbered from 1; each is what real servers or clients get wrong. */
const traps = 94

const headers = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.trace') && !name.startsWith('findings/'))
  .map((name) => readTrace(readFileSync(join(import.meta.dirname, name), 'utf8')))
  .flatMap((trace) => ('text' in trace ? [] : [readHeader(trace)]))

const named = (key: string): readonly string[] =>
  headers.flatMap((header) => (header.get(key) ?? '').split(',')).map((name) => name.trim())

it('every trap has a trace', () => {
  const shown = new Set(named('trap').map(Number))
  const missing = Array.from({ length: traps }, (_, at) => at + 1).filter((trap) => !shown.has(trap))
  expect(missing).toEqual([])
})

it('every extension has a trace', () => {
  const shown = new Set(named('extension'))
  expect(extensions.map(({ name }) => name).filter((name) => !shown.has(name))).toEqual([])
})

it('no trace names an extension or a trap that is not in the lists', () => {
  const names = new Set(extensions.map(({ name }) => name))
  const strange = named('extension').filter((name) => name !== '' && !names.has(name))
  expect([...new Set(strange)]).toEqual([])
  expect(
    named('trap').filter((trap) => trap !== '' && !(Number(trap) >= 1 && Number(trap) <= traps)),
  ).toEqual([])
})
