/** Which capability each command and parameter needs (RFC 9051 section 7.2.2 and each extension's own); judges nothing. */

import type { Command } from '../../imap/commands/index.ts'
import type { ReturnOption } from '../../imap/return-option.ts'
import type { SearchKey } from '../../imap/search-key.ts'
import { someKey } from '../model/search-keys.ts'

export interface Requirement {
  /** In words: `the command`, `MODSEQ`. */
  readonly what: string
  /** One of these will do; the first is named to people. `X*` is any that begins with X. */
  readonly anyOf: readonly string[]
}

const rev2 = 'IMAP4REV2'

/** Commands that are an extension by themselves. STARTTLS is imaptap's own affair, and always there. */
const commands: ReadonlyMap<string, readonly string[]> = new Map([
  ['COMPRESS', ['COMPRESS=DEFLATE', 'COMPRESS=*']],
  ['CONVERT', ['CONVERT']],
  ['UID CONVERT', ['CONVERT']],
  ['CANCELUPDATE', ['CONTEXT=SEARCH', 'CONTEXT=*']],
  ['DELETEACL', ['ACL']],
  ['ENABLE', ['ENABLE', rev2]],
  ['ESEARCH', ['MULTISEARCH']],
  ['GENURLAUTH', ['URLAUTH']],
  ['GETACL', ['ACL']],
  ['GETANNOTATION', ['ANNOTATEMORE', 'ANNOTATEMORE2']],
  ['GETMETADATA', ['METADATA', 'METADATA-SERVER']],
  ['GETQUOTA', ['QUOTA', 'QUOTA=*']],
  ['GETQUOTAROOT', ['QUOTA', 'QUOTA=*']],
  ['ID', ['ID']],
  ['IDLE', ['IDLE', rev2]],
  ['LANGUAGE', ['LANGUAGE']],
  ['LISTRIGHTS', ['ACL']],
  ['MOVE', ['MOVE', rev2]],
  ['MYRIGHTS', ['ACL']],
  ['NAMESPACE', ['NAMESPACE', rev2]],
  ['NOTIFY', ['NOTIFY']],
  ['REPLACE', ['REPLACE']],
  ['RESETKEY', ['URLAUTH']],
  ['SETACL', ['ACL']],
  ['SETANNOTATION', ['ANNOTATEMORE', 'ANNOTATEMORE2']],
  ['SETMETADATA', ['METADATA', 'METADATA-SERVER']],
  ['SORT', ['SORT', 'SORT=*']],
  ['THREAD', ['THREAD=REFERENCES', 'THREAD=*']],
  ['UID EXPUNGE', ['UIDPLUS', rev2]],
  ['UID MOVE', ['MOVE', rev2]],
  ['UID REPLACE', ['REPLACE']],
  ['UID SORT', ['SORT', 'SORT=*']],
  ['UID THREAD', ['THREAD=REFERENCES', 'THREAD=*']],
  ['UNAUTHENTICATE', ['UNAUTHENTICATE']],
  ['UNSELECT', ['UNSELECT', rev2]],
  ['URLFETCH', ['URLAUTH']],
  ['XLIST', ['XLIST']],
])

/** FETCH attributes and STATUS items that an extension brings. */
const items: ReadonlyMap<string, readonly string[]> = new Map([
  ['BINARY[]', ['BINARY', rev2]],
  ['BINARY.SIZE[]', ['BINARY', rev2]],
  ['EMAILID', ['OBJECTID']],
  ['THREADID', ['OBJECTID']],
  ['HIGHESTMODSEQ', ['CONDSTORE', 'QRESYNC']],
  ['MAILBOXID', ['OBJECTID']],
  ['MODSEQ', ['CONDSTORE', 'QRESYNC']],
  ['PREVIEW', ['PREVIEW', 'PREVIEW=*']],
  ['SAVEDATE', ['SAVEDATE']],
  ['SIZE', ['STATUS=SIZE', rev2]],
  ['X-GM-LABELS', ['X-GM-EXT-1']],
  ['X-GM-MSGID', ['X-GM-EXT-1']],
  ['X-GM-THRID', ['X-GM-EXT-1']],
])

const modifiers: ReadonlyMap<string, readonly string[]> = new Map([
  ['CHANGEDSINCE', ['CONDSTORE', 'QRESYNC']],
  ['UNCHANGEDSINCE', ['CONDSTORE', 'QRESYNC']],
  ['VANISHED', ['QRESYNC']],
  ['PARTIAL', ['PARTIAL']],
])

