/** Every trace, replayed whole, octet by octet and cut in two at every point: what is read never depends on the splits. */

import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { strict, tolerant } from '../../src/imap/cursor.ts'
import { checkExpectations, readHeader, type Replay } from './support/expectation.ts'
import { replay } from './support/replay.ts'
import { readTrace } from '../../src/imap/trace.ts'

const folder = import.meta.dirname
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  // Those of findings are played through a whole session (test/findings/traces.test.ts).
  .filter((name) => name.endsWith('.trace') && !name.startsWith('findings/'))
  .toSorted()

/** Longer traces are cut at this many points, spread evenly: every point of a long one costs its length squared. */
const cuts = 400

describe.each(files)('%s', (file) => {
  const trace = readTrace(readFileSync(join(folder, file), 'utf8'))
  if ('text' in trace) {
    it('is a trace', () => expect(`${relative('.', file)}:${trace.line}: ${trace.text}`).toBe(''))
    return
  }

  it('says what it shows and where it comes from', () => {
    const header = readHeader(trace)
    expect(
      [...header.keys()].filter((key) => !['extension', 'trap', 'crash', 'source'].includes(key)),
    ).toEqual([])
    expect(header.get('source') ?? '', 'wants # source: ...').not.toBe('')
    const shows = header.has('extension') || header.has('trap') || header.has('crash')
    expect(shows, 'wants # extension: NAME, # trap: N or # crash: what happened').toBe(true)
  })

  it('reads as it expects, tolerant and strict', () => {
    checkExpectations(trace, whole(tolerant), whole(strict))
  })

  it.each([
    ['tolerant', tolerant],
    ['strict', strict],
  ])('reads the same in any splits, %s', (_, reading) => {
    const expected = whole(reading)
    expect(replay(trace, reading, everyOctet)).toEqual(expected)
    const total = trace.steps.reduce((sum, { octets }) => sum + octets.length, 0)
    const stride = Math.max(1, Math.ceil(total / cuts))
    for (let at = 1; at < total; at += stride) {
      const cut = replay(trace, reading, (octet) => octet === at)
      // Comparing text costs a tenth; the tree is compared only to show what differs.
      if (JSON.stringify(cut) !== JSON.stringify(expected)) expect(cut, `cut at ${at}`).toEqual(expected)
    }
  })

  function whole(reading: typeof tolerant): Replay {
    if ('text' in trace) throw new Error(trace.text)
    return replay(trace, reading, () => false)
  }
})

const everyOctet = (): boolean => true
