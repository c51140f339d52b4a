/** Checks of mod-sequences (RFC 7162 section 3.1): that they grow, are told to who uses them, and refused where there are none. */

import type { FetchItem } from '../../imap/fetch-item.ts'
import type { Check, SeenCompletion } from '../check.ts'
import { findMailboxHistory } from '../model/mailbox-memory.ts'
import type { MailboxModel } from '../model/mailbox-model.ts'
import { modSeqWord, unchangedSince } from '../model/mod-sequence-use.ts'
import type { SessionModel } from '../model/session-model.ts'
import type { Scene } from '../scene.ts'
import { isAlone, onlyWork } from './attribution.ts'

/** Messages whose mod-sequence is remembered, about 100 octets each; older ones are forgotten. */
const KEPT = 10_000

interface Known {
  readonly modseq: bigint
  readonly at: number
}

/** By UID, for the mailbox that is selected. */
interface ModSequences {
  mailbox: MailboxModel | undefined
  readonly byUid: Map<number, Known>
}
const makeModSequences = (): ModSequences => ({ mailbox: undefined, byUid: new Map() })

function modSequencesOf({ model }: Scene): Map<number, Known> {
  const kept = model.note(makeModSequences)
  if (kept.mailbox !== model.current) kept.byUid.clear()
  kept.mailbox = model.current
  return kept.byUid
}

function keep(byUid: Map<number, Known>, uid: number, known: Known): void {
  byUid.delete(uid)
  byUid.set(uid, known)
  if (byUid.size <= KEPT) return
  const [oldest] = byUid.keys()
  if (oldest !== undefined) byUid.delete(oldest)
}

const modSeqDecreased: Check = {
  id: 'S24',
  name: 'modseq-decreased',
  level: 'error',
  side: 'server',
  title: 'A mod-sequence is not above zero, goes down, or is larger than HIGHESTMODSEQ told of later',
  glances: true,
  reference: 'RFC 7162 section 3.1, RFC 7162 section 3.1.2.1',
  advice:
    'The server must raise the mod-sequence with every change; clients miss changes that come with a smaller one.',
  noise: { gmail: 'note', yahoo: 'note', zoho: 'note' },
  untagged: {
    FETCH(scene, { message, items }) {
      const modseq = modSeqOf(items)
      if (modseq === undefined) return
      if (modseq > 0n) return checkGrowth(scene, uidOf(scene, message, items), modseq)
      scene.raise(modSeqDecreased, { text: `message ${message} has MODSEQ ${modseq}` })
    },
    UIDFETCH(scene, { uid, items }) {
      const modseq = modSeqOf(items)
      if (modseq === undefined) return
      if (modseq > 0n) return checkGrowth(scene, uid, modseq)
      scene.raise(modSeqDecreased, { text: `UID ${uid} has MODSEQ ${modseq}` })
    },
  },
  completions: { SELECT: checkHighest, EXAMINE: checkHighest },
}

function checkGrowth(scene: Scene, uid: number, modseq: bigint): void {
  if (uid === 0) return
  const byUid = modSequencesOf(scene)
  const known = byUid.get(uid)
  if (known && known.modseq > modseq)
    scene.raise(modSeqDecreased, { text: `MODSEQ of UID ${uid} went from ${known.modseq} to ${modseq}` })
  if (known) noteConflict(scene.model, uid, known)
  keep(byUid, uid, { modseq, at: scene.at })
}

/** Only with QRESYNC: without it the message with the highest mod-sequence may be gone, and HIGHESTMODSEQ be smaller. */
function checkHighest(scene: Scene, { work, response }: SeenCompletion): void {
  const selects = work?.selects
  if (!work || !selects?.highestModSeq || response.status !== 'OK' || !scene.model.has('QRESYNC')) return
  const known = findMailboxHistory(scene.model, scene.history, selects.name)
  if (!known || known.uidValidity !== selects.uidValidity) return
  const { value, at } = known.highestModSeq
  if (at >= work.openedAt || value <= selects.highestModSeq) return
  scene.raise(modSeqDecreased, {
    text: `HIGHESTMODSEQ is ${selects.highestModSeq}, and ${value} was told of before`,
  })
}

/** Messages that a conditional STORE should not have changed; more than so many need not be counted. */
const CONFLICTS_KEPT = 100
const makeConflicts = (): Set<number> => new Set()

