/** Checks of what makes a conversation slow or wasteful, whoever is to blame; knows no rule that would be broken. */

import type { FetchItem } from '../../imap/fetch-item.ts'
import type { FetchData } from '../../imap/responses/fetch.ts'
import { timesOf } from '../../session/exchange-times.ts'
import type { Check, SeenCommand } from '../check.ts'
import { KEPT } from '../model/kept-text.ts'
import type { MailboxModel } from '../model/mailbox-model.ts'
import type { Scene } from '../scene.ts'

/** Milliseconds behind which a command is slow. */
const SLOW = 3_000
/** Commands that may take as long as they like. */
const patient = new Set(['IDLE', 'LOGOUT', 'APPEND'])

const slowCommand: Check = {
  id: 'P01',
  name: 'slow-command',
  level: 'warning',
  side: 'server',
  title: 'A command that took three seconds or more',
  reference: 'imaptap practice',
  advice:
    "Long waits are the server's (search index, disk), long transfers are the line or too much asked at once.",
  exchange(scene, exchange) {
    const { openedAt, completedAt = openedAt, name, status, octetsOut } = exchange
    if (completedAt - openedAt < SLOW || status === 'aborted' || patient.has(name)) return
    // What a breakpoint held it for is nobody's slowness.
    const times = timesOf(exchange)
    if (!times || times.took < SLOW || scene.isOwnAnswer) return
    const { took, wait, transfer } = times
    scene.raise(slowCommand, {
      text: `${name} took ${seconds(took)}: the server was silent for ${seconds(wait)}, then sent ${octetsOut} octets in ${seconds(transfer)}`,
    })
  },
}

const seconds = (millis: number): string => `${(millis / 1000).toFixed(1)} s`

/** NOOPs, or STATUS of INBOX, with nothing between them, from which a client is polling. */
const POLLS = 5
/** Milliseconds: those that come faster keep a connection busy, and wait for nothing. */
const POLL_APART = 2_000

const makePollMemory = () => ({ count: 0, lastAt: 0, next: 0, isTold: false })

function tellPolling(scene: Scene, { name }: SeenCommand): void {
  const { model } = scene
  const memory = model.note(makePollMemory)
  // Any other command in between is more than polling.
  if (memory.next !== model.begun) memory.count = 0
  memory.next = model.begun + 1
  const isApart = memory.count === 0 || scene.at - memory.lastAt >= POLL_APART
  memory.count = isApart ? memory.count + 1 : 0
  memory.lastAt = scene.at
  if (memory.count < POLLS || memory.isTold || !(model.has('IDLE') || model.has('IMAP4REV2'))) return
  memory.isTold = true
  scene.raise(polling, { text: `${memory.count} times ${name} in a row, and IDLE is announced` })
}

const polling: Check = {
  id: 'P02',
  name: 'polling-beside-idle',
  level: 'warning',
  side: 'client',
  title: 'NOOP or CHECK again and again, although IDLE is announced',
  reference: 'RFC 2177 section 1, RFC 9051 section 6.3.13',
  advice: 'Use IDLE: news comes at once, and neither side works while there is none.',
  commands: { NOOP: tellPolling, CHECK: tellPolling },
}

/** Single messages fetched one after the other, from which one set would have done. */
const SINGLES = 10

const makeSingleMemory = () => ({ shape: '', count: 0, next: 0, isTold: false })

function tellSingles(scene: Scene, { command, name }: SeenCommand): void {
  const { model } = scene
  const memory = model.note(makeSingleMemory)
  const shape = command.name === 'FETCH' && /^\d+$/u.test(command.messages) ? shapeOf(command.items) : ''
  const isSame = shape !== '' && shape === memory.shape && memory.next === model.begun
  memory.count = isSame ? memory.count + 1 : 1
  memory.shape = shape
  memory.next = model.begun + 1
  if (memory.count < SINGLES || shape === '' || memory.isTold) return
  memory.isTold = true
  scene.raise(oneByOne, { text: `${memory.count} times ${name} of one message for ${shape}` })
}

const oneByOne: Check = {
  id: 'P03',
  name: 'fetch-one-by-one',
  level: 'warning',
  side: 'client',
  title: 'The same small FETCH for one message after the other',
  reference: 'RFC 2683 section 3.2.1',
  advice:
    'Ask for a set of messages at once, such as UID FETCH 1:100 (FLAGS): each command costs a round trip.',
  commands: { FETCH: tellSingles, 'UID FETCH': tellSingles },
}

/** Items of a FETCH that is compared with the next. */
const SHAPE = 20

