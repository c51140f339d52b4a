/** What commands on mailboxes need: selecting, listing, making, renaming, and what is kept about them; knows no message. */

import type { GetAnnotationCommand, SetAnnotationCommand } from '../../imap/commands/annotation.ts'
import type { CreateCommand } from '../../imap/commands/create.ts'
import type { XferCommand, XRenameCommand } from '../../imap/commands/cyrus.ts'
import type { ApplePushCommand } from '../../imap/commands/identity.ts'
import type { ListCommand } from '../../imap/commands/list.ts'
import type { MailboxNameCommand } from '../../imap/commands/mailbox-name.ts'
import type { GetMetadataCommand, SetMetadataCommand } from '../../imap/commands/metadata.ts'
import type { NotifyCommand, NotifyEvent } from '../../imap/commands/notify.ts'
import type { RenameCommand } from '../../imap/commands/rename.ts'
import type { SelectCommand } from '../../imap/commands/select.ts'
import type { StatusCommand } from '../../imap/commands/status.ts'
import { isInbox, type MailboxName } from '../../imap/mailbox.ts'
import type { ListOption } from '../../imap/list-option.ts'
import { statusItemNames } from '../../imap/status-item.ts'
import type { NeedsDraft } from './draft.ts'
import { noteItems } from './fetch.ts'
import { noteFilter } from './search.ts'

export function noteSelect(draft: NeedsDraft, { mailbox, parameters }: SelectCommand): void {
  draft.does('look').names('source', mailbox, ['read'])
  for (const parameter of parameters ?? []) {
    if (parameter.name === 'unknown') draft.does('unknown')
    // What has changed since is told at once: flags of messages, and which are gone.
    else if (parameter.name === 'QRESYNC') draft.does('read')
    // The identifiers come first, and the name only counts when there is no such mailbox.
    else if (parameter.name === 'OBJECTID' && parameter.ids) draft.reaches('mailbox-id')
  }
}

export function noteStatus(draft: NeedsDraft, { mailbox, items }: StatusCommand): void {
  draft.does('look').names('source', mailbox, ['read'])
  noteStatusItems(draft, items)
}

function noteStatusItems(draft: NeedsDraft, items: readonly string[]): void {
  if (items.some((item) => !statusItemNames.has(item))) draft.does('unknown')
}

export function noteList(draft: NeedsDraft, command: ListCommand): void {
  const { name, reference, patterns, selection = [], returns = [] } = command
  draft.does('look')
  for (const pattern of patterns) draft.names('listed', reference + pattern, [])
  for (const option of [...selection, ...returns]) noteListOption(draft, option)
  if (name === 'RLIST' || name === 'RLSUB') draft.reaches('other-server')
}

function noteListOption(draft: NeedsDraft, option: ListOption): void {
  switch (option.name) {
    case 'STATUS':
      return noteStatusItems(draft, option.items)
    case 'METADATA':
      return void draft.does('metadata')
    case 'MYRIGHTS':
      return void draft.does('rights')
    case 'REMOTE':
      return void draft.reaches('other-server')
    case 'SUBSCRIBED':
    case 'RECURSIVEMATCH':
    case 'SPECIAL-USE':
    case 'CHILDREN':
      return
    case 'unknown':
      return void draft.does('unknown')
  }
  return option satisfies never
}

export function noteCreate(draft: NeedsDraft, { mailbox, parameters }: CreateCommand): void {
  const hasUse = parameters?.some(({ name }) => name === 'USE') ?? false
  draft.does('create').names('destination', mailbox, hasUse ? administers : ['create'])
  // A second trash, whatever its name: servers keep this as metadata (RFC 6154 section 5.4).
  if (hasUse) draft.does('set-metadata')
  if (parameters?.some(({ name }) => name === 'unknown')) draft.does('unknown')
}

