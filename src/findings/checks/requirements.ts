/** Which capability each command and parameter needs (RFC 9051 section 7.2.2 and each extension's own); judges nothing. */

import type { Command } from '../../imap/commands/index.ts'
import { commandName } from '../../imap/commands/index.ts'

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

export function requirementsOf(command: Command): Requirement[] {
  const anyOf = commands.get(commandName(command))
  return [...(anyOf ? [{ what: 'the command', anyOf }] : []), ...partsOf(command)]
}

function partsOf(command: Command): Requirement[] {
  switch (command.name) {
    case 'FETCH':
      return [...named(command.items, items), ...named(command.modifiers ?? [], modifiers)]
    case 'STORE':
      return named(command.modifiers ?? [], modifiers)
    case 'SELECT':
    case 'EXAMINE':
      return named(
        command.parameters ?? [],
        new Map([
          ['CONDSTORE', ['CONDSTORE', 'QRESYNC']],
          ['QRESYNC', ['QRESYNC']],
        ]),
      )
    case 'STATUS':
      return named(
        command.items.map((name) => ({ name })),
        items,
      )
    case 'SEARCH':
      return command.returns
        ? [{ what: 'RETURN', anyOf: ['ESEARCH', rev2, 'SEARCHRES', 'CONTEXT=SEARCH'] }]
        : []
    case 'AUTHENTICATE':
      return [{ what: 'the mechanism', anyOf: [`AUTH=${command.mechanism.toUpperCase()}`] }]
    default:
      return []
  }
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
