import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { genesis, seal } from '../../src/audit/chain.ts'
import { openAuditWriter } from '../../src/audit/open-writer.ts'
import { createTempFolder, type TempFolder } from '../support/temp-folder.ts'
import {
  makeWorld,
  numbered,
  recordsIn,
  verifyFiles,
  verifyText,
  writeAudit,
  write,
} from './support/audits.ts'

let folder: TempFolder
/** The lines of an audit: header, start, ten decisions, stop. */
let lines: string[]
beforeAll(async () => {
  folder = await createTempFolder('verify')
  await writeAudit(folder.join('a'), 10)
  lines = readFileSync(folder.join('a'), 'utf8').split('\n').slice(0, -1)
})
afterAll(() => folder.remove())

const join = (some: readonly string[]): string => some.map((line) => `${line}\n`).join('')
const problemsOf = async (text: string | Buffer): Promise<readonly string[]> =>
  (await verifyText(text)).problems.map(({ where, what }) => `${where} ${what}`)

/** The decision at this line with another effect, its own hash made anew. */
function forge(at: number): string {
  const previous: unknown = JSON.parse(lines[at - 1] ?? '')
  const { seq, hash } = previous as { seq: number; hash: string } // A record of ours.
  return seal({ seq, hash }, numbered(666)).line.slice(0, -1)
}

describe('a sound audit', () => {
  it('is found sound, and counted', async () => {
    const verdict = await verifyText(join(lines))
    expect(verdict).toMatchObject({ problems: [], notes: [], records: 13, last: { seq: 13 } })
    expect(Object.fromEntries(verdict.counts)).toEqual({
      header: 1,
      start: 1,
      decision: 10,
      'decision allow': 10,
      stop: 1,
    })
  })

  it('of a process that was killed is sound, and it is said', async () => {
    const verdict = await verifyText(join(lines.slice(0, -1)))
    expect(verdict.problems).toEqual([])
    expect(verdict.notes).toEqual([expect.stringContaining('killed, or still runs')])
  })
})

describe('it is seen', () => {
  it('that one octet was altered, wherever it is', async () => {
    const whole = Buffer.from(join(lines))
    for (let at = 0; at < whole.length; at += 3) {
      const changed = Buffer.from(whole)
      changed[at] = (changed[at] ?? 0) ^ 0x02
      expect((await verifyText(changed)).problems, `octet ${at}`).toHaveLength(1)
    }
  })

  it('which line was altered', async () => {
    const altered = lines.map((line, at) => (at === 5 ? line.replace('"allow"', '"denyy"') : line))
    expect(await problemsOf(join(altered))).toEqual(['a:6 altered'])
  })

  it('that a line was altered and its hash made anew: the next does not go on behind it', async () => {
    const altered = lines.map((line, at) => (at === 5 ? forge(5) : line))
    expect(await problemsOf(join(altered))).toEqual(['a:7 altered'])
  })

  it.each([1, 5, 11])('that line %i was removed', async (at) => {
    const verdict = await verifyText(join(lines.toSpliced(at, 1)))
    expect(verdict.problems).toMatchObject([{ where: `a:${at + 1}`, what: 'removed' }])
  })

  it('how many were removed', async () => {
    const { problems } = await verifyText(join(lines.toSpliced(4, 3)))
    expect(problems[0]?.text).toBe('records 5 to 7 are missing: 3 records were removed')
  })

  it('that the beginning was removed', async () => {
    expect(await problemsOf(join(lines.slice(1)))).toEqual(['a:1 removed'])
    expect(await problemsOf('')).toEqual(['a removed'])
  })

  it('that a line was inserted, whether or not its hash is right', async () => {
    expect(await problemsOf(join(lines.toSpliced(5, 0, forge(5))))).toEqual(['a:7 inserted'])
    expect(await problemsOf(join(lines.toSpliced(5, 0, lines[3] ?? '')))).toEqual(['a:6 inserted'])
    expect(await problemsOf(join(lines.toSpliced(5, 0, 'hello')))).toEqual(['a:6 foreign'])
  })

  it('that two lines changed places', async () => {
    const swapped = lines.toSpliced(4, 2, lines[5] ?? '', lines[4] ?? '')
    expect(await problemsOf(join(swapped))).toEqual(['a:5 removed'])
  })

  it('that the last line is torn, cut anywhere, and what is before it is sound', async () => {
    const whole = join(lines)
    const start = whole.length - (lines.at(-1)?.length ?? 0) - 1
    for (let at = start + 1; at < whole.length; at++) {
      const verdict = await verifyText(whole.slice(0, at))
      expect(verdict).toMatchObject({ problems: [{ where: 'a:13', what: 'torn' }], records: 12 })
    }
  })

  it('that a file is no audit', async () => {
    expect(await problemsOf('From: ann\r\n\r\nhello\n')).toEqual(['a:1 foreign'])
    expect(await problemsOf('hello')).toEqual(['a:1 foreign'])
    expect(await problemsOf(Buffer.alloc(3_000_000, 'x'))).toEqual(['a:1 foreign'])
    const later = seal(genesis, `"time":"t","kind":"header","imaptap":"audit","version":2,"chain":"ab"`)
    expect(await problemsOf(later.line)).toEqual(['a:1 version'])
  })
})

