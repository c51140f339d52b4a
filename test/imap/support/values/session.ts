/** Messages about the session itself, and those that bring in mail: LOGIN, status responses, codes, APPEND. */

import * as fc from 'fast-check'
import type { Command } from '../../../../src/imap/commands/index.ts'
import type { AppendMessage } from '../../../../src/imap/append-message.ts'
import { Secret } from '../../../../src/imap/secret.ts'
import type { ResponseCode } from '../../../../src/imap/response-code.ts'
import { bare } from '../../../../src/imap/response-codes/bare.ts'
import { bare as bareCommand } from '../../../../src/imap/commands/bare.ts'
import { copy } from '../../../../src/imap/commands/copy.ts'
import { generic } from '../../../../src/imap/commands/cyrus.ts'
import { bboard, find } from '../../../../src/imap/commands/obsolete.ts'
import type { UntaggedData } from '../../../../src/imap/responses/index.ts'
import {
  anySyntax,
  atom,
  data,
  flag,
  letters,
  modseq,
  named,
  largeNumber,
  number,
  octets,
  printableText,
  sequenceSet as anySequenceSet,
  strangeName,
  syntaxes,
  tag,
  text,
  uid,
} from './base.ts'
import { bodyStructure } from './fetch.ts'

/** NUL stands in literal8 alone, which no string of these commands may be. */
const secret = text.map((value) => new Secret(value))
const sequenceSet = anySequenceSet.map((written) => written.replace(/\b0\b/gu, '1'))
const positive = fc.integer({ min: 1, max: 0xffffffff })
const objectId = letters('abcXYZ019-_', 1, 8)
/** UIDs that a server names: numbers and ranges of them. */
const uidSet = fc
  .array(
    fc.oneof(
      positive.map(String),
      fc.tuple(positive, positive).map((ends) => ends.join(':')),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((ranges) => ranges.join(','))
const url = letters('abcXYZ019;=&/:.%@', 1, 12)
const secretUrl = url.map((value) => new Secret(value))

export const responseCode: fc.Arbitrary<ResponseCode> = fc.oneof(
  fc.record({ name: fc.constantFrom(...bare.names) }),
  fc.record(
    { name: named('BADCHARSET'), charsets: fc.array(atom, { minLength: 1, maxLength: 2 }) },
    { requiredKeys: ['name'] },
  ),
  fc.record({
    name: named('CAPABILITY'),
    capabilities: fc.array(named('IMAP4rev1', 'AUTH=PLAIN', 'LITERAL+'), { minLength: 1 }),
  }),
  fc.record({
    name: named('PERMANENTFLAGS'),
    flags: fc.array(fc.oneof(flag, named('\\*')), { maxLength: 3 }),
  }),
  fc.record({
    name: named('UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'MAXCONVERTMESSAGES', 'MAXCONVERTPARTS'),
    value: positive,
  }),
  fc.record({ name: named('HIGHESTMODSEQ'), modseq: modseq.map((value) => value || 1n) }),
  fc.record({ name: named('MODIFIED', 'DOWNGRADED'), messages: uidSet }),
  fc.record({ name: named('APPENDUID'), uidValidity: positive, uids: uidSet }),
  fc.record({ name: named('COPYUID'), uidValidity: positive, from: uidSet, to: uidSet }),
  fc.record(
    {
      name: named('ANNOTATIONS'),
      size: fc.oneof(positive, named('NONE', 'READ-ONLY')),
      isShared: fc.constant(true as const),
    },
    { requiredKeys: ['name', 'size'] },
  ),
  fc.record({ name: named('ANNOTATE'), problem: named('TOOBIG', 'TOOMANY') }),
  fc.record({ name: named('METADATA'), problem: named('TOOMANY', 'NOPRIVATE') }),
  fc.record({ name: named('METADATA'), problem: named('LONGENTRIES', 'MAXSIZE'), size: largeNumber }),
  fc.record({ name: named('MAILBOXID'), id: objectId }),
  fc.record({
    name: named('OBJECTID'),
    ids: fc.array(fc.record({ kind: named('ACCOUNTID', 'MAILBOXID'), id: objectId }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  fc.record({ name: named('REFERRAL'), urls: fc.array(url, { minLength: 1, maxLength: 2 }) }),
  fc.record({ name: named('BADURL'), url }),
  fc.record({ name: named('WEBALERT'), url: secretUrl }),
  fc.record({
    name: named('URLMECH'),
    mechanisms: fc
      .array(
        fc.record(
          {
            name: named('XSAMPLE', 'X-TWO'),
            data: named('P34O=', 'aGk').map((written) => new Secret<string>(written)),
          },
          { requiredKeys: ['name'] },
        ),
        { maxLength: 2 },
      )
      .map((more) => [{ name: 'INTERNAL' }, ...more]),
  }),
  fc.record({ name: named('NEWNAME'), oldName: text, newName: text }),
  fc.record({ name: named('BADEVENT'), events: fc.array(named('MessageNew', 'X-Event'), { minLength: 1 }) }),
  fc.record({ name: named('NOUPDATE'), tag }),
  fc.record(
    {
      name: named('INPROGRESS'),
      progress: fc.record({
        tag: fc.option(tag, { nil: null }),
        count: fc.option(number, { nil: null }),
        goal: fc.option(positive, { nil: null }),
      }),
    },
    { requiredKeys: ['name'] },
  ),
  fc.record(
    { name: named('MESSAGELIMIT'), limit: positive, uid: positive },
    { requiredKeys: ['name', 'limit'] },
  ),
  fc.record({ name: named('UNDEFINED-FILTER'), filter: objectId }),
  fc.record({ name: named('unknown'), word: strangeName, text: named('', 'a b', '"x" (y z)') }),
)

/** Words for people; a bracket in front would be a code. */
const words = printableText.filter((value) => !/^[ [{]/u.test(value) && !/[ {}]$/u.test(value))
export const responseText = fc.record({ code: responseCode, text: words }, { requiredKeys: ['text'] })

const some = { minLength: 1, maxLength: 2 }
/** Only a literal8 may hold NUL. */
const messageLiteral = fc
  .record({ kind: named('literal'), octets, isBinary: fc.boolean() })
  .filter((literal) => literal.isBinary || !literal.octets.includes(0))
const annotation = fc.record({
  entry: named('/comment', '/altsubject'),
  attributes: fc.array(fc.record({ attribute: named('value.priv', 'value.shared'), value: anySyntax }), some),
})
const appendMessage: fc.Arbitrary<AppendMessage> = fc.record(
  {
    flags: fc.array(flag, { maxLength: 2 }),
    date: fc.constant(' 1-Feb-2025 10:00:00 +0100'),
    options: fc.array(
      fc.oneof(
        fc.record({ name: named('ANNOTATION'), entries: fc.array(annotation, some) }),
        fc.record({ name: named('unknown'), word: strangeName, value: anySyntax }),
      ),
      some,
    ),
    data: fc.oneof(
      messageLiteral,
      fc.record({
        kind: named('utf8'),
        message: fc.record({ kind: named('literal'), octets, isBinary: fc.constant(true) }),
      }),
      fc.record({
        kind: named('catenate'),
        parts: fc.array(
          fc.oneof(
            fc.record({ kind: named('url'), url: text }),
            fc.record({ kind: named('text'), text: messageLiteral }),
            fc.record({ kind: named('unknown'), word: strangeName, value: anySyntax }),
          ),
          some,
        ),
      }),
    ),
  },
  { requiredKeys: ['data'] },
)

/** By family; each is written and read back. */
export const commands: Record<string, fc.Arbitrary<Command>> = {
  bare: fc.record({ tag, name: fc.constantFrom(...bareCommand.names) }),
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
    messages: fc.array(appendMessage, { minLength: 1, maxLength: 3 }),
  }),
  // An unknown word is data only where no other message follows.
  'append extension': fc.record({
    tag,
    name: named('APPEND'),
    mailbox: text,
    messages: fc.tuple(
      fc.record({
        data: fc.record({ kind: named('extension'), word: strangeName, value: anySyntax }),
      }),
    ),
  }),
  replace: fc.record({
    tag,
    name: named('REPLACE'),
    uid,
    replaced: fc.oneof(positive.map(String), named('*')),
    mailbox: text,
    message: appendMessage,
  }),
  copy: fc.record({ tag, name: fc.constantFrom(...copy.names), uid, messages: sequenceSet, mailbox: text }),
  expunge: fc.oneof(
    fc.record({ tag, name: named('EXPUNGE'), uid: fc.constant(false as const) }),
    fc.record({ tag, name: named('EXPUNGE'), uid: fc.constant(true as const), messages: sequenceSet }),
  ),
  compress: fc.record({ tag, name: named('COMPRESS'), algorithm: named('DEFLATE') }),
  'reset key': fc.oneof(
    fc.record({ tag, name: named('RESETKEY'), mechanisms: fc.constant([]) }),
    fc.record({
      tag,
      name: named('RESETKEY'),
      mailbox: text,
      mechanisms: fc.array(named('INTERNAL', 'X-ONE'), { maxLength: 2 }),
    }),
  ),
  'signed URL': fc.record({
    tag,
    name: named('GENURLAUTH'),
    requests: fc.array(fc.record({ url: secret, mechanism: named('INTERNAL') }), some),
  }),
  'URL fetch': fc.record({
    tag,
    name: named('URLFETCH'),
    requests: fc.array(
      fc.record(
        { url: secret, parameters: fc.array(named('BODY', 'BINARY', 'BODYPARTSTRUCTURE'), { maxLength: 2 }) },
        { requiredKeys: ['url'] },
      ),
      some,
    ),
  }),
  'client id': fc.record({ tag, name: named('CLIENTID'), type: text, token: secret }),
  'proxy auth': fc.record({ tag, name: named('PROXYAUTH'), user: text }),
  'Apple push': fc.record({
    tag,
    name: named('XAPPLEPUSHSERVICE'),
    fields: fc.array(
      fc.oneof(
        fc.record({ field: named('aps-version', 'aps-device-token'), value: secret }),
        fc.record({ field: named('mailboxes'), mailboxes: fc.array(text, { maxLength: 2 }) }),
      ),
      some,
    ),
  }),
  partial: fc.record({
    tag,
    name: named('PARTIAL'),
    message: positive,
    item: named('RFC822', 'BODY[1.2]'),
    start: positive,
    octets: positive,
  }),
  find: fc.record({ tag, name: fc.constantFrom(...find.names), pattern: named('*', 'a%', 'with space') }),
  bboard: fc.record({ tag, name: fc.constantFrom(...bboard.names), mailbox: text }),
  xfer: fc.record(
    { tag, name: named('XFER'), mailbox: text, server: text, partition: text },
    { requiredKeys: ['tag', 'name', 'mailbox', 'server'] },
  ),
  xrename: fc.record(
    { tag, name: named('XRENAME'), from: text, to: text, partition: text },
    { requiredKeys: ['tag', 'name', 'from', 'to'] },
  ),
  scan: fc.record({ tag, name: named('SCAN'), reference: text, pattern: named('*', 'a%'), text }),
  Cyrus: fc.oneof(
    fc.record({ tag, name: fc.constantFrom(...generic.names), uid: fc.constant(false), values: syntaxes }),
    fc.record({ tag, name: named('XRUNANNOTATOR'), uid: fc.constant(true), values: syntaxes }),
  ),
  unknown: fc.record({ tag, name: named('unknown'), word: strangeName, arguments: syntaxes }),
}

/** By family; each is written and read back. */
export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  status: fc.record({ name: named('OK', 'NO', 'BAD', 'PREAUTH', 'BYE'), text: responseText }),
  count: fc.oneof(
    fc.record({ name: named('EXISTS', 'RECENT'), count: number }),
    fc.record({ name: named('EXPUNGE'), message: fc.integer({ min: 1, max: 0xffffffff }) }),
  ),
  'signed URL': fc.record({ name: named('GENURLAUTH'), urls: fc.array(secret, some) }),
  'URL fetch': fc.record({
    name: named('URLFETCH'),
    results: fc.array(
      fc.record({
        url: secret,
        content: fc.oneof(
          data,
          fc.array(
            fc.oneof(
              fc.record({ name: named('BODY', 'BINARY'), data }),
              fc.record({ name: named('BODYPARTSTRUCTURE'), structure: bodyStructure }),
              fc.record({ name: named('unknown'), word: strangeName, value: anySyntax }),
            ),
            some,
          ),
        ),
      }),
      some,
    ),
  }),
  'Apple push': fc.record({
    name: named('XAPPLEPUSHSERVICE'),
    fields: fc.array(fc.record({ field: named('aps-version', 'aps-topic'), value: text }), some),
  }),
  vendor: fc.record({ name: named('NETSCAPE', 'DUMP', 'XSTATS'), values: syntaxes }),
  done: fc.record({ name: named('COPY', 'STORE'), message: number, values: syntaxes }),
  found: fc.record({ name: named('MAILBOX', 'BBOARD'), mailbox: text }),
  unknown: fc.record({ name: named('unknown'), word: strangeName, arguments: syntaxes }),
  'unknown with a number': fc.record({
    name: named('unknown'),
    number,
    word: strangeName,
    arguments: syntaxes,
  }),
}
