/** Every check has a trace that raises it and one, alike, that does not; each is played whole and octet by octet. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

import { allChecks } from '../../src/findings/checks/index.ts'
import { playFindings, tell } from './support/play-trace.ts'

const folder = join(import.meta.dirname, '../traces/findings')
const files = readdirSync(folder).filter((file) => file.endsWith('.trace'))
const ids = new Set(allChecks.map(({ id }) => id))

const read = (file: string): string => readFileSync(join(folder, file), 'utf8')

describe('the traces of findings', () => {
  it.each([...ids])('raise %s once, and once do not', (id) => {
    expect(files).toContain(`${id}.trace`)
    expect(files).toContain(`${id}-not.trace`)
  })

  it('belong to a check', () => {
    expect(files.filter((file) => !ids.has(/^([A-Z]\d+)/u.exec(file)?.[1] ?? ''))).toEqual([])
  })

  it.each(files)('%s raises what it says, and nothing else', (file) => {
    const { raises, found } = playFindings(read(file))
    const id = /^([A-Z]\d+)/u.exec(file)?.[1] ?? ''
    expect([...new Set(found.map(({ finding }) => finding.id))].sort(), found.map(tell).join('\n')).toEqual(
      [...raises].sort(),
    )
    expect(raises.includes(id)).toBe(!file.includes('-not'))
  })

  it.each(files)('%s raises the same octet by octet', (file) => {
    const { raises, found } = playFindings(read(file), { chunk: 1 })
    expect([...new Set(found.map(({ finding }) => finding.id))].sort(), found.map(tell).join('\n')).toEqual(
      [...raises].sort(),
    )
  })
})

describe('the registry of checks', () => {
  it('has each id and each name once', () => {
    expect(ids.size).toBe(allChecks.length)
    expect(new Set(allChecks.map(({ name }) => name)).size).toBe(allChecks.length)
  })

  it('has words that can be printed as they are', () => {
    for (const { id, name, title, advice, reference } of allChecks) {
      expect(id).toMatch(/^[A-Z]\d\d$/u)
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/u)
      expect(title, id).toMatch(/^[A-Z`*].{10,140}[^.]$/u)
      expect(advice, id).toMatch(/^[A-Z`].{10,200}\.$/u)
      expect(reference, id).toMatch(/^(?:RFC \d|imaptap practice)/u)
    }
  })
})
