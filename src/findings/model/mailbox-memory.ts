/** Keeps what a session is told of a mailbox for the sessions behind it, once all checks have seen it; judges nothing. */

import { decodeMailboxName } from '../../imap/mailbox.ts'
import type { UntaggedData } from '../../imap/responses/index.ts'
import type { StatusItem } from '../../imap/status-item.ts'
import { makeMailboxHistory, raise, type History, type MailboxHistory } from './history.ts'
import { KEPT } from './kept-text.ts'
import type { SessionModel } from './session-model.ts'

/** As a scene has it. */
interface Moment {
  readonly model: SessionModel
  readonly history: History
  readonly at: number
}

/** What is known of a mailbox of this name, decoded; undefined where nobody knows whose it is. */
export function findMailboxHistory(
  { upstream, user }: SessionModel,
  history: History,
  name: string,
): MailboxHistory | undefined {
  return user === undefined ? undefined : history.mailboxes.find(keyOf(upstream, user, name))
}

/** Behind a SELECT or EXAMINE. */
export function rememberSelected({ model, history, at }: Moment): void {
  const { mailbox, user, upstream } = model
  if (!mailbox || user === undefined || mailbox.uidValidity === undefined) return
  if (mailbox.name.length > KEPT) return
  const key = keyOf(upstream, user, mailbox.name)
  let known = history.mailboxes.find(key)
  if (known?.uidValidity !== mailbox.uidValidity) {
    known = makeMailboxHistory(mailbox.uidValidity, at)
    history.mailboxes.set(key, known)
  }
  mailbox.history = known
  raise(known.uidNext, mailbox.uidNext ?? 0, at)
  raise(known.highestModSeq, mailbox.highestModSeq ?? 0n, at)
  known.exists = mailbox.exists ?? known.exists
}

/** Behind an untagged response. */
export function rememberUntagged(moment: Moment, data: UntaggedData): void {
  if (data.name === 'STATUS') rememberStatus(moment, data)
  else rememberNumbers(moment)
}

/** What the selected mailbox has come to. */
export function rememberNumbers({ model: { mailbox }, at }: Moment): void {
  const known = mailbox?.history
  if (!mailbox || !known || mailbox.uidValidity !== known.uidValidity) return
  raise(known.highestUid, mailbox.highestUid, at)
  raise(known.highestModSeq, mailbox.largestModSeq, at)
  raise(known.uidNext, mailbox.uidNext ?? 0, at)
  known.exists = mailbox.exists ?? known.exists
}

/** Only of a mailbox that has been selected: which messages a STATUS is about is known by its UIDVALIDITY alone. */
function rememberStatus(
  { model, history, at }: Moment,
  { mailbox, items }: Extract<UntaggedData, { readonly name: 'STATUS' }>,
): void {
  const known = findMailboxHistory(model, history, decodeMailboxName(mailbox, model.isUtf8))
  if (!known || statusNumber(items, 'UIDVALIDITY') !== known.uidValidity) return
  raise(known.uidNext, statusNumber(items, 'UIDNEXT') ?? 0, at)
}

export function statusNumber(
  items: readonly StatusItem[],
  name: 'UIDNEXT' | 'UIDVALIDITY' | 'MESSAGES',
): number | undefined {
  for (const item of items) if (item.name === name) return item.value
  return undefined
}

const keyOf = (upstream: string, user: string, name: string): string => `${upstream}\n${user}\n${name}`