/** A message that had changed too late for this STORE before the STORE was sent. */
function noteConflict(model: SessionModel, uid: number, known: Known): void {
  const work = onlyWork(model)
  if (work?.command?.name !== 'STORE' || known.at >= work.openedAt) return
  const limit = unchangedSince(work.command)
  if (limit === undefined || known.modseq <= limit) return
  const conflicts = work.note(makeConflicts)
  if (conflicts.size < CONFLICTS_KEPT) conflicts.add(uid)
}

const storeWithoutModSeq: Check = {
  id: 'S25',
  name: 'store-without-modseq',
  level: 'error',
  side: 'server',
  title: 'STORE of a client that uses CONDSTORE is answered without MODSEQ, or a conflict without [MODIFIED]',
  reference: 'RFC 7162 section 3.1, RFC 7162 section 3.1.3',
  advice:
    'The server must tell the MODSEQ of each message that STORE changes, and name those that it left alone.',
  noise: { gmail: 'note' },
  untagged: {
    FETCH(scene, { message, items }) {
      const { model } = scene
      const work = onlyWork(model)
      if (work?.command?.name !== 'STORE' || !model.isCondstoreAware || !keepsModSeq(model)) return
      if (modSeqOf(items) !== undefined || !items.some(({ name }) => name === 'FLAGS')) return
      scene.raise(storeWithoutModSeq, {
        text: `FETCH of message ${message} in answer to ${work.name} has no MODSEQ`,
      })
    },
  },
  completions: { STORE: checkModified, 'UID STORE': checkModified },
}

function checkModified(scene: Scene, { work, response }: SeenCompletion): void {
  if (response.status !== 'OK' || !isAlone(scene, work) || response.text.code?.name === 'MODIFIED') return
  const conflicts = work.note(makeConflicts)
  if (conflicts.size === 0) return
  // A server may keep a mod-sequence for each flag, and then know better.
  scene.raise(storeWithoutModSeq, {
    text: `STORE (UNCHANGEDSINCE ${unchangedSince(work.command)}) changed ${conflicts.size} messages that had changed since`,
    level: 'warning',
  })
}

const modSeqAccepted: Check = {
  id: 'S27',
  name: 'condstore-without-modseq',
  level: 'error',
  side: 'server',
  title: 'A command by mod-sequences succeeds in a mailbox that has none',
  reference: 'RFC 7162 section 3.1.2.2',
  advice: 'The server must refuse such commands with BAD; clients must not send them after NOMODSEQ.',
  completions: Object.fromEntries(
    ['FETCH', 'UID FETCH', 'STORE', 'UID STORE', 'SEARCH', 'UID SEARCH'].map((name) => [name, checkAccepted]),
  ),
}

function checkAccepted(scene: Scene, { work, response }: SeenCompletion): void {
  if (response.status !== 'OK' || !scene.model.mailbox?.hasNoModSeq || !isAlone(scene, work)) return
  const word = modSeqWord(work.command)
  if (word !== undefined)
    scene.raise(modSeqAccepted, { text: `${work.name} with ${word} succeeded after NOMODSEQ` })
}

const keepsModSeq = (model: SessionModel): boolean =>
  (model.has('CONDSTORE') || model.has('QRESYNC')) && model.mailbox?.hasNoModSeq === false

/** Also one below zero, which the grammar has no room for. */
function modSeqOf(items: readonly FetchItem[]): bigint | undefined {
  for (const item of items) {
    if (item.name === 'MODSEQ') return item.modseq
    if (item.name === 'unknown' && item.word.toUpperCase() === 'MODSEQ') return negativeOf(item)
  }
  return undefined
}

function negativeOf({ value }: Extract<FetchItem, { readonly name: 'unknown' }>): bigint | undefined {
  const [only] = value?.kind === 'list' ? value.items : []
  return only?.kind === 'atom' && /^-\d{1,19}$/u.test(only.text) ? BigInt(only.text) : undefined
}

function uidOf({ model }: Scene, message: number, items: readonly FetchItem[]): number {
  for (const item of items) if (item.name === 'UID') return item.uid
  return model.current?.uids.uidAt(message) ?? 0
}

export const modSequenceChecks: readonly Check[] = [modSeqDecreased, storeWithoutModSeq, modSeqAccepted]
