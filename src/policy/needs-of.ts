/** What each command does and to which mailboxes, said from its tree alone; knows no rule and no session but its mailbox. */

import type { CopyCommand } from '../imap/commands/copy.ts'
import type { EnableCommand } from '../imap/commands/enable.ts'
import type { Command } from '../imap/commands/index.ts'
import type { MailboxName } from '../imap/mailbox.ts'
import { noteAppend, noteGenUrlAuth, noteReplace, noteResetKey, noteUrlFetch } from './needs/append.ts'
import { NeedsDraft } from './needs/draft.ts'
import { noteFetch, noteItems, notePartial } from './needs/fetch.ts'
import {
  noteAnnotation,
  noteApplePush,
  noteCreate,
  noteList,
  noteMailboxName,
  noteMetadata,
  noteNotify,
  noteRename,
  noteSelect,
  noteSetAcl,
  noteSetQuota,
  noteStatus,
  noteXfer,
} from './needs/mailboxes.ts'
import { noteEsearch, noteSearch } from './needs/search.ts'
import { noteStore } from './needs/store.ts'
import type { Needs } from './needs.ts'
import { isKnownCapability } from './used-capabilities.ts'

/** `isUtf8` says how names are written to the server: a URL has its mailbox in UTF-8 whatever the session speaks. */
export function needsOf(command: Command, selected: MailboxName | undefined, isUtf8 = false): Needs {
  const draft = new NeedsDraft(selected, isUtf8)
  note(draft, command)
  return draft.finish()
}

/** The compiler has every command stand here. */
function note(draft: NeedsDraft, command: Command): void {
  switch (command.name) {
    case 'CAPABILITY':
    case 'NOOP':
    case 'LOGOUT':
    case 'STARTTLS':
    case 'AUTHENTICATE':
    case 'ID':
      return void draft.does('session')
    case 'LOGIN':
      // `user*master`: the master's password opens the user's mail.
      return void draft.does('session', ...(command.user.includes('*') ? (['identity'] as const) : []))
    case 'UNAUTHENTICATE':
    case 'X-UNAUTHENTICATE':
    case 'PROXYAUTH':
    case 'CLIENTID':
      return void draft.does('identity')
    case 'COMPRESS':
      return void draft.does('compress')
    case 'ENABLE':
      return noteEnable(draft, command)
    case 'LANGUAGE':
    case 'COMPARATOR':
    case 'CONVERSIONS':
    case 'CANCELUPDATE':
    case 'XYZZY':
    case 'NAMESPACE':
      return void draft.does('look')
    case 'GETJMAPACCESS':
    case 'NETSCAPE':
      return void draft.does('look').reaches('other-server')
    case 'CHECK':
    case 'UNSELECT':
    case 'IDLE':
      return void draft.does('look').inSelected()
    case 'UIDBATCHES':
      return void draft.does('read').inSelected('read')
    case 'SELECT':
    case 'EXAMINE':
      return noteSelect(draft, command)
    case 'STATUS':
      return noteStatus(draft, command)
    case 'LIST':
    case 'LSUB':
    case 'RLIST':
    case 'RLSUB':
    case 'XLIST':
      return noteList(draft, command)
    case 'FIND MAILBOXES':
    case 'FIND ALL.MAILBOXES':
    case 'FIND BBOARDS':
    case 'FIND ALL.BBOARDS':
      return void draft.does('look').names('listed', command.pattern, [])
    case 'SCAN':
      return void draft
        .does('look', 'read')
        .names('listed', command.reference + command.pattern, ['read'])
        .reaches('all-mailboxes')
    case 'BBOARD':
      // It selects in a way that no session here follows, and from a list of mailboxes of its own.
      return void draft.does('look', 'unknown').names('source', command.mailbox, ['read'])
    case 'SUBSCRIBE MAILBOX':
    case 'SUBSCRIBE BBOARD':
    case 'UNSUBSCRIBE MAILBOX':
    case 'UNSUBSCRIBE BBOARD':
      return void draft.does('subscribe').names('source', command.mailbox, [])
    case 'DELETE':
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
    case 'GETACL':
    case 'MYRIGHTS':
    case 'GETQUOTAROOT':
      return noteMailboxName(draft, command)
    case 'CREATE':
      return noteCreate(draft, command)
    case 'RENAME':
    case 'XRENAME':
      return noteRename(draft, command)
    case 'FETCH':
      return noteFetch(draft, command)
    case 'CONVERT':
      return noteItems(draft.inSelected('read'), command.items)
    case 'PARTIAL':
      return notePartial(draft, command)
    case 'SEARCH':
    case 'SORT':
    case 'THREAD':
      return noteSearch(draft, command)
    case 'ESEARCH':
      return noteEsearch(draft, command)
    case 'NOTIFY':
      return noteNotify(draft, command)
    case 'STORE':
      return noteStore(draft, command)
    case 'COPY':
    case 'MOVE':
    case 'XMOVE':
    case 'X-MOVE':
    case 'XGWMOVE':
      return noteCopy(draft, command)
    case 'CLOSE':
    case 'EXPUNGE':
      return void draft.does('expunge').inSelected('delete')
    case 'APPEND':
      return noteAppend(draft, command)
    case 'REPLACE':
      return noteReplace(draft, command)
    case 'GETMETADATA':
    case 'SETMETADATA':
      return noteMetadata(draft, command)
    case 'GETANNOTATION':
    case 'SETANNOTATION':
      return noteAnnotation(draft, command)
    case 'SETACL':
    case 'DELETEACL':
      return noteSetAcl(draft, command.mailbox)
    case 'LISTRIGHTS':
      return void draft.does('rights').names('source', command.mailbox, [])
    case 'GETQUOTA':
      return void draft.does('rights').reaches('quota-root')
    case 'SETQUOTA':
      return noteSetQuota(draft)
    case 'RESETKEY':
      return noteResetKey(draft, command)
    case 'GENURLAUTH':
      return noteGenUrlAuth(draft, command)
    case 'URLFETCH':
      return noteUrlFetch(draft, command)
    case 'XAPPLEPUSHSERVICE':
      return noteApplePush(draft, command)
    case 'XFER':
      return noteXfer(draft, command)
    case 'DUMP':
    case 'UNDUMP':
    case 'RECONSTRUCT':
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
    case 'unknown':
      // Which of their values names a mailbox nobody here knows.
      return void draft.does('unknown').reaches('all-mailboxes')
  }
  return command satisfies never
}

/** What it switches on may change what any line after it means. */
function noteEnable(draft: NeedsDraft, { capabilities }: EnableCommand): void {
  draft.does('look')
  if (!capabilities.every(isKnownCapability)) draft.does('unknown')
}

/** What is copied is read; what is moved leaves, as an EXPUNGE has it (RFC 6851 section 3.3). */
function noteCopy(draft: NeedsDraft, { name, mailbox }: CopyCommand): void {
  if (name === 'COPY') draft.does('insert').inSelected('read')
  else draft.does('insert', 'remove').inSelected('read', 'delete')
  draft.names('destination', mailbox, ['insert'])
}
