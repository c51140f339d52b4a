/** Every command and response that has a form, and some that have none. */

import * as fc from 'fast-check'
import type { Command } from '../../../../src/imap/commands/index.ts'
import type { Response, UntaggedData } from '../../../../src/imap/responses/index.ts'
import { named, tag } from './base.ts'
import * as fetch from './fetch.ts'
import * as mailbox from './mailbox.ts'
import * as search from './search.ts'
import * as session from './session.ts'

export const commands: Record<string, fc.Arbitrary<Command>> = {
  ...fetch.commands,
  ...mailbox.commands,
  ...search.commands,
  ...session.commands,
}

export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  ...fetch.untagged,
  ...mailbox.untagged,
  ...search.untagged,
  ...session.untagged,
}

export const responses: Record<string, fc.Arbitrary<Response>> = {
  tagged: fc.record({
    kind: named('tagged'),
    tag,
    status: named('OK', 'NO', 'BAD'),
    text: session.responseText,
  }),
  continuation: fc.record({ kind: named('continuation'), text: session.responseText }),
  ...Object.fromEntries(
    Object.entries(untagged).map(([family, value]): [string, fc.Arbitrary<Response>] => [
      family,
      fc.record({ kind: named('untagged'), data: value }),
    ]),
  ),
}

/** Anything at all, leaning towards what looks like IMAP. */
export const anyOctets = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => String.fromCharCode(...bytes)),
  fc
    .array(
      fc.constantFrom(
        '* ',
        '+ ',
        'a ',
        '1 ',
        'FETCH ',
        'BODY[',
        ']',
        'ENVELOPE ',
        'BODYSTRUCTURE ',
        'LIST ',
        'STATUS ',
        'OK ',
        '[',
        'COPYUID ',
        '(',
        ')',
        '"',
        '\\',
        ' ',
        'NIL',
        'NIL ',
        '1',
        ':*',
        ',',
        '{3}\r\nabc',
        '~{1}\r\n\0',
        'SEARCH ',
        'NOT ',
        'OR ',
        'UID ',
        'LOGIN ',
        'APPEND ',
        'STORE ',
        'FLAGS',
        '<0>',
        '-1',
        '99999999999999999999',
        '\u00e9',
        '\0',
        'ID ',
        'ESEARCH ',
        'NAMESPACE ',
        '(TAG "a")',
        'MODSEQ ',
      ),
      { maxLength: 24 },
    )
    .map((drawn) => drawn.join('')),
)
