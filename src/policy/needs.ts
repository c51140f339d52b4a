/** What a command does and to which mailboxes, as policies speak of it; the words, and no command. */

import type { MailboxName } from '../imap/mailbox.ts'
import type { Right } from '../config/policy-document.ts'

/**
 * `session`: opens, closes and describes a session, touches no mailbox. `look`: names and counts of mailboxes.
 * `read`: content and metadata of messages, without a trace. `mark-seen`: reads, and sets \Seen. `flag`: flags, and
 * annotations of messages. `delete-flag`: marks messages for whoever expunges next. `insert`: a message comes into a
 * mailbox. `remove`: a message leaves one to another. `expunge`: a message is gone for good. `create`, `delete`,
 * `subscribe`: mailboxes. `metadata`: reads that of mailboxes and of the server; `set-metadata`: writes it. `rights`:
 * reads access control and quotas; `set-rights`: changes them. `identity`: acts as somebody else, or leaves a token
 * that does. `compress`: the coding of the stream. `unknown`: nobody here knows what it does, or what a part of it does.
 */
export const actions = [
  'session',
  'look',
  'read',
  'mark-seen',
  'flag',
  'delete-flag',
  'insert',
  'remove',
  'expunge',
  'create',
  'delete',
  'subscribe',
  'metadata',
  'set-metadata',
  'rights',
  'set-rights',
  'identity',
  'compress',
  'unknown',
] as const
export type Action = (typeof actions)[number]

/** One mailbox that a command names, or the one that is selected. */
export interface MailboxAccess {
  readonly mailbox: MailboxName
  /**
   * `source`: what is acted on. `destination`: where messages or a mailbox go. `listed`: a pattern or reference that
   * names many: the answers are filtered.
   */
  readonly role: 'source' | 'destination' | 'listed' | 'selected'
  readonly rights: readonly Right[]
}

export interface Needs {
  /** Without doubles, in the order of the type. */
  readonly actions: readonly Action[]
  readonly accesses: readonly MailboxAccess[]
  /**
   * Reaches what it does not name, in the order of the type and without doubles.
   */
  readonly reaches: readonly Reach[]
  /** Rights that it takes in every mailbox, since it changes some that it does not name. */
  readonly everywhere?: readonly Right[]
}

/**
 * `all-mailboxes`: whatever the user has. `children`: mailboxes below those that are named. `labels`: other mailboxes that
 * hold the same message. `mailbox-id`: a mailbox by an identifier in place of its name. `url`: messages by URLs;
 * `unreadable-url`: by some that nobody can be sure of. `other-server`: something beyond the server, or another way to
 * it. `quota-root`: mailboxes by the name of their quota.
 */
export const reaches = [
  'all-mailboxes',
  'children',
  'labels',
  'mailbox-id',
  'url',
  'unreadable-url',
  'other-server',
  'quota-root',
] as const
export type Reach = (typeof reaches)[number]
