/** Keeps the screenshots of the README what the dashboard really draws. */

import { expect, it } from 'vitest'
import { readPublished, takeScreenshots } from './support/screenshots.ts'

it('the README shows the dashboard as it is: else run node test/support/screenshots.ts', async () => {
  expect(readPublished()).toBe(await takeScreenshots())
}, 30_000)
