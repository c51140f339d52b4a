/** Whoever has to agree sees what a command is about, however it is written. */

import { describe, expect, it } from 'vitest'

import { noteApproval } from '../../src/policy/approval-note.ts'
import { command } from './support/mailbox-world.ts'

const note = (line: string, ...mailboxes: readonly string[]): string | undefined =>
  noteApproval(command(`a ${line}`), mailboxes)

describe('the note for a person', () => {
  it.each([
    ['STORE 1 +FLAGS (\\Deleted)', ['INBOX'], 'about "INBOX"; flags \\deleted'],
    ['MOVE 1 Work', ['INBOX', 'Work'], 'about "INBOX", "Work"'],
    ['COPY 1 INBOX', ['INBOX', 'INBOX'], 'about "INBOX"'],
    ['EXPUNGE', ['INBOX'], 'about "INBOX"'],
    ['NOOP', [], undefined],
  ] as const)('says what the text of the command may not show: %s', (line, mailboxes, words) => {
    expect(note(line, ...mailboxes)).toBe(words)
  })

  it('is not ended by a name, nor is its line', () => {
    expect(note('CREATE x', 'x") S1/1 allow', '\u202ex\n')).toBe(
      'about "x\\") S1/1 allow", "\\\\u{202e}x\\\\x0a"',
    )
  })

  it('is short, whatever is named', () => {
    const names = Array.from({ length: 50 }, (_, at) => `${at}${'x'.repeat(500)}`)
    const words = note('EXPUNGE', ...names) ?? ''
    expect(words).toMatch(/^about "0x+…", "1x+…", "2x+…", "3x+…" and 46 more$/u)
    expect(words.length).toBeLessThan(300)
  })
})
