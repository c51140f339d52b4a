/** A command speaks of mod-sequences by the words of RFC 7162, wherever they stand in it. */

import { describe, expect, it } from 'vitest'

import {
  asksForModSeq,
  asksForVanished,
  modSeqWord,
  unchangedSince,
} from '../../../src/findings/model/mod-sequence-use.ts'
import { readCommand, type Command } from '../../../src/imap/commands/index.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import { lineMessage } from '../../../src/imap/raw-message.ts'

function read(line: string): Command {
  const parsed = readCommand(lineMessage('client', octetsOf(`a ${line}\r\n`)))
  if (!parsed.ok) throw new Error(parsed.fault.text)
  return parsed.value
}

describe('a command that makes a client CONDSTORE-aware', () => {
  it.each([
    'SELECT INBOX (CONDSTORE)',
    'EXAMINE INBOX (QRESYNC (7 60))',
    'STATUS INBOX (MESSAGES HIGHESTMODSEQ)',
    'FETCH 1 (FLAGS MODSEQ)',
    'UID FETCH 1:* FLAGS (CHANGEDSINCE 5)',
    'STORE 1 (UNCHANGEDSINCE 5) +FLAGS (\\Seen)',
    'SEARCH OR SEEN (NOT MODSEQ 5)',
  ])('is %s', (line) => expect(asksForModSeq(read(line))).toBe(true))

  it.each([
    'SELECT INBOX',
    'SELECT INBOX (ANNOTATE)',
    'STATUS INBOX (MESSAGES)',
    'FETCH 1 FLAGS',
    'STORE 1 +FLAGS (\\Seen)',
    'SEARCH SEEN',
    'NOOP',
  ])('is not %s', (line) => expect(asksForModSeq(read(line))).toBe(false))

  it('is none that nobody can read', () => expect(asksForModSeq(undefined)).toBe(false))
})

describe('the words of mod-sequences', () => {
  it('are told by the command', () => {
    expect(modSeqWord(read('UID FETCH 1:* FLAGS (CHANGEDSINCE 5)'))).toBe('CHANGEDSINCE')
    expect(modSeqWord(read('UID STORE 1 (UNCHANGEDSINCE 5) FLAGS ()'))).toBe('UNCHANGEDSINCE')
    expect(modSeqWord(read('SELECT INBOX (CONDSTORE)'))).toBeUndefined()
  })

  it('have a number in a conditional STORE', () => {
    expect(unchangedSince(read('UID STORE 1 (UNCHANGEDSINCE 5) FLAGS ()'))).toBe(5n)
    expect(unchangedSince(read('UID STORE 1 FLAGS ()'))).toBeUndefined()
  })

  it('ask for VANISHED (EARLIER) in two commands', () => {
    expect(asksForVanished(read('SELECT INBOX (QRESYNC (7 60))'))).toBe(true)
    expect(asksForVanished(read('UID FETCH 1:* FLAGS (CHANGEDSINCE 5 VANISHED)'))).toBe(true)
    expect(asksForVanished(read('UID FETCH 1:* FLAGS (CHANGEDSINCE 5)'))).toBe(false)
    expect(asksForVanished(undefined)).toBe(false)
  })
})
