import { describe, expect, it } from 'vitest'

import { readCommand } from '../../../src/imap/commands/index.ts'
import { readResponse } from '../../../src/imap/responses/index.ts'
import { asksForContent, bringsContent } from '../../../src/policy/ledger.ts'
import { client, server } from '../../imap/support/wire.ts'

function asks(line: string): boolean {
  const command = readCommand(client(`a ${line}`))
  if (!command.ok) throw new Error(`unreadable: ${line}`)
  return asksForContent(command.value)
}

function brings(line: string): boolean {
  const response = readResponse(server(`* ${line}`))
  if (!response.ok || response.value.kind !== 'untagged') throw new Error(`unreadable: ${line}`)
  return bringsContent(response.value.data)
}

describe('the content of a message', () => {
  it.each([
    'FETCH 1 BODY[]',
    'FETCH 1 (FLAGS BODY.PEEK[1])',
    'UID FETCH 1 BODY.PEEK[TEXT]<0.10>',
    'FETCH 1 BODY[1.2.TEXT]',
    'FETCH 1 RFC822',
    'FETCH 1 RFC822.TEXT',
    'FETCH 1 RFC822.PEEK',
    'FETCH 1 BINARY.PEEK[1]',
    'FETCH 1 (FLAGS X-BODY-OF-A-NEW-KIND)',
    'CONVERT 1 ("text/plain" ("charset" "utf-8")) BINARY[1]',
    'URLFETCH imap://h/INBOX/;uid=1;urlauth=anonymous:internal:01234567890123456789012345678901',
    'PARTIAL 1 RFC822 1 100',
    'XNEW 1',
  ])('is asked for by %s', (line) => {
    expect(asks(line)).toBe(true)
  })

  it.each([
    'FETCH 1:* ALL',
    'FETCH 1:* FULL',
    'FETCH 1 (UID FLAGS ENVELOPE BODY BODYSTRUCTURE RFC822.SIZE PREVIEW)',
    'FETCH 1 RFC822.HEADER',
    'FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]',
    'FETCH 1 (BODY[HEADER] BODY[1.MIME] BODY[2.HEADER.FIELDS.NOT (TO)])',
    'FETCH 1 BINARY.SIZE[1]',
    'NOOP',
    'SEARCH TEXT secret',
    'STORE 1 FLAGS (\\Seen)',
  ])('is not asked for by %s', (line) => {
    expect(asks(line)).toBe(false)
  })

  it.each([
    '1 FETCH (BODY[] "text")',
    '1 FETCH (UID 3 BODY[1]<10> "text")',
    '1 FETCH (FLAGS () RFC822.TEXT "text")',
    '1 FETCH (RFC822 "text")',
    '1 FETCH (BINARY[1] "text")',
    '1 FETCH (X-BODY-OF-A-NEW-KIND "text")',
    '9 UIDFETCH (BODY[TEXT] "text")',
    'URLFETCH "imap://h/x" "text"',
  ])('comes with %s', (line) => {
    expect(brings(line)).toBe(true)
  })

  it.each([
    '1 FETCH (FLAGS (\\Seen) UID 3)',
    '1 FETCH (ENVELOPE (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL))',
    '1 FETCH (BODY[HEADER.FIELDS (SUBJECT)] "Subject: x")',
    '1 FETCH (RFC822.HEADER "Subject: x")',
    '1 FETCH (BODY[] NIL)',
    '1 FETCH (PREVIEW "Dear")',
    'SEARCH 1 2 3',
    '3 EXISTS',
  ])('does not come with %s', (line) => {
    expect(brings(line)).toBe(false)
  })
})
