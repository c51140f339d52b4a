/** Puts names that do not exist in the place of hidden ones in a command, and back in its answers; knows no rule. */

import { type Command } from '../imap/commands/index.ts'
import { unreachable } from '../imap/fault.ts'
import type { MailboxFilter } from '../imap/mailbox-filter.ts'
import type { MailboxName } from '../imap/mailbox.ts'
import type { Response } from '../imap/responses/index.ts'
import type { GuardAnswer } from '../relay/guard.ts'
import type { Alias, AliasBook } from './alias-book.ts'
import { aliasAppend, aliasReplace } from './alias/append.ts'
import { AliasPen } from './alias/pen.ts'
import { aliasSearch } from './alias/search.ts'
import { mapTexts } from './alias/texts.ts'
import type { NameHow } from './mailbox-name.ts'
import type { UserView } from './mailbox-view.ts'

export interface AliasNaming {
  readonly view: UserView
  readonly how: NameHow
  readonly book: AliasBook
}

export type Substitution =
  | { readonly kind: 'same' }
  | { readonly kind: 'aliased'; readonly command: Command; readonly aliases: readonly Alias[] }
  /** There is no name that it could be done to without telling of the hidden one, or without doing something to it. */
  | { readonly kind: 'refuse'; readonly answer: GuardAnswer }

/** The command as upstream may have it. What it answers has to go through `restoreAlias` with the same book. */
export function substituteAlias(command: Command, naming: AliasNaming): Substitution {
  if (!naming.view.hidesAnything) return { kind: 'same' }
  const pen = new AliasPen(naming)
  const aliased = aliasCommand(command, pen)
  if (pen.refusal !== undefined)
    return {
      kind: 'refuse',
      answer: { kind: 'answer', status: 'NO', code: 'CANNOT', text: pen.refusal },
    }
  return pen.aliases.length === 0
    ? { kind: 'same' }
    : { kind: 'aliased', command: aliased, aliases: pen.aliases }
}

/** The response with the client's own spelling wherever an alias stands; the same object where none does. */
export function restoreAlias(response: Response, book: AliasBook): Response {
  return book.isEmpty ? response : mapTexts(response, (text) => book.restore(text))
}

