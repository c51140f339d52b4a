/** Looks through search keys, in whatever they are wrapped (RFC 9051 section 6.4.4, RFC 6203); knows no capability. */

import type { SearchKey } from '../../imap/search-key.ts'

/** Whether one of them is so; their depth has a limit where they are read. */
export function someKey(keys: readonly SearchKey[], isSo: (key: SearchKey) => boolean): boolean {
  return keys.some((key) => isSo(key) || someKey(keysWithin(key), isSo))
}

function keysWithin(key: SearchKey): readonly SearchKey[] {
  switch (key.key) {
    case 'and':
      return key.keys
    case 'OR':
      return [key.left, key.right]
    case 'NOT':
    case 'FUZZY':
    case 'INTHREAD':
      return [key.operand]
    default:
      return none
  }
}

const none: readonly SearchKey[] = []

/** Message numbers, whose meaning an EXPUNGE changes; `$` is a saved result. */
export const isNumbered = (key: SearchKey): boolean => key.key === 'messages' && key.set !== '$'
