/** Checks of unique identifiers (RFC 9051 section 2.3.1.1): that they ascend, stay, are never used again, and what SELECT says of them. */

import { decodeMailboxName } from '../../imap/mailbox.ts'
import type { FetchItem } from '../../imap/fetch-item.ts'
import type { Check, SeenCompletion } from '../check.ts'
import type { Told } from '../model/history.ts'
import { findMailboxHistory, statusNumber } from '../model/mailbox-memory.ts'
import type { MailboxModel } from '../model/mailbox-model.ts'
import type { Scene } from '../scene.ts'

const reference = 'RFC 9051 section 2.3.1.1'

const uidOutOfOrder: Check = {
  id: 'S07',
  name: 'uid-out-of-order',
  level: 'error',
  side: 'server',
  title: 'UIDs do not ascend with the message numbers, or the UID of a message changes',
  glances: true,
  reference,
  advice: 'The server must give each message one UID, larger than those of all messages before it.',
  untagged: {
    FETCH(scene, { message, items }) {
      const uid = uidOf(items)
      const { current } = scene.model
      if (!uid || !current) return
      const text = findDisorder(current, message, uid)
      if (text !== undefined) scene.raise(uidOutOfOrder, { text })
    },
  },
}

function findDisorder({ uids }: MailboxModel, message: number, uid: number): string | undefined {
  const known = uids.uidAt(message)
  if (known === uid) return undefined
  if (known !== 0) return `message ${message} had UID ${known}, and now has UID ${uid}`
  const { below, above } = uids.neighbours(message)
  if (below >= uid) return `message ${message} has UID ${uid}, and one before it has UID ${below}`
  if (above !== 0 && above <= uid)
    return `message ${message} has UID ${uid}, and one behind it has UID ${above}`
  return undefined
}

/** Expunged UIDs that are remembered; older ones are forgotten. */
const GONE_KEPT = 1_000
/** UIDs of one VANISHED that are remembered. */
const VANISHED_KEPT = 100

/** UIDs that were expunged from the mailbox while it was selected. */
interface Gone {
  mailbox: MailboxModel | undefined
  readonly uids: Set<number>
}
const makeGone = (): Gone => ({ mailbox: undefined, uids: new Set() })

function goneFrom({ model }: Scene): Set<number> {
  const gone = model.note(makeGone)
  if (gone.mailbox !== model.current) gone.uids.clear()
  gone.mailbox = model.current
  return gone.uids
}

function noteGone(gone: Set<number>, uid: number): void {
  gone.add(uid)
  if (gone.size <= GONE_KEPT) return
  const [oldest] = gone
  if (oldest !== undefined) gone.delete(oldest)
}

const uidReused: Check = {
  id: 'S08',
  name: 'uid-reused',
  level: 'error',
  side: 'server',
  title: 'A UID is used again, or a new message has a smaller UID than UIDNEXT promised',
  glances: true,
  reference,
  advice:
    'The server must never use a UID twice under the same UIDVALIDITY; clients may show the wrong message.',
  untagged: {
    EXPUNGE(scene, { message }) {
      const uid = scene.model.current?.uids.uidAt(message)
      if (uid) noteGone(goneFrom(scene), uid)
    },
    VANISHED(scene, { isEarlier, uids }) {
      if (isEarlier || !scene.model.current) return
      const gone = goneFrom(scene)
      for (const uid of firstUids(uids)) noteGone(gone, uid)
    },
    FETCH(scene, { message, items }) {
      const { current } = scene.model
      if (!current?.isOpen) return
      const uid = uidOf(items)
      if (!uid) return
      if (current.uids.uidAt(message) !== uid && goneFrom(scene).has(uid))
        scene.raise(uidReused, { text: `message ${message} has UID ${uid}, which was expunged before` })
      const { settled, promised } = current
      if (settled === undefined || promised === undefined || message <= settled || uid >= promised) return
      scene.raise(uidReused, {
        text: `new message ${message} has UID ${uid} although UIDNEXT was ${promised} before it came`,
      })
    },
  },
}

