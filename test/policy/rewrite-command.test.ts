import { describe, expect, test } from 'vitest'

import type { Rewrite } from '../../src/config/policy-document.ts'
import { writeCommand } from '../../src/imap/commands/index.ts'
import { rewriteCommand } from '../../src/policy/rewrite-command.ts'
import { textOf } from '../imap/support/wire.ts'
import { command } from './support/mailbox-world.ts'

function rewrite(line: string, how: Rewrite, isReadOnly = false): string {
  const rewritten = rewriteCommand(command(`a ${line}`), how, { isReadOnly })
  if (rewritten.kind === 'answer') return `${rewritten.status} [${rewritten.code}]`
  return textOf(writeCommand(rewritten.command)).slice(2).trimEnd()
}

describe('examine', () => {
  test.each([
    ['SELECT Work', 'EXAMINE Work'],
    ['SELECT "My Work" (QRESYNC (1 2))', 'EXAMINE "My Work" (QRESYNC (1 2))'],
    ['EXAMINE Work', 'EXAMINE Work'],
    ['FETCH 1 BODY[]', 'FETCH 1 BODY[]'],
  ])('makes of %s %s', (line, expected) => expect(rewrite(line, 'examine')).toBe(expected))
})

describe('peek', () => {
  test.each([
    ['FETCH 1 BODY[]', 'FETCH 1 BODY.PEEK[]'],
    [
      'UID FETCH 1:* (UID BODY[1.MIME]<0.10> BODY[TEXT])',
      'UID FETCH 1:* (UID BODY.PEEK[1.MIME]<0.10> BODY.PEEK[TEXT])',
    ],
    ['FETCH 1 BINARY[1.2]<0.5>', 'FETCH 1 BINARY.PEEK[1.2]<0.5>'],
    ['FETCH 1 (BODY BODYSTRUCTURE BINARY.SIZE[1])', 'FETCH 1 (BODY BODYSTRUCTURE BINARY.SIZE[1])'],
    ['FETCH 1 (RFC822.HEADER RFC822.SIZE)', 'FETCH 1 (RFC822.HEADER RFC822.SIZE)'],
    ['FETCH 1 FULL', 'FETCH 1 FULL'],
    [
      'NOTIFY SET (selected (MessageNew (BODY[]) MessageExpunge))',
      'NOTIFY SET (SELECTED (MESSAGENEW (BODY.PEEK[]) MESSAGEEXPUNGE))',
    ],
    ['PARTIAL 1 BODY.PEEK[1] 1 10', 'PARTIAL 1 BODY.PEEK[1] 1 10'],
    ['SELECT Work', 'SELECT Work'],
  ])('makes of %s %s', (line, expected) => expect(rewrite(line, 'peek')).toBe(expected))

  test.each([
    'FETCH 1 RFC822',
    'FETCH 1 (UID RFC822.TEXT)',
    'FETCH 1 (UID XNEW)',
    'PARTIAL 1 RFC822 1 10',
    'PARTIAL 1 BODY[1] 1 10',
    'UID CONVERT 1 ("text/plain") (BINARY[1])',
  ])('%s has no form that does not mark, and goes on only where nothing is marked', (line) => {
    expect(rewrite(line, 'peek')).toBe('NO [CANNOT]')
    expect(rewrite(line, 'peek', true)).not.toContain('CANNOT')
  })

  test.each([false, true])('NOTIFY outlives a mailbox that is read-only: %s', (isReadOnly) => {
    const line = 'NOTIFY SET (selected (MessageNew (RFC822) MessageExpunge))'
    expect(rewrite(line, 'peek', isReadOnly)).toBe('NO [CANNOT]')
  })

  test('asks for no mark in a mailbox that is read-only either', () => {
    expect(rewrite('FETCH 1 (BODY[] RFC822)', 'peek', true)).toBe('FETCH 1 (BODY.PEEK[] RFC822)')
  })
})

describe('strip-id', () => {
  test.each([
    ['ID ("name" "Thing" "version" "1")', 'ID NIL'],
    ['ID NIL', 'ID NIL'],
    ['NOOP', 'NOOP'],
  ])('makes of %s %s', (line, expected) => expect(rewrite(line, 'strip-id')).toBe(expected))
})
