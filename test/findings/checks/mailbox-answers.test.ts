/** How grave it is what a server leaves out of STATUS and NOTIFY; that it is told at all is in the traces. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

import { playFindings } from '../support/play-trace.ts'

const read = (id: string): string =>
  readFileSync(new URL(`../../traces/findings/${id}.trace`, import.meta.url), 'utf8')
const levelsOf = (id: string): string[] => playFindings(read(id)).found.map(({ finding }) => finding.level)

it('knows that 163 answers STATUS by nothing', () => {
  expect(levelsOf('S36-empty')).toEqual(['error'])
  expect(levelsOf('S36-known-noise')).toEqual(['note'])
})

it('takes a missing STATUS of INBOX for an error only where there is an INBOX', () => {
  expect(levelsOf('S45')).toEqual(['warning'])
  expect(levelsOf('S45-known')).toEqual(['error'])
})

it('shows the answer that lacks something', () => {
  const [found] = playFindings(read('S36')).found
  expect(found?.finding.evidence).toEqual([
    'C b STATUS INBOX (MESSAGES UIDNEXT)',
    'S * STATUS INBOX (MESSAGES 3)',
    'S b OK done',
  ])
})
