import { describe, expect, it } from 'vitest'

import { Assembler } from '../../src/imap/assembler.ts'
import { Framer } from '../../src/imap/framer.ts'
import { limits } from '../../src/imap/limits.ts'
import { Message } from '../../src/imap/message.ts'
import { latin1, octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { checkEdited } from '../../src/relay/edited.ts'

function read(from: Side, text: string): Message {
  const framer = new Framer(from)
  const assembler = new Assembler(from)
  framer.push(octetsOf(text))
  while (framer.next(from === 'client' ? 'command' : 'response')) assembler.add(framer)
  return new Message(assembler.take(), from === 'client' ? 'command' : 'response')
}

/** What would go on, or why nothing would. */
function edit(from: Side, was: string, is: string): string {
  const checked = checkEdited(read(from, was), octetsOf(is))
  if (!checked.ok) return checked.text
  return checked.message.raw.parts.map(({ octets }) => latin1(octets ?? octetsOf(''))).join('')
}

const append = 'a APPEND Draft (\\Seen) {5}\r\nhello\r\n'

describe('an edited command', () => {
  it.each([
    ['that is as it was', append, append, append],
    ['of one line', 'a NOOP\r\n', 'a SELECT INBOX\r\n', 'a SELECT INBOX\r\n'],
    ['without its line end', 'a NOOP\r\n', 'a CHECK', 'a CHECK\r\n'],
    ['with a bare LF', 'a NOOP\r\n', 'a CHECK\n', 'a CHECK\r\n'],
    [
      'with a shorter literal',
      append,
      append.replace('hello', 'hell'),
      'a APPEND Draft (\\Seen) {4}\r\nhell\r\n',
    ],
    [
      'with a longer literal of several lines',
      append,
      append.replace('hello', 'hello\r\n\r\nyou'),
      'a APPEND Draft (\\Seen) {12}\r\nhello\r\n\r\nyou\r\n',
    ],
    ['with an empty literal', append, append.replace('hello', ''), 'a APPEND Draft (\\Seen) {0}\r\n\r\n'],
    ['with line ends of an editor', append, 'a APPEND Sent {5}\nhello\n', 'a APPEND Sent {5}\r\nhello\r\n'],
    [
      'with a literal that does not wait, where some servers know none,',
      append,
      'a APPEND Sent {5+}\r\nbye\r\n',
      'a APPEND Sent {3}\r\nbye\r\n',
    ],
    [
      'with a binary literal that does not wait',
      'a NOOP\r\n',
      'a APPEND Sent ~{3+}\nbye\n',
      'a APPEND Sent ~{3}\r\nbye\r\n',
    ],
    [
      'with two literals',
      'a APPEND {5}\r\nDraft {3}\r\nabc\r\n',
      'a APPEND {5}\r\nOther one {3}\r\nabcdef\r\n',
      'a APPEND {9}\r\nOther one {6}\r\nabcdef\r\n',
    ],
    [
      'with two literals and line ends of an editor',
      'a APPEND {5}\r\nDraft {3}\r\nabc\r\n',
      'a APPEND {5}\nOther {3}\nabc\n',
      'a APPEND {5}\r\nOther {3}\r\nabc\r\n',
    ],
    [
      'whose count was set right by hand',
      append,
      'a APPEND Draft {3}\r\nabc\r\n',
      'a APPEND Draft {3}\r\nabc\r\n',
    ],
    [
      'that has a literal now',
      'a SELECT INBOX\r\n',
      'a SELECT {5}\r\nDraft\r\n',
      'a SELECT {5}\r\nDraft\r\n',
    ],
    ['that has none any more', append, 'a NOOP', 'a NOOP\r\n'],
  ])('%s goes on', (_, was, is, sent) => {
    expect(edit('client', was, is)).toBe(sent)
  })

  it.each([
    ['another tag', 'a NOOP\r\n', 'b NOOP', 'the tag has to stay: the client waits for it'],
    ['two commands', 'a NOOP\r\n', 'a NOOP\r\nb NOOP', /not one whole message/],
    ['nothing', 'a NOOP\r\n', '', /./],
    ['no arguments where some are due', 'a SELECT x\r\n', 'a SELECT', /./],
    ['a literal that is too short', 'a NOOP\r\n', 'a SELECT {50}\r\nDraft', /not one whole message/],
    ['a change of what follows', 'a NOOP\r\n', 'a IDLE', 'an edited command cannot become IDLE'],
    ['the same backwards', 'a IDLE\r\n', 'a NOOP', 'IDLE cannot become another command'],
    ['another way to end a login', 'a NOOP\r\n', 'a X-UNAUTHENTICATE', /cannot become X-UNAUTHENTICATE/],
    ['another protocol', 'a NOOP\r\n', 'a \\SMAP1 x', /cannot become/],
    ['a CR that some take for a line end', 'a NOOP\r\n', 'a XFOO x\rb DELETE y', /neither NUL nor CR/],
    ['a NUL', 'a SELECT x\r\n', 'a SELECT "x\0y"', /neither NUL nor CR/],
    ['credentials', 'a NOOP\r\n', 'a LOGIN x y', 'an edited command cannot become LOGIN'],
    ['more than is kept', 'a NOOP\r\n', `a ${'x'.repeat(limits.heldOctets)}`, /longer than/],
    [
      'a larger literal than is kept',
      append,
      append.replace('hello', 'x'.repeat(limits.literalKept + 1)),
      /not one whole message/,
    ],
  ])('with %s does not', (_, was, is, why) => {
    const text = edit('client', was, is)
    if (typeof why === 'string') expect(text).toBe(why)
    else expect(text).toMatch(why)
    expect(text).not.toMatch(/\r/)
  })

  it('is checked in linear time, whatever stands in it', () => {
    const many = `a APPEND x${' {1}\r\na'.repeat(limits.literalsKept / 2 - 1)}\r\n`
    expect(edit('client', many, many.replaceAll('\r\na', '\nbc'))).toBe(
      many.replaceAll('{1}\r\na', '{2}\r\nbc'),
    )
    const spaces = `a APPEND x {5${' '.repeat(limits.heldOctets / 2)}\r\nhello\r\n`
    expect(edit('client', append, spaces)).toMatch(/not one whole message/)
  })
})

describe('an edited response', () => {
  it.each([
    ['* 3 EXISTS\r\n', '* 4 EXISTS', '* 4 EXISTS\r\n'],
    ['a OK done\r\n', 'a NO [TRYCREATE] not done\n', 'a NO [TRYCREATE] not done\r\n'],
    [
      '* 1 FETCH (BODY[] {5}\r\nhello UID 4)\r\n',
      '* 1 FETCH (BODY[] {5}\r\nhi UID 4)\r\n',
      '* 1 FETCH (BODY[] {2}\r\nhi UID 4)\r\n',
    ],
  ])('%j may become %j', (was, is, sent) => {
    expect(edit('server', was, is)).toBe(sent)
  })

  it.each([
    ['a OK done\r\n', 'b OK done', /tag has to stay/],
    ['a OK done\r\n', '* OK done', /tag has to stay/],
    ['* 3 EXISTS\r\n', 'a OK done', /untagged/],
    ['* 3 EXISTS\r\n', '+ go', /untagged/],
    ['* 3 EXISTS\r\n', '* 1 FETCH (', /./],
    ['* 3 EXISTS\r\n', '* OK x\r* BYE', /neither NUL nor CR/],
  ])('%j may not become %j', (was, is, why) => {
    expect(edit('server', was, is)).toMatch(why)
  })
})