function aliasCommand(command: Command, pen: AliasPen): Command {
  switch (command.name) {
    case 'SELECT':
    case 'EXAMINE':
      // The identifiers count before the name (draft-ietf-mailmaint-imap-objectid-bis).
      if (command.parameters?.some((one) => one.name === 'OBJECTID' && one.ids))
        pen.refuse('a mailbox is selected by its name here')
      return { ...command, mailbox: pen.rename(command.mailbox) }
    case 'DELETE':
      pen.removeAbove(command.mailbox)
      return { ...command, mailbox: pen.rename(command.mailbox) }
    case 'STATUS':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
    case 'GETACL':
    case 'MYRIGHTS':
    case 'GETQUOTAROOT':
    case 'SETACL':
    case 'DELETEACL':
    case 'LISTRIGHTS':
    case 'GETMETADATA':
    case 'SETMETADATA':
    case 'COPY':
    case 'MOVE':
    case 'XMOVE':
    case 'X-MOVE':
    case 'XGWMOVE':
    case 'BBOARD':
    case 'SUBSCRIBE MAILBOX':
    case 'SUBSCRIBE BBOARD':
    case 'UNSUBSCRIBE MAILBOX':
    case 'UNSUBSCRIBE BBOARD':
      return { ...command, mailbox: pen.rename(command.mailbox) }
    case 'CREATE':
      pen.make(command.mailbox)
      return command
    case 'RENAME':
      pen.moveBelow(command.from, command.to)
      pen.make(command.to)
      return { ...command, from: pen.rename(command.from) }
    case 'XRENAME':
      pen.make(command.to)
      return { ...command, from: pen.rename(command.from) }
    case 'XFER':
      pen.moveBelow(command.mailbox)
      return { ...command, mailbox: pen.rename(command.mailbox) }
    case 'RESETKEY':
      return command.mailbox === undefined ? command : { ...command, mailbox: pen.rename(command.mailbox) }
    case 'GETANNOTATION':
    case 'SETANNOTATION':
      // How long it takes, and how it ends, tells of all that a pattern fits.
      if (isPattern(command.mailbox)) pen.refuse('annotations are of one mailbox at a time here')
      return { ...command, mailbox: pen.rename(command.mailbox) }
    case 'GETQUOTA':
    case 'SETQUOTA':
      return { ...command, root: pen.renameRoot(command.root) }
    case 'APPEND':
      return aliasAppend(command, pen)
    case 'REPLACE':
      return aliasReplace(command, pen)
    case 'XAPPLEPUSHSERVICE':
      return {
        ...command,
        fields: command.fields.map((field) =>
          'mailboxes' in field
            ? { ...field, mailboxes: field.mailboxes.map((name) => pen.rename(name)) }
            : field,
        ),
      }
    case 'NOTIFY':
      return {
        ...command,
        groups: command.groups.map((group) => ({ ...group, filter: aliasFilter(group.filter, pen) })),
      }
    case 'ESEARCH': {
      const searched = aliasSearch(command, pen)
      const { sources } = command
      if (!sources) return searched
      const filters = sources.filters.map((filter) => aliasFilter(filter, pen))
      return { ...searched, sources: { ...sources, filters } }
    }
    case 'SEARCH':
    case 'SORT':
    case 'THREAD':
      return aliasSearch(command, pen)
    case 'STORE':
      // Gmail makes a label that it does not have.
      if (command.change.kind === 'labels' && command.change.labels.some((label) => pen.isHiddenLabel(label)))
        pen.refuse('this label cannot be given here')
      if (command.change.kind === 'unknown') pen.refuseMention(command.change.values)
      return command
    case 'URLFETCH':
    case 'GENURLAUTH':
      pen.refuse('URLs are not taken here')
      return command
    case 'DUMP':
    case 'UNDUMP':
    case 'RECONSTRUCT':
    case 'SCAN':
    case 'LOCALAPPEND':
    case 'LOCALCREATE':
    case 'LOCALDELETE':
    case 'SYNCAPPLY':
    case 'SYNCGET':
    case 'SYNCRESTART':
    case 'SYNCRESTORE':
    case 'XBACKUP':
    case 'XCONVFETCH':
    case 'XCONVMETA':
    case 'XCONVMULTISORT':
    case 'XCONVSORT':
    case 'XCONVUPDATES':
    case 'XMEID':
    case 'XRUNANNOTATOR':
    case 'XSNIPPETS':
    case 'XSTATS':
    case 'XWARMUP':
      // They reach into all mailboxes of the server, whatever they name; SCAN selects each, and takes its \Recent.
      pen.refuse('this command is not taken here')
      return command
    case 'unknown':
      pen.refuseMention(command.arguments)
      return command
    // Patterns name many: their answers are filtered.
    case 'LIST':
    case 'LSUB':
    case 'RLIST':
    case 'RLSUB':
    case 'XLIST':
    case 'FIND MAILBOXES':
    case 'FIND ALL.MAILBOXES':
    case 'FIND BBOARDS':
    case 'FIND ALL.BBOARDS':
    // These name no mailbox.
    case 'AUTHENTICATE':
    case 'CANCELUPDATE':
    case 'CAPABILITY':
    case 'CHECK':
    case 'CLIENTID':
    case 'CLOSE':
    case 'COMPARATOR':
    case 'COMPRESS':
    case 'CONVERSIONS':
    case 'CONVERT':
    case 'ENABLE':
    case 'EXPUNGE':
    case 'FETCH':
    case 'GETJMAPACCESS':
    case 'ID':
    case 'IDLE':
    case 'LANGUAGE':
    case 'LOGIN':
    case 'LOGOUT':
    case 'NAMESPACE':
    case 'NETSCAPE':
    case 'NOOP':
    case 'PARTIAL':
    case 'PROXYAUTH':
    case 'STARTTLS':
    case 'UIDBATCHES':
    case 'UNAUTHENTICATE':
    case 'UNSELECT':
    case 'X-UNAUTHENTICATE':
    case 'XYZZY':
      return command
    default:
      return unreachable(command)
  }
}

/** NOTIFY and ESEARCH pass over mailboxes that do not exist (RFC 5465 section 6, RFC 7377 section 2.2). */
function aliasFilter(filter: MailboxFilter, pen: AliasPen): MailboxFilter {
  if ('mailboxes' in filter) return { ...filter, mailboxes: filter.mailboxes.map((name) => pen.rename(name)) }
  if (filter.name === 'unknown' && filter.value) pen.refuseMention([filter.value])
  return filter
}

const isPattern = (mailbox: MailboxName): boolean => /[%*]/u.test(mailbox)
