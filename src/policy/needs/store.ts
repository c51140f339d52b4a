/** What STORE needs: flags, what marks a message for its end, and labels, which are mailboxes; knows no set of messages. */

import type { StoreAction, StoreCommand } from '../../imap/commands/store.ts'
import type { Flag } from '../../imap/flag.ts'
import type { GmailLabel } from '../../imap/vendor-item.ts'
import { isDoomed, mailboxOfLabel } from '../gmail-labels.ts'
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

function noteLabels(draft: NeedsDraft, action: StoreAction, labels: readonly GmailLabel[]): void {
  draft.reaches('labels')
  if (action !== 'remove') draft.does('insert')
  if (action !== 'add') draft.does('remove')
  // What was there is gone, whatever it was: the message leaves mailboxes that are not named.
  if (action !== 'replace') draft.inSelected('flag')
  else draft.inSelected('flag', 'delete').reaches('all-mailboxes').everywhere('delete')
  if (action !== 'remove' && labels.some(isDoomed)) draft.does('delete-flag')
  for (const label of labels) {
    const mailbox = mailboxOfLabel(label)
    if (action === 'remove') draft.names('source', mailbox, ['delete'])
    else draft.names('destination', mailbox, ['insert'])
  }
}
