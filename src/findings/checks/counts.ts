/** Checks of message counts, EXPUNGE and VANISHED (RFC 9051 sections 5.2, 7.4.1, 7.5.1): what a server may say, and when. */

import type { Check } from '../check.ts'
import { isNumbered, someKey } from '../model/search-keys.ts'
import type { SessionModel } from '../model/session-model.ts'
import type { Work } from '../model/work.ts'

/** Commands during which a server must not expunge: their numbers would change their meaning. */
const numbered = new Set(['FETCH', 'STORE', 'SEARCH'])

/** Outside of every command: a client in IDLE, and one that asked for events (NOTIFY), wants to hear of it at any time. */
const isUnasked = (model: SessionModel): boolean =>
  model.open.size === 0 && !model.isIdle && !model.isNotified && model.mailbox !== undefined

/** Only the oldest command counts: of those behind it the server may not have heard yet when it spoke. */
function findNumbered({ oldest, isNotified }: SessionModel): Work | undefined {
  return oldest && !isNotified && numbered.has(oldest.name) ? oldest : undefined
}

/** UID SEARCH by message numbers, which VANISHED must spare as well (RFC 7162 section 3.2.10.2). */
function findNumberedSearch({ oldest, isNotified }: SessionModel): Work | undefined {
  const command = isNotified ? undefined : oldest?.command
  return command?.name === 'SEARCH' && someKey(command.keys, isNumbered) ? oldest : undefined
}

const expungeWithoutCommand: Check = {
  id: 'S01',
  name: 'expunge-without-command',
  level: 'error',
  side: 'server',
  needsBeginning: true,
  title: 'EXPUNGE while no command is in progress',
  reference: 'RFC 9051 section 7.5.1',
  advice: 'The server must hold EXPUNGE back until a command is in progress, or the client is in IDLE.',
  untagged: {
    EXPUNGE(scene, { message }) {
      if (!isUnasked(scene.model)) return
      scene.raise(expungeWithoutCommand, {
        text: `EXPUNGE of message ${message} came while no command was in progress`,
      })
    },
  },
}

const expungeDuringNumbers: Check = {
  id: 'S02',
  name: 'expunge-during-numbered-command',
  level: 'error',
  side: 'server',
  needsBeginning: true,
  title: 'EXPUNGE while FETCH, STORE or SEARCH by message numbers is in progress',
  reference: 'RFC 9051 section 7.5.1',
  advice:
    'The server must hold EXPUNGE back until the command is complete; clients should use the UID forms.',
  untagged: {
    EXPUNGE(scene, { message }) {
      const work = findNumbered(scene.model)
      if (!work) return
      scene.raise(expungeDuringNumbers, {
        text: `EXPUNGE of message ${message} came while ${work.name} was in progress`,
      })
    },
  },
}

const vanishedOutOfTurn: Check = {
  id: 'S03',
  name: 'vanished-out-of-turn',
  level: 'error',
  side: 'server',
  needsBeginning: true,
  title: 'VANISHED while no command, or one by message numbers, is in progress',
  reference: 'RFC 7162 section 3.2.10.2',
  advice: 'The server must hold VANISHED back until a command is in progress that is not by message numbers.',
  untagged: {
    VANISHED(scene, { isEarlier, uids }) {
      const { model } = scene
      // With UIDONLY there are no message numbers left to confuse (RFC 9586 section 3).
      if (isEarlier || model.isUidOnly) return
      const work = findNumbered(model) ?? findNumberedSearch(model)
      if (!work && !isUnasked(model)) return
      scene.raise(vanishedOutOfTurn, {
        text: `VANISHED of ${shorten(uids)} came while ${work?.name ?? 'no command'} was in progress`,
      })
    },
  },
}

const expungeOfNothing: Check = {
  id: 'S04',
  name: 'expunge-out-of-range',
  level: 'error',
  side: 'server',
  title: 'EXPUNGE of a message number that no message has',
  reference: 'RFC 9051 section 7.5.1',
  advice: 'The server must number messages from 1 to EXISTS; the client should select the mailbox again.',
  noise: { exchange: 'warning', godaddy: 'warning' },
  untagged: {
    EXPUNGE(scene, { message }) {
      const exists = scene.model.current?.exists
      if (message > 0 && (exists === undefined || message <= exists)) return
      scene.raise(expungeOfNothing, {
        text: `EXPUNGE of message ${message} in a mailbox of ${exists ?? 'an unknown number of'} messages`,
      })
    },
  },
}

const existsDecreased: Check = {
  id: 'S05',
  name: 'exists-decreased',
  level: 'error',
  side: 'server',
  title: 'EXISTS is smaller than before although nothing was expunged',
  reference: 'RFC 9051 section 5.2, RFC 9051 section 7.4.1',
  advice: 'The server must tell of every removed message with EXPUNGE or VANISHED before EXISTS goes down.',
  untagged: {
    EXISTS(scene, { count }) {
      const { current } = scene.model
      if (!current?.isOpen || current.exists === undefined || count >= current.exists) return
      scene.raise(existsDecreased, {
        text: `EXISTS went from ${current.exists} to ${count} without EXPUNGE or VANISHED in between`,
      })
    },
  },
}

const fetchOfNothing: Check = {
  id: 'S06',
  name: 'fetch-out-of-range',
  level: 'error',
  side: 'server',
  title: 'FETCH response for a message number that no message has',
  glances: true,
  reference: 'RFC 9051 section 2.3.1.2, RFC 9051 section 7.5.2',
  advice: 'The server must tell of new messages with EXISTS before it tells of what is in them.',
  noise: { courier: 'warning', exchange: 'warning', godaddy: 'warning' },
  untagged: {
    FETCH(scene, { message }) {
      const exists = scene.model.current?.exists
      if (message > 0 && (exists === undefined || message <= exists)) return
      scene.raise(fetchOfNothing, {
        text: `FETCH of message ${message} in a mailbox of ${exists ?? 'an unknown number of'} messages`,
      })
    },
  },
}

/** Characters of a set of UIDs that are shown. */
const SET_SHOWN = 60

const shorten = (set: string): string => (set.length > SET_SHOWN ? `${set.slice(0, SET_SHOWN)}...` : set)

export const countChecks: readonly Check[] = [
  expungeWithoutCommand,
  expungeDuringNumbers,
  vanishedOutOfTurn,
  expungeOfNothing,
  existsDecreased,
  fetchOfNothing,
]
