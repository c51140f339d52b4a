/** How grave it is that capabilities change or ENABLED is missing; that it is told at all is in the traces. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

import { playFindings } from '../support/play-trace.ts'

const read = (id: string): string =>
  readFileSync(new URL(`../../traces/findings/${id}.trace`, import.meta.url), 'utf8')
const levelsOf = (text: string): string[] => playFindings(text).found.map(({ finding }) => finding.level)

it('is an error only where CAPABILITY was asked before and behind ENABLE', () => {
  const asked = read('S32')
  expect(levelsOf(asked)).toEqual(['error'])
  const unasked = asked.replace(/^[CS]: (?:q |\* CAPABILITY IMAP4rev1 IDLE ENABLE CONDSTORE$).*\n?/gmu, '')
  expect(levelsOf(unasked)).toEqual(['warning'])
  expect(levelsOf(read('S32-other-machine'))).toEqual(['warning'])
})

it('shows both announcements', () => {
  const [found] = playFindings(read('S32')).found
  expect(found?.finding.evidence).toEqual([
    'S * CAPABILITY IMAP4rev1 IDLE ENABLE CONDSTORE',
    'C c CAPABILITY',
    'S * CAPABILITY IMAP4rev1 IDLE ENABLE',
  ])
})

it('knows that iCloud leaves ENABLED out', () => {
  expect(levelsOf(read('S33'))).toEqual(['error'])
  expect(levelsOf(`# upstream: imaps://imap.mail.me.com\n${read('S33')}`)).toEqual(['note'])
})
