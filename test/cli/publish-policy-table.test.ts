/** The page that people read is what the profiles do. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { makePolicyPage } from '../../src/cli/publish-policy-table.ts'

it('docs/policy-commands.md is fresh: run node src/cli/publish-policy-table.ts', () => {
  const published = readFileSync(new URL('../../docs/policy-commands.md', import.meta.url), 'utf8')
  expect(published).toBe(makePolicyPage())
}, 60_000)
