import { expect, test } from 'vitest'
import { readCommand, writeCommand } from '../../../src/imap/commands/index.ts'
import { client, textOf } from '../support/wire.ts'

const rewritten = (line: string): string => {
  const command = readCommand(client(line))
  if (!command.ok) throw new Error(command.fault.rule)
  return textOf(writeCommand(command.value)).trimEnd()
}

test.each([
  'a FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])',
  'a FETCH 1 FULL',
  'a UID FETCH $ (BODY.PEEK[1.2.MIME]<0.1024> BINARY.PEEK[1] BINARY.SIZE[2])',
  'a FETCH 1 (FLAGS MODSEQ) (CHANGEDSINCE 12345 VANISHED)',
  'a FETCH 1 (PREVIEW (LAZY) X-GM-MSGID)',
  'a FETCH 1 (FAST FLAGS FLAGS)',
  'a FETCH 1 BODY[]',
])('%s is written as it was read', (line) => {
  expect(rewritten(line)).toBe(line)
})

test.each([
  ['a store 1 +flags.silent \\Seen $Work', 'a STORE 1 +FLAGS.SILENT (\\Seen $Work)'],
  ['a STORE 1 (UNCHANGEDSINCE 5) FLAGS ()', 'a STORE 1 (UNCHANGEDSINCE 5) FLAGS ()'],
  ['a UID STORE 1 -X-GM-LABELS (foo "b c")', 'a UID STORE 1 -X-GM-LABELS (foo "b c")'],
  ['a UID EXPUNGE 3:*', 'a UID EXPUNGE 3:*'],
  ['a MOVE 1:2 "Sent Items"', 'a MOVE 1:2 "Sent Items"'],
])('%s becomes %s', (line, expected) => {
  expect(rewritten(line)).toBe(expected)
})