/** Empty where a body is asked for: those are better fetched one by one. */
function shapeOf(items: readonly { readonly name: string }[]): string {
  if (items.length > SHAPE) return ''
  const names = items.map(({ name }) => name)
  return names.some((name) => /^(?:BODY|BINARY|RFC822)(?:\[|\.TEXT|$)/u.test(name)) ? '' : names.join(' ')
}

/** STATUS commands within the time below that are a storm. */
const STORM = 20
/** Milliseconds. */
const STORM_TIME = 10_000

const makeStormMemory = (): { since: number; count: number; isTold: boolean } => ({
  since: 0,
  count: 0,
  isTold: false,
})

const statusStorm: Check = {
  id: 'P04',
  name: 'status-storm',
  level: 'warning',
  side: 'client',
  title: 'STATUS for one mailbox after the other',
  reference: 'RFC 5819 section 1, RFC 5465 section 1',
  advice: 'Use LIST ... RETURN (STATUS (...)) where LIST-STATUS is announced, or NOTIFY.',
  commands: {
    STATUS(scene) {
      const memory = scene.model.note(makeStormMemory)
      if (scene.at - memory.since > STORM_TIME) Object.assign(memory, { since: scene.at, count: 0 })
      memory.count += 1
      if (memory.count < STORM || memory.isTold) return
      memory.isTold = true
      const way =
        scene.model.has('LIST-STATUS') || scene.model.has('IMAP4REV2') ? ', and LIST-STATUS is there' : ''
      scene.raise(statusStorm, {
        text: `${memory.count} STATUS within ${seconds(scene.at - memory.since)}${way}`,
      })
    },
  },
}

/** UIDs whose bodies are remembered for a session: 8 octets each and the map's own. */
const BODIES = 20_000
/** Octets below which a second download is no matter. */
const SMALL = 4_096

const makeBodyMemory = (): Map<string, number> => new Map()

const bodyAgain: Check = {
  id: 'P05',
  name: 'body-downloaded-again',
  level: 'warning',
  side: 'client',
  title: 'The same body is downloaded a second time in one session',
  reference: 'RFC 9051 section 2.3.1.1',
  advice: 'Keep bodies by UIDVALIDITY and UID: the body of a message never changes.',
  untagged: {
    FETCH(scene, data) {
      const { mailbox } = scene.model
      if (!mailbox || mailbox.name.length > KEPT || !data.items.some(isWholeBody)) return
      const size = sizeOf(scene)
      const uid = uidOf(mailbox, data)
      if (uid === 0 || size < SMALL) return
      const memory = scene.model.note(makeBodyMemory)
      const key = `${uid} ${mailbox.uidValidity ?? 0} ${mailbox.name}`
      if (memory.has(key))
        scene.raise(bodyAgain, { text: `the body of UID ${uid}, ${size} octets, came again` })
      else if (memory.size < BODIES) memory.set(key, size)
    },
  },
}

const isWholeBody = (item: FetchItem): boolean =>
  item.name === 'BODY[]' &&
  item.origin === undefined &&
  item.section.text === 'whole' &&
  item.section.part.length === 0

function uidOf({ uids }: MailboxModel, { message, items }: FetchData): number {
  for (const item of items) if (item.name === 'UID') return item.uid
  return uids.uidAt(message)
}

function sizeOf({ event }: Scene): number {
  if (event?.kind !== 'message') return 0
  let largest = 0
  for (const part of event.message.raw.parts)
    if (part.kind === 'literal') largest = Math.max(largest, part.announced.size)
  return largest
}

/** Messages from which fetching all flags is worth a word. */
const MANY = 500

const makeFlagMemory = (): { mailbox: string; isTold: boolean } => ({ mailbox: '', isTold: false })

function tellFlags(scene: Scene, { command, name }: SeenCommand): void {
  const { model } = scene
  const { mailbox } = model
  if (command.name !== 'FETCH' || !/^1:\*$/u.test(command.messages)) return
  const isFlags = command.items.every((item) => item.name === 'FLAGS' || item.name === 'UID')
  const hasModifier = (command.modifiers ?? []).length > 0
  const isOffered = model.has('CONDSTORE') || model.has('QRESYNC')
  if (
    !mailbox ||
    !isFlags ||
    hasModifier ||
    !isOffered ||
    (mailbox.exists ?? 0) < MANY ||
    mailbox.hasNoModSeq
  )
    return
  const memory = model.note(makeFlagMemory)
  if (memory.isTold || memory.mailbox !== mailbox.name) return void (memory.mailbox = mailbox.name)
  memory.isTold = true
  scene.raise(unusedCondstore, {
    text: `${name} of all flags of ${mailbox.exists ?? 0} messages a second time, without CHANGEDSINCE`,
  })
}

const unusedCondstore: Check = {
  id: 'P06',
  name: 'condstore-unused',
  level: 'warning',
  side: 'client',
  title: 'All flags are fetched again, although the server could tell what changed',
  reference: 'RFC 7162 section 3.1.4.1, RFC 7162 section 3.2.5',
  advice: 'Keep HIGHESTMODSEQ and ask for FETCH ... (CHANGEDSINCE n), or SELECT with QRESYNC.',
  commands: { FETCH: tellFlags, 'UID FETCH': tellFlags },
}

/** Logins that failed, one after the other, over all sessions. */
const FAILURES = 3

const failingLogins: Check = {
  id: 'P07',
  name: 'logins-fail-again-and-again',
  level: 'warning',
  side: 'client',
  title: 'One login after the other fails',
  reference: 'RFC 9051 section 11.2',
  advice: 'Mend or remove the account in that client: servers lock accounts and addresses for this.',
  exchange(scene, { name, status, user }) {
    if ((name !== 'LOGIN' && name !== 'AUTHENTICATE') || scene.isOwnAnswer) return
    const key = `${scene.model.address?.host ?? ''} ${user ?? ''} ${scene.model.upstream}`
    const known = scene.history.users.find(key)
    const failedLogins = status === 'NO' ? (known?.failedLogins ?? 0) + 1 : 0
    if (status !== 'NO' && status !== 'OK') return
    scene.history.users.set(key, { capabilities: undefined, serverKind: undefined, ...known, failedLogins })
    if (failedLogins < FAILURES) return
    scene.raise(failingLogins, {
      text: `${failedLogins} logins${user === undefined ? '' : ` of ${user}`} failed in a row`,
    })
  },
}

export const practiceChecks: readonly Check[] = [
  slowCommand,
  polling,
  oneByOne,
  statusStorm,
  bodyAgain,
  unusedCondstore,
  failingLogins,
]
