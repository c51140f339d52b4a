/** How grave it is what a server tells of copies; that it is told at all is in the traces. */

import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

import { playFindings } from '../support/play-trace.ts'

const read = (id: string): string =>
  readFileSync(new URL(`../../traces/findings/${id}.trace`, import.meta.url), 'utf8')
const levelsOf = (text: string): string[] => playFindings(text).found.map(({ finding }) => finding.level)

it('takes COPYUID behind EXPUNGE for an error in IMAP4rev2 only', () => {
  const trace = read('S38')
  expect(levelsOf(trace)).toEqual(['warning'])
  const enabled = 'C: r ENABLE IMAP4rev2\nS: * ENABLED IMAP4rev2\nS: r OK done\n'
  const rev2 = trace
    .replaceAll('IMAP4rev1 IDLE', 'IMAP4rev1 IMAP4rev2 IDLE')
    .replace('C: b SELECT', `${enabled}C: b SELECT`)
    .replace('S: * 0 RECENT\n', 'S: * LIST () "/" INBOX\n')
  expect(levelsOf(rev2)).toEqual(['error'])
})

it('shows what went before the code that should have named it', () => {
  const [found] = playFindings(read('S38')).found
  expect(found?.finding.evidence).toEqual([
    'C d UID MOVE 6 Work',
    'S * 2 EXPUNGE',
    'S d OK [COPYUID 9 6 31] done',
  ])
})

it('knows that Exchange sends broken sets', () => {
  expect(levelsOf(read('S37'))).toEqual(['error'])
  expect(levelsOf(`# upstream: imaps://outlook.office365.com\n${read('S37')}`)).toEqual(['warning'])
})

it('takes NONEXISTENT for half of what TRYCREATE says', () => {
  expect(levelsOf(read('S39'))).toEqual(['error'])
  expect(levelsOf(read('S39-nonexistent'))).toEqual(['warning'])
})
