/** What STORE needs: flags, what marks a message for its end, and labels, which are mailboxes; knows no set of messages. */

import type { StoreAction, StoreCommand } from '../../imap/commands/store.ts'
import type { Flag } from '../../imap/flag.ts'
import type { MailboxName } from '../../imap/mailbox.ts'
import type { GmailLabel } from '../../imap/vendor-item.ts'
import type { NeedsDraft } from './draft.ts'

export function noteStore(draft: NeedsDraft, { change, action, modifiers }: StoreCommand): void {
  if (modifiers?.some(({ name }) => name === 'unknown')) draft.does('unknown')
  switch (change.kind) {
    case 'flags':
      return noteFlags(draft, action, change.flags)
    case 'labels':
      return noteLabels(draft, action, change.labels)
    case 'annotations':
      return void draft.does('flag').inSelected('flag')
    case 'unknown':
      return void draft.does('flag', 'unknown').inSelected('flag', 'delete')
  }
  return change satisfies never
}

/** Whoever sets \Deleted has somebody else's EXPUNGE or CLOSE destroy the message. */
function noteFlags(draft: NeedsDraft, action: StoreAction, flags: readonly Flag[]): void {
  draft.does('flag')
  if (action === 'remove' || !flags.some(isDeleted)) return void draft.inSelected('flag')
  draft.does('delete-flag').inSelected('flag', 'delete')
}

const isDeleted = (flag: Flag): boolean => flag.toLowerCase() === '\\deleted'

/** Labels of the system as the mailboxes that Gmail shows them as. */
const systemLabels: Readonly<Record<string, MailboxName>> = {
  '\\inbox': 'INBOX',
  '\\sent': '[Gmail]/Sent Mail',
  '\\draft': '[Gmail]/Drafts',
  '\\drafts': '[Gmail]/Drafts',
  '\\starred': '[Gmail]/Starred',
  '\\important': '[Gmail]/Important',
  '\\trash': '[Gmail]/Trash',
  '\\spam': '[Gmail]/Spam',
  '\\junk': '[Gmail]/Spam',
}

/** In the trash or among spam Gmail destroys what is old. */
const doomed = new Set(['\\trash', '\\spam', '\\junk'])

function noteLabels(draft: NeedsDraft, action: StoreAction, labels: readonly GmailLabel[]): void {
  draft.reaches('labels').inSelected('flag')
  if (action !== 'remove') draft.does('insert')
  // What was there is gone with `replace`, whatever it was.
  if (action !== 'add') draft.does('remove')
  if (action !== 'remove' && labels.some((label) => doomed.has(label.toLowerCase())))
    draft.does('delete-flag')
  for (const label of labels) {
    const mailbox = systemLabels[label.toLowerCase()] ?? label
    if (action === 'remove') draft.names('source', mailbox, ['delete'])
    else draft.names('destination', mailbox, ['insert'])
  }
}
