/** The page that people read is the list that the code holds. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { extensions } from '../../../src/imap/extensions/index.ts'
import { writePage } from '../../../src/imap/extensions/page.ts'

it('docs/extensions.md is fresh: run node src/cli/publish-extensions.ts', () => {
  const published = readFileSync(new URL('../../../docs/extensions.md', import.meta.url), 'utf8')
  expect(published).toBe(writePage(extensions))
})

it('a row says what is read by registry, and what is done', () => {
  const page = writePage([
    {
      name: 'CONDSTORE',
      aliases: ['X-COND'],
      source: 'RFC 7162',
      reads: { 'fetch item': ['MODSEQ'], code: ['HIGHESTMODSEQ', 'NOMODSEQ'] },
      alsoReads: 'a | b',
      proxy: 'Passes as it is.',
    },
    { name: 'CHILDREN', source: 'RFC 3348', reads: {}, proxy: 'Passes as it is.' },
  ])
  expect(page.split('\n').slice(-3)).toEqual([
    '| `CONDSTORE`, `X-COND` | RFC 7162 | response codes `HIGHESTMODSEQ` `NOMODSEQ`; FETCH gives `MODSEQ`; a \\| b | Passes as it is. |',
    '| `CHILDREN` | RFC 3348 | its name | Passes as it is. |',
    '',
  ])
})