/** Whoever renames a mailbox renames all below it, and its messages come along; of INBOX the messages go, and it stays (RFC 9051 section 6.3.6). */
export function noteRename(draft: NeedsDraft, command: RenameCommand | XRenameCommand): void {
  const { from, to } = command
  draft
    .does('create', 'delete')
    .names('source', from, ['delete'])
    .names('destination', to, ['create', 'insert'])
  if (isInbox(from)) draft.does('insert', 'remove')
  if (command.name === 'RENAME') draft.reaches('children')
  if ('parameters' in command && command.parameters?.length) draft.does('unknown')
}

export function noteMailboxName(draft: NeedsDraft, { name, mailbox }: MailboxNameCommand): void {
  switch (name) {
    case 'DELETE':
      return void draft.does('delete').names('source', mailbox, ['delete'])
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      return void draft.does('subscribe').names('source', mailbox, [])
    case 'GETACL':
    case 'MYRIGHTS':
    case 'GETQUOTAROOT':
      return void draft.does('rights').names('source', mailbox, [])
  }
  return name satisfies never
}

/** Whoever may say what a mailbox is may have it destroyed: Cyrus has an entry for how long messages are kept. */
const administers = ['create', 'delete'] as const

export function noteMetadata(draft: NeedsDraft, command: GetMetadataCommand | SetMetadataCommand): void {
  const isRead = command.name === 'GETMETADATA'
  draft.does(isRead ? 'metadata' : 'set-metadata')
  if (isRead && command.options?.some(({ name }) => name === 'unknown')) draft.does('unknown')
  noteOfMailbox(draft, command.mailbox, isRead)
}

export function noteAnnotation(
  draft: NeedsDraft,
  { name, mailbox }: GetAnnotationCommand | SetAnnotationCommand,
): void {
  const isRead = name === 'GETANNOTATION'
  draft.does(isRead ? 'metadata' : 'set-metadata')
  const isPattern = /[*%]/u.test(mailbox)
  if (isPattern) draft.reaches('all-mailboxes')
  if (isRead && isPattern) draft.names('listed', mailbox, ['read'])
  else noteOfMailbox(draft, mailbox, isRead)
}

/** Without a name it is the server's own, and what is written there holds for all mailboxes. */
function noteOfMailbox(draft: NeedsDraft, mailbox: MailboxName, isRead: boolean): void {
  if (mailbox !== '') draft.names('source', mailbox, isRead ? ['read'] : administers)
  else if (!isRead) draft.everywhere(...administers)
}

/** A quota root is for whatever mailboxes the server puts below it. */
export function noteSetQuota(draft: NeedsDraft): void {
  draft
    .does('set-rights')
    .reaches('quota-root')
    .everywhere(...administers)
}

/** SETACL and DELETEACL. */
export function noteSetAcl(draft: NeedsDraft, mailbox: string): void {
  draft.does('set-rights').names('source', mailbox, administers)
}

export function noteXfer(draft: NeedsDraft, { mailbox }: XferCommand): void {
  draft.does('delete', 'unknown').names('source', mailbox, ['delete']).reaches('children', 'other-server')
}

export function noteNotify(draft: NeedsDraft, { groups }: NotifyCommand): void {
  draft.does('look')
  for (const { filter, events } of groups) {
    noteFilter(draft, filter, ['read'])
    for (const event of events) noteEvent(draft, event)
  }
}

function noteEvent(draft: NeedsDraft, event: NotifyEvent): void {
  switch (event.name) {
    case 'MESSAGENEW':
      return event.items && noteItems(draft, event.items)
    case 'MAILBOXMETADATACHANGE':
    case 'SERVERMETADATACHANGE':
      return void draft.does('metadata')
    case 'MESSAGEEXPUNGE':
    case 'FLAGCHANGE':
    case 'ANNOTATIONCHANGE':
    case 'MAILBOXNAME':
    case 'SUBSCRIPTIONCHANGE':
      return
    case 'unknown':
      return void draft.does('unknown')
  }
  return event satisfies never
}

/** A device is told of new messages by a way that does not come through here. */
export function noteApplePush(draft: NeedsDraft, { fields }: ApplePushCommand): void {
  draft.does('look', 'identity').reaches('other-server')
  for (const field of fields) {
    if ('mailboxes' in field) for (const mailbox of field.mailboxes) draft.names('source', mailbox, ['read'])
  }
}
