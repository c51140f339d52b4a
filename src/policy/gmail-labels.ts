/** Labels of Gmail as the mailboxes that it shows them as; knows no command and no policy. */

import type { MailboxName } from '../imap/mailbox.ts'
import type { GmailLabel } from '../imap/vendor-item.ts'

/** A label of the system stands for a mailbox of another name; any other is the name itself. */
export const mailboxOfLabel = (label: GmailLabel): MailboxName =>
  label.startsWith('\\') ? (systemLabels.get(label.toLowerCase()) ?? label) : label

/** In the trash or among spam Gmail destroys what is old. */
export const isDoomed = (label: GmailLabel): boolean => doomed.has(label.toLowerCase())

const systemLabels: ReadonlyMap<string, MailboxName> = new Map([
  ['\\inbox', 'INBOX'],
  ['\\sent', '[Gmail]/Sent Mail'],
  ['\\draft', '[Gmail]/Drafts'],
  ['\\drafts', '[Gmail]/Drafts'],
  ['\\starred', '[Gmail]/Starred'],
  ['\\flagged', '[Gmail]/Starred'],
  ['\\important', '[Gmail]/Important'],
  ['\\trash', '[Gmail]/Trash'],
  ['\\spam', '[Gmail]/Spam'],
  ['\\junk', '[Gmail]/Spam'],
])

const doomed = new Set(['\\trash', '\\spam', '\\junk'])