/** Parameters of SELECT, EXAMINE and CREATE. */
const parameters: ReadonlyMap<string, readonly string[]> = new Map([
  ['CONDSTORE', ['CONDSTORE', 'QRESYNC']],
  ['QRESYNC', ['QRESYNC']],
  ['USE', ['CREATE-SPECIAL-USE']],
])

/** In both places of LIST. */
const listOptions: ReadonlyMap<string, readonly string[]> = new Map([
  ['METADATA', ['LIST-METADATA']],
  ['MYRIGHTS', ['LIST-MYRIGHTS']],
  ['SPECIAL-USE', ['SPECIAL-USE', rev2]],
  ['STATUS', ['LIST-STATUS', rev2]],
])

const returnOptions: ReadonlyMap<string, readonly string[]> = new Map([
  ['CONTEXT', ['CONTEXT=SEARCH', 'CONTEXT=*']],
  ['PARTIAL', ['PARTIAL', 'CONTEXT=*']],
  ['RELEVANCY', ['SEARCH=FUZZY']],
  ['SAVE', ['SEARCHRES', rev2]],
  ['UPDATE', ['CONTEXT=SEARCH', 'CONTEXT=*']],
])

const searchKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ['$', ['SEARCHRES', rev2]],
  ['EMAILID', ['OBJECTID']],
  ['FILTER', ['FILTERS']],
  ['FUZZY', ['SEARCH=FUZZY']],
  ['MODSEQ', ['CONDSTORE', 'QRESYNC']],
  ['OLDER', ['WITHIN']],
  ['SAVEDATESUPPORTED', ['SAVEDATE']],
  ['SAVEDBEFORE', ['SAVEDATE']],
  ['SAVEDON', ['SAVEDATE']],
  ['SAVEDSINCE', ['SAVEDATE']],
  ['THREADID', ['OBJECTID']],
  ['YOUNGER', ['WITHIN']],
])

/** `name` is as in `UID FETCH`. */
export function requirementsOf(command: Command, name: string): readonly Requirement[] {
  const anyOf = commands.get(name)
  const parts = partsOf(command)
  return anyOf ? [{ what: 'the command', anyOf }, ...parts] : parts
}

function partsOf(command: Command): readonly Requirement[] {
  switch (command.name) {
    case 'FETCH':
      return [...named(command.items, items), ...named(command.modifiers ?? nothing, modifiers)]
    case 'STORE':
      return named(command.modifiers ?? nothing, modifiers)
    case 'SELECT':
    case 'EXAMINE':
    case 'CREATE':
      return named(command.parameters ?? nothing, parameters)
    case 'STATUS':
      return named(
        command.items.map((name) => ({ name })),
        items,
      )
    case 'SEARCH':
      return [...returning(command.returns), ...keyed(command.keys)]
    case 'LIST':
      return named([...(command.selection ?? nothing), ...(command.returns ?? nothing)], listOptions)
    case 'APPEND':
      return command.messages.length > 1 ? [{ what: 'a second message', anyOf: ['MULTIAPPEND'] }] : nothing
    case 'AUTHENTICATE':
      return [{ what: 'the mechanism', anyOf: [`AUTH=${command.mechanism.toUpperCase()}`] }]
    default:
      return nothing
  }
}

const nothing: readonly never[] = []

function returning(returns: readonly ReturnOption[] | undefined): readonly Requirement[] {
  if (!returns) return nothing
  const anyOf = ['ESEARCH', rev2, 'SEARCHRES', 'CONTEXT=*', 'PARTIAL']
  return [{ what: 'RETURN', anyOf }, ...named(returns, returnOptions)]
}

/** Of the first key that needs one. */
function keyed(keys: readonly SearchKey[]): readonly Requirement[] {
  let found: Requirement | undefined
  someKey(keys, (key) => {
    const what = key.key === 'messages' && key.set === '$' ? '$' : key.key
    const anyOf = searchKeys.get(what)
    if (anyOf) found = { what, anyOf }
    return anyOf !== undefined
  })
  return found ? [found] : nothing
}

function named(
  parts: readonly { readonly name: string }[],
  table: ReadonlyMap<string, readonly string[]>,
): Requirement[] {
  return parts.flatMap(({ name }) => {
    const anyOf = table.get(name)
    return anyOf ? [{ what: name, anyOf }] : []
  })
}
