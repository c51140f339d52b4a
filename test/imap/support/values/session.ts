/** Messages about the session itself, and those that bring in mail: LOGIN, status responses, codes, APPEND. */

import * as fc from 'fast-check'
import type { Command } from '../../../../src/imap/commands/index.ts'
import { Secret } from '../../../../src/imap/secret.ts'
import type { ResponseCode } from '../../../../src/imap/response-code.ts'
import type { UntaggedData } from '../../../../src/imap/responses/index.ts'
import {
  atom,
  flag,
  modseq,
  named,
  number,
  octets,
  printableText,
  secret,
  sequenceSet,
  strangeName,
  syntaxes,
  tag,
  text,
  uid,
} from './base.ts'

export const responseCode: fc.Arbitrary<ResponseCode> = fc.oneof(
  fc.record({
    name: named('ALERT', 'READ-ONLY', 'TRYCREATE', 'CLOSED', 'UNAVAILABLE', 'HASCHILDREN', 'NOMODSEQ'),
  }),
  fc.record(
    { name: named('BADCHARSET'), charsets: fc.array(atom, { maxLength: 2 }) },
    { requiredKeys: ['name'] },
  ),
  fc.record({
    name: named('CAPABILITY'),
    capabilities: fc.array(named('IMAP4rev1', 'AUTH=PLAIN', 'LITERAL+')),
  }),
  fc.record({
    name: named('PERMANENTFLAGS'),
    flags: fc.array(fc.oneof(flag, named('\\*')), { maxLength: 3 }),
  }),
  fc.record({ name: named('UIDNEXT', 'UIDVALIDITY', 'UNSEEN'), value: number }),
  fc.record({ name: named('HIGHESTMODSEQ'), modseq }),
  fc.record({ name: named('MODIFIED'), messages: sequenceSet }),
  fc.record({ name: named('APPENDUID'), uidValidity: number, uids: sequenceSet }),
  fc.record({ name: named('COPYUID'), uidValidity: number, from: sequenceSet, to: sequenceSet }),
  fc.record({ name: named('unknown'), word: strangeName, text: named('', 'a b', '"x]y" (z)') }),
)

/** Words for people; a bracket in front would be a code. */
const words = printableText.filter((value) => !/^[ [{]/u.test(value) && !/[ {}]$/u.test(value))
export const responseText = fc.record({ code: responseCode, text: words }, { requiredKeys: ['text'] })

/** By family; each is written and read back. */
export const commands: Record<string, fc.Arbitrary<Command>> = {
  bare: fc.record({
    tag,
    name: named(
      'CAPABILITY',
      'NOOP',
      'LOGOUT',
      'STARTTLS',
      'CHECK',
      'CLOSE',
      'UNSELECT',
      'IDLE',
      'NAMESPACE',
      'UNAUTHENTICATE',
    ),
  }),
  login: fc.record({ tag, name: named('LOGIN'), user: text, password: secret }),
  authenticate: fc.record(
    {
      tag,
      name: named('AUTHENTICATE'),
      mechanism: named('PLAIN', 'SCRAM-SHA-256'),
      initialResponse: named('=', 'AGEAYg==').map((value) => new Secret<string>(value)),
    },
    { requiredKeys: ['tag', 'name', 'mechanism'] },
  ),
  append: fc.record({
    tag,
    name: named('APPEND'),
    mailbox: text,
    messages: fc.array(
      fc.record(
        {
          flags: fc.array(flag, { maxLength: 2 }),
          date: fc.constant(' 1-Feb-2025 10:00:00 +0100'),
          data: fc.oneof(
            fc.record({ kind: named('literal'), octets, isBinary: fc.boolean() }),
            fc.record({
              kind: named('extension'),
              word: named('CATENATE', 'UTF8'),
              value: fc.record({ kind: named('list'), items: syntaxes }),
            }),
          ),
        },
        { requiredKeys: ['data'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
  copy: fc.record({ tag, name: named('COPY', 'MOVE'), uid, messages: sequenceSet, mailbox: text }),
  expunge: fc.oneof(
    fc.record({ tag, name: named('EXPUNGE'), uid: fc.constant(false as const) }),
    fc.record({ tag, name: named('EXPUNGE'), uid: fc.constant(true as const), messages: sequenceSet }),
  ),
  compress: fc.record({ tag, name: named('COMPRESS'), algorithm: named('DEFLATE') }),
  unknown: fc.record({ tag, name: named('unknown'), word: strangeName, arguments: syntaxes }),
}

/** By family; each is written and read back. */
export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  status: fc.record({ name: named('OK', 'NO', 'BAD', 'PREAUTH', 'BYE'), text: responseText }),
  count: fc.oneof(
    fc.record({ name: named('EXISTS', 'RECENT'), count: number }),
    fc.record({ name: named('EXPUNGE'), message: number }),
  ),
  unknown: fc.record({ name: named('unknown'), word: strangeName, arguments: syntaxes }),
  'unknown with a number': fc.record({
    name: named('unknown'),
    number,
    word: strangeName,
    arguments: syntaxes,
  }),
}
