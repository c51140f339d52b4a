/** Hidden names among search keys: what only they could match is asked of a mailbox that does not exist; knows no command. */

import type { SearchKey } from '../../imap/search-key.ts'
import type { AliasPen } from './pen.ts'

/** SEARCH, SORT, THREAD and ESEARCH alike. */
export function aliasSearch<C extends { readonly keys: readonly SearchKey[] }>(command: C, pen: AliasPen): C {
  return { ...command, keys: command.keys.map((key) => aliasKey(key, pen)) }
}

function aliasKey(key: SearchKey, pen: AliasPen): SearchKey {
  switch (key.key) {
    case 'and':
      return { ...key, keys: key.keys.map((inner) => aliasKey(inner, pen)) }
    case 'NOT':
    case 'FUZZY':
    case 'INTHREAD':
      return { ...key, operand: aliasKey(key.operand, pen) }
    case 'OR':
      return { ...key, left: aliasKey(key.left, pen), right: aliasKey(key.right, pen) }
    case 'FOLDER':
      return { ...key, value: pen.rename(key.value) }
    case 'X-MAILBOX':
      if (/[%*]/u.test(key.mailbox)) pen.refuse('mailboxes are searched for by their names here')
      return { ...key, mailbox: pen.rename(key.mailbox) }
    case 'X-GM-LABELS':
      return { ...key, flag: pen.renameLabel(key.flag) }
    case 'X-GM-RAW':
      // `in:secret` and `label:secret` stand anywhere in it, with whatever the server takes for these words.
      pen.refuse('searches in words of the server are not taken here')
      return key
    case 'unknown':
      pen.refuseMention(key.arguments)
      return key
    default:
      return key
  }
}
