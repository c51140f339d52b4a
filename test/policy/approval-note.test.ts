/** Whoever has to agree sees what a command is about, however it is written. */

import { describe, expect, it } from 'vitest'

import { noteApproval } from '../../src/policy/approval-note.ts'
import { command } from './support/mailbox-world.ts'

const note = (line: string, ...mailboxes: readonly string[]): string | undefined =>
  noteApproval(command(`a ${line}`), mailboxes)

describe('the note for a person', () => {
  it.each([
    ['STORE 1 +FLAGS (\\Deleted)', ['INBOX'], 'flags \\deleted; about "INBOX"'],
    ['STORE 1 -FLAGS (\\Seen x)', ['INBOX'], 'takes off flags \\seen, x; about "INBOX"'],
    ['STORE 1 FLAGS (x)', ['INBOX'], 'leaves only flags x; about "INBOX"'],
    ['STORE 1 FLAGS ()', ['INBOX'], 'no flags are left; about "INBOX"'],
    ['STORE 1 X-GM-LABELS ()', ['INBOX'], 'no labels are left; about "INBOX"'],
    ['STORE 1 -X-GM-LABELS (\\Inbox Work)', [], 'takes off labels \\Inbox, "Work"'],
    ['MOVE 1 Work', ['INBOX', 'Work'], 'about "INBOX", "Work"'],
    ['COPY 1 INBOX', ['INBOX', 'INBOX'], 'about "INBOX"'],
    ['EXPUNGE', ['INBOX'], 'about "INBOX"'],
    ['NOOP', [], undefined],
  ] as const)('says what the text of the command may not show: %s', (line, mailboxes, words) => {
    expect(note(line, ...mailboxes)).toBe(words)
  })

  it('says what destroys before all that the client put before it', () => {
    const many = 'work project todo later some thing else'
    expect(note(`STORE 7 +FLAGS.SILENT (${many} x \\Seen \\Deleted)`, 'INBOX')).toBe(
      'flags \\deleted, \\seen, work, project and 6 more; about "INBOX"',
    )
    expect(note(`STORE 7 +FLAGS (${many} \\Recent2 \\Flagged \\Answered \\Draft \\Seen \\Deleted)`)).toBe(
      'flags \\deleted, \\draft, \\seen, \\answered, \\flagged and 8 more',
    )
    expect(note(`STORE 7 +X-GM-LABELS (${many} \\Starred \\Trash)`)).toBe(
      'labels \\Trash, \\Starred, "work", "project" and 5 more',
    )
  })

  it('says how far a set goes that is too long to be shown', () => {
    const sevens = '7,'.repeat(145)
    expect(note(`UID MOVE ${sevens}1:* Trash`, 'INBOX', 'Trash')).toBe(
      '146 ranges, up to *; about "INBOX", "Trash"',
    )
    expect(note(`UID EXPUNGE ${sevens}9:4000`, 'INBOX')).toBe('146 ranges, up to 4000; about "INBOX"')
    expect(note('UID EXPUNGE 7,8:90', 'INBOX')).toBe('about "INBOX"')
  })

  it('says which command it is behind a long tag', () => {
    expect(noteApproval(command(`${'a'.repeat(300)} UID EXPUNGE 1:*`), [])).toBe('it is UID EXPUNGE')
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