const uidNextTooSmall: Check = {
  id: 'S09',
  name: 'uidnext-too-small',
  level: 'error',
  side: 'server',
  title: 'UIDNEXT goes down, or a message has that UID already',
  reference,
  advice: 'The server must keep UIDNEXT above every UID that it gave; clients may miss new messages.',
  untagged: {
    OK(scene, { text: { code } }) {
      const { mailbox, selecting } = scene.model
      if (code?.name !== 'UIDNEXT' || !mailbox?.isOpen || selecting) return
      tellUidNext(scene, code.value, { next: mailbox.uidNext, highest: mailbox.highestUid })
    },
    STATUS(scene, { mailbox, items }) {
      const { model, history } = scene
      const { oldest } = model
      if (!oldest) return
      const known = findMailboxHistory(model, history, decodeMailboxName(mailbox, model.isUtf8))
      const uidNext = statusNumber(items, 'UIDNEXT')
      if (!known || !uidNext || statusNumber(items, 'UIDVALIDITY') !== known.uidValidity) return
      const { openedAt } = oldest
      const before = {
        next: toldBefore(known.uidNext, openedAt),
        highest: toldBefore(known.highestUid, openedAt),
      }
      // A server may keep the numbers of STATUS and renew them now and then only.
      tellUidNext(scene, uidNext, before, 'warning')
    },
  },
  completions: { SELECT: checkSelected, EXAMINE: checkSelected },
}

function checkSelected(scene: Scene, { work, response }: SeenCompletion): void {
  const selects = work?.selects
  if (!selects || response.status !== 'OK' || selects.uidNext === undefined) return
  const known = findMailboxHistory(scene.model, scene.history, selects.name)
  if (!known || known.uidValidity !== selects.uidValidity) return
  const next = toldBefore(known.uidNext, work.openedAt)
  tellUidNext(scene, selects.uidNext, { next, highest: toldBefore(known.highestUid, work.openedAt) })
}

/** What another session heard while this one's answer was under way proves nothing. */
const toldBefore = ({ value, at }: Told<number>, moment: number): number => (at < moment ? value : 0)

function tellUidNext(
  scene: Scene,
  uidNext: number,
  { next = 0, highest }: { readonly next: number | undefined; readonly highest: number },
  level: 'error' | 'warning' = 'error',
): void {
  if (next > uidNext)
    scene.raise(uidNextTooSmall, { text: `UIDNEXT is ${uidNext} and was ${next} before`, level })
  else if (highest >= uidNext)
    scene.raise(uidNextTooSmall, { text: `UIDNEXT is ${uidNext} although UID ${highest} was seen`, level })
}

const uidValidityChanged: Check = {
  id: 'S10',
  name: 'uidvalidity-not-larger',
  level: 'warning',
  side: 'server',
  title: 'UIDVALIDITY changed to a smaller value, or while the mailbox was selected',
  reference,
  advice: 'The server should only ever raise UIDVALIDITY: clients discard all that they know of the mailbox.',
  untagged: {
    OK(scene, { text: { code } }) {
      const { mailbox, selecting } = scene.model
      if (code?.name !== 'UIDVALIDITY' || !mailbox?.isOpen || selecting) return
      if (mailbox.uidValidity === undefined || mailbox.uidValidity === code.value) return
      scene.raise(uidValidityChanged, {
        text: `UIDVALIDITY went from ${mailbox.uidValidity} to ${code.value} while the mailbox was selected`,
      })
    },
  },
  completions: { SELECT: checkValidity, EXAMINE: checkValidity },
}

function checkValidity(scene: Scene, { work, response }: SeenCompletion): void {
  const uidValidity = work?.selects?.uidValidity
  if (!work?.selects || response.status !== 'OK' || uidValidity === undefined) return
  const known = findMailboxHistory(scene.model, scene.history, work.selects.name)
  if (!known || known.since >= work.openedAt || uidValidity >= known.uidValidity) return
  scene.raise(uidValidityChanged, {
    text: `UIDVALIDITY went down from ${known.uidValidity} to ${uidValidity}`,
  })
}

function uidOf(items: readonly FetchItem[]): number | undefined {
  for (const item of items) if (item.name === 'UID') return item.uid
  return undefined
}

/** Of ranges beyond all reason only the beginning. */
function firstUids(set: string): number[] {
  const uids: number[] = []
  for (const range of set.split(',', VANISHED_KEPT)) {
    const [first = 0, last = first] = range.split(':').map(Number)
    for (let uid = Math.min(first, last); uid <= Math.max(first, last); uid++) {
      if (uids.length >= VANISHED_KEPT) return uids
      uids.push(uid)
    }
  }
  return uids
}

export const uidChecks: readonly Check[] = [uidOutOfOrder, uidReused, uidNextTooSmall, uidValidityChanged]
