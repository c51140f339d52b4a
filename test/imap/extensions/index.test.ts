/** The list of extensions and the registries of words say the same. */

import { describe, expect, it, test } from 'vitest'
import { appendDataNames } from '../../../src/imap/append-message.ts'
import { commandNames } from '../../../src/imap/commands/index.ts'
import { esearchItemNames } from '../../../src/imap/esearch-item.ts'
import { extensions, type Registry } from '../../../src/imap/extensions/index.ts'
import { fetchAttributeNames } from '../../../src/imap/fetch-attribute.ts'
import { fetchItemNames } from '../../../src/imap/fetch-item.ts'
import { fetchModifierNames } from '../../../src/imap/fetch-modifier.ts'
import { listOptionNames } from '../../../src/imap/list-option.ts'
import { createParameterNames, selectParameterNames } from '../../../src/imap/mailbox-parameter.ts'
import { codeNames } from '../../../src/imap/response-code.ts'
import { untaggedNames } from '../../../src/imap/responses/index.ts'
import { listDataNames } from '../../../src/imap/responses/list.ts'
import { returnOptionNames } from '../../../src/imap/return-option.ts'
import { searchKeyNames } from '../../../src/imap/search-key.ts'
import { sortKeyNames } from '../../../src/imap/sort-key.ts'
import { statusItemNames } from '../../../src/imap/status-item.ts'
import { storeItemNames, storeModifierNames } from '../../../src/imap/store-item.ts'

const registries: Record<Registry, ReadonlySet<string>> = {
  command: commandNames,
  untagged: untaggedNames,
  code: codeNames,
  'fetch attribute': fetchAttributeNames,
  'fetch item': fetchItemNames,
  'fetch modifier': fetchModifierNames,
  'store item': storeItemNames,
  'store modifier': storeModifierNames,
  'status item': statusItemNames,
  'select parameter': selectParameterNames,
  'create parameter': createParameterNames,
  'list option': listOptionNames,
  'list data': listDataNames,
  'search key': searchKeyNames,
  'return option': returnOptionNames,
  'esearch item': esearchItemNames,
  'sort key': sortKeyNames,
  'append data': appendDataNames,
}

// The list of keys is the compiler's, and complete.
describe.each(Object.keys(registries) as Registry[])('the registry %s', (registry) => {
  const claimed = new Set(extensions.flatMap(({ reads }) => reads[registry] ?? []))

  it('knows every word that a row says is read', () => {
    expect([...claimed].filter((word) => !registries[registry].has(word)).toSorted()).toEqual([])
  })

  it('knows no word that no row claims', () => {
    expect([...registries[registry]].filter((word) => !claimed.has(word)).toSorted()).toEqual([])
  })
})

test('no two rows have the same name', () => {
  const names = extensions.flatMap(({ name, aliases = [] }) => [name, ...aliases])
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

test('each row says where it comes from and what the proxy does, in a sentence', () => {
  for (const { name, source, proxy } of extensions) {
    expect(source, name).not.toBe('')
    expect(proxy, name).toMatch(/^\S.{5,}\S$/u)
  }
})
