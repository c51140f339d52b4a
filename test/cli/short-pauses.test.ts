/** The space of young objects stays small once short pauses are asked for; measured in a process of its own. */

import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const MEBIBYTE = 1024 * 1024

test('the space for young objects does not grow, however many of them survive', () => {
  expect(youngOctets('keepPausesShort()')).toBeLessThanOrEqual(4 * MEBIBYTE)
})

test('without it, it does', () => {
  expect(youngOctets('')).toBeGreaterThan(8 * MEBIBYTE)
})

function youngOctets(first: string): number {
  const module = fileURLToPath(new URL('../../src/cli/short-pauses.ts', import.meta.url))
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8'
    import { keepPausesShort } from ${JSON.stringify(module)}
    ${first}
    const kept = []
    for (let at = 0; at < 2_000_000; at++) kept[at % 300_000] = { at, name: [at] }
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')
    process.stdout.write(String(young.space_size))`
  return Number(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }))
}
