/** The page of findings is what the registry of checks says, and says all of it. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

import { allChecks } from '../../src/findings/checks/index.ts'
import { writeFindingsPage } from '../../src/findings/page.ts'

const page = readFileSync(new URL('../../docs/findings.md', import.meta.url), 'utf8')

it('is up to date: node src/cli/publish-findings.ts', () => {
  expect(page).toBe(writeFindingsPage(allChecks))
})

it('has a row for every check', () => {
  const ids = [...page.matchAll(/^\| ([A-Z]\d\d) /gmu)].map(([, id]) => id)
  expect(new Set(ids)).toEqual(new Set(allChecks.map(({ id }) => id)))
  expect(ids).toHaveLength(allChecks.length)
})
