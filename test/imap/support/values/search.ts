/** Messages that look for messages: SEARCH and its family. */

import * as fc from 'fast-check'
import type { Command } from '../../../../src/imap/commands/index.ts'
import type { EsearchItem } from '../../../../src/imap/responses/esearch.ts'
import type { UntaggedData } from '../../../../src/imap/responses/index.ts'
import type { ReturnOption } from '../../../../src/imap/return-option.ts'
import type { SearchKey } from '../../../../src/imap/search-key.ts'
import {
  modseq,
  named,
  number,
  sequenceSet,
  strangeName,
  anySyntax as syntax,
  tag,
  text,
  uid,
} from './base.ts'

const returnOption: fc.Arbitrary<ReturnOption> = fc.oneof(
  fc.record({
    name: fc.constantFrom('MIN' as const, 'MAX' as const, 'ALL' as const, 'COUNT' as const, 'SAVE' as const),
  }),
  fc.record({ name: fc.constant('unknown' as const), word: strangeName }),
  fc.record({
    name: fc.constant('unknown' as const),
    word: fc.constant('PARTIAL'),
    value: fc.constant({ kind: 'atom' as const, text: '-1:-30' }),
  }),
)

const { key: searchKey } = fc.letrec<{ key: SearchKey }>((tie) => ({
  key: fc.oneof(
    { depthSize: 'small' },
    fc.record({
      key: fc.constantFrom('ALL' as const, 'SEEN' as const, 'UNDRAFT' as const, 'RECENT' as const),
    }),
    fc.record({ key: fc.constantFrom('FROM' as const, 'SUBJECT' as const, 'KEYWORD' as const), value: text }),
    fc.record({ key: fc.constantFrom('SINCE' as const, 'SENTON' as const), date: fc.constant('1-Feb-2025') }),
    fc.record({ key: fc.constantFrom('LARGER' as const, 'SMALLER' as const), size: number }),
    fc.record({ key: fc.constant('HEADER' as const), field: text, value: text }),
    fc.record({ key: fc.constantFrom('UID' as const, 'messages' as const), set: sequenceSet }),
    fc.record({ key: fc.constant('NOT' as const), operand: tie('key') }),
    fc.record({ key: fc.constant('OR' as const), left: tie('key'), right: tie('key') }),
    fc.record({
      key: fc.constant('and' as const),
      keys: fc.array(tie('key'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}))

const esearchItem: fc.Arbitrary<EsearchItem> = fc.oneof(
  fc.record({ name: named('MIN', 'MAX', 'COUNT'), value: number }),
  fc.record({ name: named('ALL'), messages: sequenceSet }),
  fc.record({ name: named('MODSEQ'), modseq }),
  fc.record({ name: named('unknown'), word: strangeName, value: syntax }),
)

/** By family; each is written and read back. */
export const commands: Record<string, fc.Arbitrary<Command>> = {
  search: fc.record(
    {
      tag,
      name: named('SEARCH'),
      uid,
      returns: fc.array(returnOption, { maxLength: 3 }),
      charset: named('UTF-8', 'X y'),
      keys: fc.array(searchKey, { minLength: 1, maxLength: 3 }),
    },
    { requiredKeys: ['tag', 'name', 'uid', 'keys'] },
  ),
}

/** By family; each is written and read back. */
export const untagged: Record<string, fc.Arbitrary<UntaggedData>> = {
  search: fc.record(
    { name: named('SEARCH'), numbers: fc.array(number), modseq },
    { requiredKeys: ['name', 'numbers'] },
  ),
  esearch: fc.record(
    { name: named('ESEARCH'), tag: text, uid, items: fc.array(esearchItem, { maxLength: 4 }) },
    { requiredKeys: ['name', 'uid', 'items'] },
  ),
}
