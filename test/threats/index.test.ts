/** Every threat that the gateway answers for has a test of its number. */

import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const folder = fileURLToPath(new URL('.', import.meta.url))
const files = readdirSync(folder).filter((file) => /^threat-\d+\.test\.ts$/u.test(file))
const numbers = [...Array.from({ length: 42 }, (_, at) => at + 1), 58, 59]

describe('the threats', () => {
  it.each(numbers)('threat %d has tests that carry its number', (number) => {
    const mine = files.filter((file) => Number(/\d+/u.exec(file)?.[0]) === number)
    expect(mine).toHaveLength(1)
    const text = readFileSync(`${folder}${mine[0]}`, 'utf8')
    expect(text).toMatch(new RegExp(`['"\`]threat ${number}: `, 'u'))
    expect(text).toContain('expect(')
  })

  it('have no file of another number', () => {
    expect(
      files.map((file) => Number(/\d+/u.exec(file)?.[0])).filter((number) => !numbers.includes(number)),
    ).toEqual([])
  })
})
