/** Checks of a client's habits: what is allowed and still unwise, or beyond a stated limit; knows no grammar. */

import { takesCredentials } from '../../imap/redact.ts'
import { decodeMailboxName } from '../../imap/mailbox.ts'
import type { Check, SeenCommand } from '../check.ts'
import type { Scene } from '../scene.ts'

/** Milliseconds that an IDLE should last at most (RFC 2177 section 3). */
const IDLE_AT_MOST = 29 * 60_000

function tellLongIdle(scene: Scene): void {
  const { idleSince } = scene.model
  if (idleSince === undefined || scene.at - idleSince <= IDLE_AT_MOST) return
  scene.raise(longIdle, { text: `one IDLE lasted ${Math.floor((scene.at - idleSince) / 60_000)} minutes` })
}

const longIdle: Check = {
  id: 'C09',
  name: 'idle-too-long',
  level: 'warning',
  side: 'client',
  title: 'One IDLE of more than 29 minutes',
  reference: 'RFC 9051 section 6.3.13, RFC 2177 section 3',
  advice: 'End IDLE and begin it anew at least every 29 minutes: servers log idle clients out after 30.',
  clientData(scene, { message }) {
    if (message.kind === 'idle-done') tellLongIdle(scene)
  },
  closed: tellLongIdle,
}

const statusOfSelected: Check = {
  id: 'C22',
  name: 'status-of-selected-mailbox',
  level: 'warning',
  side: 'client',
  title: 'STATUS of the mailbox that is selected',
  reference: 'RFC 9051 section 6.3.11',
  advice: 'Use NOOP or IDLE: the server tells of the selected mailbox by itself.',
  commands: {
    STATUS(scene, { command }) {
      const { mailbox, isUtf8 } = scene.model
      if (command.name !== 'STATUS' || !mailbox) return
      if (decodeMailboxName(command.mailbox, isUtf8) !== mailbox.name) return
      scene.raise(statusOfSelected, { text: `STATUS asks for ${mailbox.name}, which is selected` })
    },
  },
}

const idLimit: Check = {
  id: 'C23',
  name: 'id-beyond-limits',
  level: 'warning',
  side: 'client',
  title: 'ID with more or longer parameters than allowed, or one of them twice',
  reference: 'RFC 2971 section 3.3',
  advice: 'Send at most 30 pairs, fields of 30 and values of 1024 octets, and each field once.',
  commands: {
    ID(scene, { event }) {
      const quirk = event.message.command().quirks.find(({ rule }) => idRules.has(rule))
      if (quirk) scene.raise(idLimit, { text: quirk.text })
    },
  },
}

/** Quirks of the reader, which knows the limits. */
const idRules = new Set(['id-too-long', 'repeated-field'])

const appendLimit: Check = {
  id: 'C25',
  name: 'beyond-announced-limit',
  level: 'warning',
  side: 'client',
  title: 'APPEND of more than APPENDLIMIT, or SETQUOTA without QUOTASET',
  reference: 'RFC 7889 section 4, RFC 9208 section 4.1.3',
  advice: 'Look at the limit before sending: the server takes all octets and then says NO.',
  commands: {
    APPEND(scene, { event }) {
      const limit = appendLimitOf(scene.model.capabilities)
      const sizes = event.message.raw.parts.flatMap((part) =>
        part.kind === 'literal' ? part.announced.size : [],
      )
      const largest = Math.max(0, ...sizes.slice(0, 1_000))
      if (limit === undefined || largest <= limit) return
      scene.raise(appendLimit, { text: `a message of ${largest} octets, and APPENDLIMIT is ${limit}` })
    },
    SETQUOTA(scene) {
      const { capabilities } = scene.model
      // Without QUOTA=RES-* the server is of RFC 2087, where SETQUOTA belongs to QUOTA.
      const isNew = [...(capabilities ?? [])].some((word) => word.startsWith('QUOTA=RES-'))
      if (!isNew || capabilities?.has('QUOTASET')) return
      scene.raise(appendLimit, { text: 'SETQUOTA was sent although QUOTASET is not announced' })
    },
  },
}

function appendLimitOf(capabilities: ReadonlySet<string> | undefined): number | undefined {
  for (const word of capabilities ?? []) {
    const [, digits] = /^APPENDLIMIT=(\d+)$/u.exec(word) ?? []
    if (digits !== undefined) return Number(digits)
  }
  return undefined
}

const makeSecretMemory = (): { isTold: boolean } => ({ isTold: false })

function tellSecret(scene: Scene, { name }: SeenCommand): void {
  const memory = scene.model.note(makeSecretMemory)
  if (memory.isTold || !takesCredentials(name)) return
  memory.isTold = true
  scene.raise(secretSeen, { text: `${name} carries a secret, which is not shown` })
}

const secretSeen: Check = {
  id: 'C27',
  name: 'secret-redacted',
  level: 'note',
  side: 'client',
  title: 'A token as good as a credential passed, and was redacted',
  reference: 'RFC 9051 section 11.1, RFC 4467 section 6',
  advice: 'Nothing need be done: logs, captures and this screen do not hold it.',
  // Every session has a login: that its password is redacted is no news.
  commands: { GENURLAUTH: tellSecret, URLFETCH: tellSecret, unknown: tellSecret },
}

export const clientHabitChecks: readonly Check[] = [
  longIdle,
  statusOfSelected,
  idLimit,
  appendLimit,
  secretSeen,
]
