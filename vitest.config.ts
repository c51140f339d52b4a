/** How tests run; two workers, since tests with real servers and clients need the machine too. */

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    pool: 'forks',
    maxWorkers: 2,
    // A forgotten `.only` would hide every other test.
    allowOnly: false,
  },
})
