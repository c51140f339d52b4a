/** Checks of object identifiers (RFC 8474): that they are told, and that they stay what they are; knows no other names. */

import { decodeMailboxName } from '../../imap/mailbox.ts'
import type { FetchItem } from '../../imap/fetch-item.ts'
import type { Check, SeenCompletion } from '../check.ts'
import type { Scene } from '../scene.ts'
import { KEPT, keepText } from '../model/kept-text.ts'
import { isAlone } from './attribution.ts'

interface KnownMessage {
  size: string | undefined
  thread: string | undefined
}

interface KnownIds {
  readonly messages: Map<string, KnownMessage>
  /** Mailbox to its identifier. */
  readonly mailboxes: Map<string, string>
  /** The new name of a mailbox to the identifier that it had under the old one. */
  readonly renamed: Map<string, string>
}

/** Identifiers remembered in a session: about 200 octets each; those beyond are not judged. */
const MESSAGES = 2_000
const MAILBOXES = 500

const makeIds = (): KnownIds => ({ messages: new Map(), mailboxes: new Map(), renamed: new Map() })

function noteMailbox(scene: Scene, name: string, id: string): void {
  if (name.length > KEPT || id.length > KEPT) return
  const { mailboxes, renamed } = scene.model.note(makeIds)
  const before = renamed.get(name)
  renamed.delete(name)
  if (before !== undefined && before !== id)
    scene.raise(oddObjectId, { text: `MAILBOXID of ${name} was ${before} before RENAME, and is ${id}` })
  if (mailboxes.has(name) || mailboxes.size < MAILBOXES) mailboxes.set(keepText(name), keepText(id))
}

function judgeMessage(scene: Scene, items: readonly FetchItem[]): void {
  let id: string | null | undefined
  let size: string | undefined
  let thread: string | null | undefined
  for (const item of items) {
    if (item.name === 'EMAILID') id = item.id
    else if (item.name === 'RFC822.SIZE') size = String(item.octets)
    else if (item.name === 'THREADID') thread = item.id
  }
  if (id === undefined || id === null || id.length > KEPT || (thread ?? '').length > KEPT) return
  const { messages } = scene.model.note(makeIds)
  const known = messages.get(id) ?? { size: undefined, thread: undefined }
  if (known.size !== undefined && size !== undefined && known.size !== size)
    scene.raise(oddObjectId, { text: `EMAILID ${id} is of ${known.size} octets and of ${size}` })
  if (known.thread !== undefined && typeof thread === 'string' && known.thread !== thread)
    scene.raise(oddObjectId, { text: `THREADID of EMAILID ${id} was ${known.thread}, and is ${thread}` })
  known.size = size ?? known.size
  if (thread) known.thread = keepText(thread)
  if (messages.size < MESSAGES || messages.has(id)) messages.set(keepText(id), known)
}

function hasId(codes: ReadonlySet<string>, code: string | undefined): boolean {
  return codes.has('MAILBOXID') || codes.has('OBJECTID') || code === 'MAILBOXID' || code === 'OBJECTID'
}

function judgePresence(scene: Scene, { response, work }: SeenCompletion): void {
  const { status, text } = response
  if (status !== 'OK' || !scene.model.has('OBJECTID') || !isAlone(scene, work)) return
  if (!hasId(work.codes, text.code?.name))
    scene.raise(oddObjectId, { text: `${work.name} ${work.tag} was completed without MAILBOXID` })
}

function noteCreated(scene: Scene, seen: SeenCompletion): void {
  const { response, work } = seen
  judgePresence(scene, seen)
  const { code } = response.text
  if (code?.name !== 'MAILBOXID' || work?.command?.name !== 'CREATE') return
  noteMailbox(scene, decodeMailboxName(work.command.mailbox, scene.model.isUtf8), code.id)
}

/** INBOX stays as it is when it is renamed: its messages go to a new mailbox (RFC 9051 section 6.3.6). */
function noteRenamed({ model }: Scene, { response, work }: SeenCompletion): void {
  if (response.status !== 'OK' || work?.command?.name !== 'RENAME') return
  const from = decodeMailboxName(work.command.from, model.isUtf8)
  const to = decodeMailboxName(work.command.to, model.isUtf8)
  const { mailboxes, renamed } = model.note(makeIds)
  const id = mailboxes.get(from)
  mailboxes.delete(from)
  mailboxes.delete(to)
  if (id !== undefined && from !== 'INBOX' && to.length <= KEPT && renamed.size < MAILBOXES)
    renamed.set(keepText(to), id)
}

const oddObjectId: Check = {
  id: 'S42',
  name: 'odd-object-id',
  level: 'error',
  side: 'server',
  title: 'An object identifier is missing, or does not stay with its object',
  reference: 'RFC 8474 sections 4 and 5',
  advice: 'The server must tell MAILBOXID with SELECT and CREATE, and keep all identifiers for good.',
  untagged: {
    OK(scene, { text }) {
      const { selecting } = scene.model
      if (text.code?.name === 'MAILBOXID' && selecting) noteMailbox(scene, selecting.name, text.code.id)
    },
    STATUS(scene, { mailbox, items }) {
      for (const item of items)
        if (item.name === 'MAILBOXID')
          noteMailbox(scene, decodeMailboxName(mailbox, scene.model.isUtf8), item.id)
    },
    FETCH(scene, { items }) {
      if (scene.model.has('OBJECTID')) judgeMessage(scene, items)
    },
    UIDFETCH(scene, { items }) {
      if (scene.model.has('OBJECTID')) judgeMessage(scene, items)
    },
  },
  completions: {
    SELECT: judgePresence,
    EXAMINE: judgePresence,
    CREATE: noteCreated,
    RENAME: noteRenamed,
  },
}

export const objectIdChecks: readonly Check[] = [oddObjectId]
