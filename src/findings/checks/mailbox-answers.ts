/** Checks of what a server tells of mailboxes that are not selected: STATUS, LIST and NOTIFY (RFC 9051 sections 6.3.9, 6.3.11). */

import { decodeMailboxName, isInbox, type MailboxName } from '../../imap/mailbox.ts'
import type { MailboxFilter } from '../../imap/mailbox-filter.ts'
import type { MailboxStatusData } from '../../imap/responses/mailbox-status.ts'
import type { NotifyGroup } from '../../imap/commands/notify.ts'
import type { Check, SeenCompletion } from '../check.ts'
import type { Scene } from '../scene.ts'
import type { Work } from '../model/work.ts'
import { isAlone, onlyWork } from './attribution.ts'

interface StatusAnswer {
  /** What the answers for the mailbox that was named have left out; undefined until one came. */
  missing: readonly string[] | undefined
  /** The first other mailbox that was told of. */
  other: string | undefined
  /** The first answer that does not look like what was asked for. */
  lines: readonly string[]
}

const makeAnswer = (): StatusAnswer => ({ missing: undefined, other: undefined, lines: [] })

/** Some servers add the delimiter to what has children, or write names in the case that they keep. */
function isSameMailbox(one: MailboxName, other: MailboxName, isUtf8: boolean): boolean {
  const comparable = (name: MailboxName): string =>
    decodeMailboxName(name, isUtf8).replace(/[./]$/u, '').toLowerCase()
  return one === other || comparable(one) === comparable(other)
}

const namesOf = (items: MailboxStatusData['items']): ReadonlySet<string> =>
  new Set(items.map((item) => (item.name === 'unknown' ? item.word.toUpperCase() : item.name)))

function noteStatus(scene: Scene, { mailbox, items }: MailboxStatusData): void {
  const { oldest: work, isUtf8 } = scene.model
  if (work?.command?.name !== 'STATUS') return
  const asked = work.command
  const answer = work.note(makeAnswer)
  const isAsked = isSameMailbox(mailbox, asked.mailbox, isUtf8)
  const told = namesOf(items)
  if (isAsked)
    answer.missing = (answer.missing ?? asked.items).filter((item) => !told.has(item.toUpperCase()))
  else answer.other ??= decodeMailboxName(mailbox, isUtf8)
  const isOdd = !isAsked || answer.missing?.length !== 0
  if (isOdd && answer.lines.length === 0) answer.lines = scene.lines()
}

function judgeStatus(scene: Scene, { response, work }: SeenCompletion): void {
  if (response.status !== 'OK' || !isAlone(scene, work) || work.command?.name !== 'STATUS') return
  const { missing, other, lines } = work.note(makeAnswer)
  if (missing?.length === 0) return
  const name = decodeMailboxName(work.command.mailbox, scene.model.isUtf8)
  const text = missing
    ? `STATUS of ${name} lacks ${missing.join(' ')}, which was asked for`
    : other === undefined
      ? `STATUS of ${name} was completed without a STATUS response`
      : `STATUS of ${name} was answered by that of ${other}`
  // Servers may normalize names of more than ASCII: then the other is perhaps the same.
  if (!missing && other !== undefined && !(isAscii(name) && isAscii(other))) return
  scene.raise(oddStatus, { text, meanwhile: lines })
}

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/u.test(text)

const oddStatus: Check = {
  id: 'S36',
  name: 'odd-status',
  level: 'error',
  side: 'server',
  title: 'STATUS lacks what was asked for, or tells of another mailbox',
  reference: 'RFC 9051 section 6.3.11',
  advice: 'The server must answer STATUS by every item that was asked for, of the mailbox that was named.',
  noise: { '163': 'note' },
  untagged: { STATUS: noteStatus },
  completions: { STATUS: judgeStatus },
}

/** Attributes that exclude each other (RFC 9051 section 7.3.1). */
const contradictions = [
  ['\\marked', '\\unmarked'],
  ['\\haschildren', '\\hasnochildren'],
] as const

/** The LIST that this answers, where it is sure: NOTIFY and SELECT bring LIST responses of their own. */
function onlyList({ model }: Scene): (Work['command'] & { readonly name: 'LIST' }) | undefined {
  const command = onlyWork(model)?.command
  const isPlain = command?.name === 'LIST' && !model.note(makeNotified).isOn
  // Command and name are one and the same fact, which the union of all list commands does not express.
  return isPlain ? (command as Work['command'] & { readonly name: 'LIST' }) : undefined
}

