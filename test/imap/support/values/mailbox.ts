/** Messages about mailboxes and accounts: SELECT, LIST, STATUS, rights, quota, annotations. */

import * as fc from 'fast-check'
import type { Command } from '../../../../src/imap/commands/index.ts'
import type { ListOption } from '../../../../src/imap/list-option.ts'
import type { UntaggedData } from '../../../../src/imap/responses/index.ts'
import type { ListExtension } from '../../../../src/imap/responses/list.ts'
import type { StatusItem } from '../../../../src/imap/responses/mailbox-status.ts'
import {
  atom,
  flag,
  idParameters,
  modseq,
  named,
  nstring,
  number,
  strangeName,
  anySyntax as syntax,
  syntaxes,
  tag,
  text,
} from './base.ts'

const listOption: fc.Arbitrary<ListOption> = fc.oneof(
  fc.record({
    name: fc.constant('word' as const),
    word: fc.constantFrom('SUBSCRIBED', 'CHILDREN', 'SPECIAL-USE'),
  }),
  fc.record({
    name: fc.constant('STATUS' as const),
    items: fc.array(fc.constantFrom('MESSAGES', 'UIDNEXT', 'X-NEW')),
  }),
  fc.record({ name: fc.constant('unknown' as const), word: strangeName, arguments: syntaxes }),
)

const statusItem: fc.Arbitrary<StatusItem> = fc.oneof(
  fc.record({
    name: named('MESSAGES', 'RECENT', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'DELETED', 'SIZE'),
    value: number,
  }),
  fc.record({ name: named('HIGHESTMODSEQ'), modseq }),
  fc.record({ name: named('unknown'), word: strangeName, value: syntax }),
)

const listExtension: fc.Arbitrary<ListExtension> = fc.oneof(
  fc.record({ name: named('CHILDINFO'), options: fc.array(named('SUBSCRIBED', 'X y')) }),
  fc.record({ name: named('OLDNAME'), mailbox: text }),
  fc.record({ name: named('unknown'), word: strangeName, value: syntax }),
)
const namespaces = fc.option(
  fc.array(
    fc.record({
      prefix: text,
      delimiter: nstring,
      extensions: fc.array(fc.record({ word: text, values: fc.array(text, { maxLength: 2 }) }), {
        maxLength: 2,
      }),
    }),
    { maxLength: 2 },
  ),
  { nil: null },
)

/** By family; each is written and read back. */
export const commands: Record<string, fc.Arbitrary<Command>> = {
  select: fc.record(
    { tag, name: named('SELECT', 'EXAMINE'), mailbox: text, parameters: syntaxes },
    { requiredKeys: ['tag', 'name', 'mailbox'] },
  ),
  create: fc.record(
    { tag, name: named('CREATE'), mailbox: text, parameters: syntaxes },
    { requiredKeys: ['tag', 'name', 'mailbox'] },
  ),
  'mailbox name': fc.record({ tag, name: named('DELETE', 'SUBSCRIBE', 'UNSUBSCRIBE'), mailbox: text }),
  rename: fc.record(
    { tag, name: named('RENAME'), from: text, to: text, parameters: syntaxes },
    { requiredKeys: ['tag', 'name', 'from', 'to'] },
  ),
  list: fc.record(
    {
      tag,
      name: named('LIST', 'LSUB'),
      selection: fc.array(listOption, { maxLength: 2 }),
      reference: text,
      patterns: fc.array(fc.oneof(text, named('%', 'INBOX/*')), { minLength: 1, maxLength: 3 }),
      returns: fc.array(listOption, { maxLength: 3 }),
    },
    { requiredKeys: ['tag', 'name', 'reference', 'patterns'] },
  ),
  status: fc.record({
    tag,
    name: named('STATUS'),
    mailbox: text,
    items: fc.array(named('MESSAGES', 'SIZE', 'X-NEW')),
  }),
  enable: fc.record({
    tag,
    name: named('ENABLE'),
    capabilities: fc.array(atom, { minLength: 1, maxLength: 3 }),
  }),
  id: fc.record({
    tag,
    name: named('ID'),
    parameters: fc.option(fc.array(fc.record({ field: text, value: nstring }), { maxLength: 3 }), {
      nil: null,
    }),
  }),
}

/** By family; each is written and read back. */
export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  capability: fc.record({
    name: named('CAPABILITY', 'ENABLED'),
    capabilities: fc.array(atom, { maxLength: 4 }),
  }),
  flags: fc.record({ name: named('FLAGS'), flags: fc.array(flag, { maxLength: 4 }) }),
  list: fc.record(
    {
      name: named('LIST', 'LSUB'),
      attributes: fc.array(flag, { maxLength: 3 }),
      delimiter: fc.option(named('/', '.', '\\', '"'), { nil: null }),
      mailbox: text,
      extensions: fc.array(listExtension, { maxLength: 2 }),
    },
    { requiredKeys: ['name', 'attributes', 'delimiter', 'mailbox'] },
  ),
  'mailbox status': fc.record({
    name: named('STATUS'),
    mailbox: text,
    items: fc.array(statusItem, { maxLength: 4 }),
  }),
  namespace: fc.record({
    name: named('NAMESPACE'),
    personal: namespaces,
    others: namespaces,
    shared: namespaces,
  }),
  id: fc.record({ name: named('ID'), parameters: idParameters }),
}