it('what was removed from the end is not seen, unless a later hash was noted elsewhere', async () => {
  const cut = join(lines.slice(0, 8))
  const [noted, last] = [recordsIn(folder.join('a'))[7]?.['hash'], recordsIn(folder.join('a'))[9]?.['hash']]
  expect(await verifyText(cut)).toMatchObject({ problems: [] })
  expect(await verifyText(cut, String(last))).toMatchObject({ problems: [{ what: 'unexpected' }] })
  expect(await verifyText(cut, String(noted))).toMatchObject({
    problems: [],
    noted: { seq: 8, following: 0 },
  })
  expect(await verifyText(join(lines), String(noted))).toMatchObject({
    problems: [],
    noted: { following: 5 },
  })
})

describe('several files', () => {
  const names = ['b.1', 'b.2', 'b.3']
  const paths = (...some: string[]): readonly string[] => some.map((name) => folder.join(name))
  beforeAll(async () => {
    const writer = await openAuditWriter(folder.join('b'), makeWorld())
    for (const [n, name] of names.entries()) {
      await write(writer, n)
      renameSync(folder.join('b'), folder.join(name))
      await writer.reopen()
    }
    await writer.close()
  })

  it('are one chain, in whatever order they are named', async () => {
    const verdict = await verifyFiles(paths('b', 'b.3', 'b.1', 'b.2'))
    expect(verdict).toMatchObject({ problems: [], notes: [] })
    expect(verdict.files.map(({ name }) => name)).toEqual(paths('b.1', 'b.2', 'b.3', 'b'))
  })

  it('of which one is missing show it', async () => {
    const { problems } = await verifyFiles(paths('b.1', 'b.3', 'b'))
    expect(problems).toMatchObject([{ where: `${folder.join('b.3')}:1`, what: 'removed' }])
    expect(problems[0]?.text).toMatch(/records 4 to 5 are missing/u)
  })

  it('of which the first is missing name the hash that it has to end with', async () => {
    const { problems, notes } = await verifyFiles(paths('b.2', 'b.3', 'b'))
    expect(problems).toEqual([])
    expect(notes[0]).toContain(`record 3, hash ${String(recordsIn(folder.join('b.1')).at(-1)?.['hash'])}`)
  })

  it('of which one was cut at its end show it', async () => {
    const text = readFileSync(folder.join('b.1'), 'utf8').split('\n').slice(0, -2)
    writeFileSync(folder.join('cut'), join(text))
    expect((await verifyFiles(paths('cut', 'b.2', 'b.3', 'b'))).problems).toMatchObject([{ what: 'removed' }])
  })

  it('named twice are not taken for more than they are', async () => {
    expect((await verifyFiles(paths('b.1', 'b.1'))).problems).toMatchObject([{ what: 'inserted' }])
  })

  it('of two chains are said to be two', async () => {
    const { problems, notes } = await verifyFiles(paths('a', 'b.1'))
    expect(problems).toEqual([])
    expect(notes).toEqual(expect.arrayContaining([expect.stringContaining('a chain of its own')]))
  })
})