const makeNotified = (): { isOn: boolean } => ({ isOn: false })

const oddList: Check = {
  id: 'S41',
  name: 'odd-list',
  level: 'error',
  side: 'server',
  title: 'LIST contradicts itself, or lacks what the selection options demand',
  reference: 'RFC 9051 sections 6.3.9.1 and 7.3.1',
  advice:
    'The server must tell only one of two opposite attributes, and Subscribed where the client selected by it.',
  commands: {
    NOTIFY({ model }) {
      model.note(makeNotified).isOn = true
    },
  },
  untagged: {
    LIST(scene, { attributes, extensions }) {
      const told = new Set(attributes.map((attribute) => attribute.toLowerCase()))
      for (const [one, other] of contradictions)
        if (told.has(one) && told.has(other))
          scene.raise(oddList, { text: `a mailbox has both ${one} and ${other}` })
      const selection = onlyList(scene)?.selection?.map(({ name }) => name)
      if (!selection) return
      const isRecursive = selection.includes('RECURSIVEMATCH')
      if (extensions?.some(({ name }) => name === 'CHILDINFO') && !isRecursive)
        scene.raise(oddList, { text: 'CHILDINFO was told although RECURSIVEMATCH was not asked for' })
      if (selection.includes('SUBSCRIBED') && !isRecursive && !told.has('\\subscribed'))
        scene.raise(oddList, { text: 'LIST (SUBSCRIBED) told of a mailbox without \\Subscribed' })
    },
  },
}

/** Whether the filter is about INBOX. */
function matchInbox(filter: MailboxFilter): 'sure' | 'maybe' | 'never' {
  switch (filter.name) {
    case 'PERSONAL':
      return 'sure'
    case 'MAILBOXES':
      return filter.mailboxes.some(isInbox) ? 'sure' : 'never'
    case 'SELECTED':
    case 'SELECTED-DELAYED':
      return 'never'
    default:
      return 'maybe'
  }
}

/** Of several groups the first that matches counts. */
function watchesInbox(groups: readonly NotifyGroup[]): boolean {
  const group = groups.find(({ filter }) => matchInbox(filter) !== 'never')
  if (!group || matchInbox(group.filter) === 'maybe') return false
  return group.events.some(({ name }) => name === 'MESSAGENEW')
}

const makeInboxTold = (): { isTold: boolean } => ({ isTold: false })
/** Some users have no INBOX (RFC 9051 section 5.1). */
const makeInbox = (): { isThere: boolean } => ({ isThere: false })

const missingStatus: Check = {
  id: 'S45',
  name: 'notify-without-status',
  level: 'error',
  side: 'server',
  title: 'NOTIFY SET STATUS was completed without the STATUS of a mailbox that it watches',
  reference: 'RFC 5465 section 3.1',
  advice:
    'The server must tell the STATUS of each mailbox that NOTIFY SET STATUS names before its completion.',
  untagged: {
    STATUS({ model }, { mailbox }) {
      if (!isInbox(mailbox)) return
      model.note(makeInbox).isThere = true
      if (model.oldest?.name === 'NOTIFY') model.oldest.note(makeInboxTold).isTold = true
    },
    EXISTS({ model }) {
      if (model.current?.name === 'INBOX') model.note(makeInbox).isThere = true
    },
  },
  completions: {
    NOTIFY(scene, { response, work }) {
      if (response.status !== 'OK' || response.text.code || !isAlone(scene, work)) return
      const { command } = work
      if (command?.name !== 'NOTIFY' || !command.isStatusWanted || !watchesInbox(command.groups)) return
      const isSelected = scene.model.mailbox?.name === 'INBOX'
      if (isSelected || work.codes.has('NOTIFICATIONOVERFLOW') || work.note(makeInboxTold).isTold) return
      scene.raise(missingStatus, {
        text: `NOTIFY ${work.tag} watches INBOX, and no STATUS of it came`,
        level: scene.model.note(makeInbox).isThere ? 'error' : 'warning',
      })
    },
  },
}

export const mailboxAnswerChecks: readonly Check[] = [oddStatus, oddList, missingStatus]
