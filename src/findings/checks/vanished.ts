/** Checks of what VANISHED names (RFC 7162 sections 3.2.6 and 3.2.10): who asked for it, in which order, which messages. */

import type { Check } from '../check.ts'
import { asksForVanished } from '../model/mod-sequence-use.ts'
import type { SessionModel } from '../model/session-model.ts'
import type { Scene } from '../scene.ts'
import { onlyWork } from './attribution.ts'

const vanishedWrong: Check = {
  id: 'S26',
  name: 'vanished-wrong',
  level: 'error',
  side: 'server',
  needsBeginning: true,
  title: 'VANISHED names messages that were never there, or comes with EARLIER unasked or too late',
  reference: 'RFC 7162 section 3.2.6, RFC 7162 section 3.2.10',
  advice:
    'The server must name visible messages only, and those that are gone since earlier first, where asked for.',
  untagged: {
    VANISHED(scene, { isEarlier, uids }) {
      const text = isEarlier ? findUnasked(scene.model) : findInvisible(scene.model, uids)
      if (text !== undefined) scene.raise(vanishedWrong, { text })
      else if (isEarlier) checkOrder(scene)
    },
  },
}

/** A command that nobody could read may have asked, or one from before the session was seen. */
function findUnasked({ open, hasGreeting }: SessionModel): string | undefined {
  if (!hasGreeting) return undefined
  for (const work of open.values()) if (!work.command || asksForVanished(work.command)) return undefined
  return 'VANISHED (EARLIER) came, and no command in progress asked for it'
}

function findInvisible({ current }: SessionModel, set: string): string | undefined {
  if (current?.exists === undefined) return undefined
  const { messages, highest } = measure(set)
  if (messages > current.exists)
    return `VANISHED names ${messages} messages in a mailbox of ${current.exists}`
  // Nothing has come since UIDNEXT was told: no message can have that UID.
  const { settled, promised } = current
  if (settled !== current.exists || promised === undefined || highest < promised) return undefined
  return `VANISHED names UID ${highest} although UIDNEXT was ${promised} and no message came since`
}

/** A FETCH of a change elsewhere looks the same, and may come at any time. */
function checkOrder(scene: Scene): void {
  const work = onlyWork(scene.model)
  if (work?.name !== 'UID FETCH' || work.count('FETCH') === 0) return
  scene.raise(vanishedWrong, {
    text: `VANISHED (EARLIER) came behind ${work.count('FETCH')} FETCH responses to the same command`,
    level: 'warning',
  })
}

function measure(set: string): { readonly messages: number; readonly highest: number } {
  let messages = 0
  let highest = 0
  for (const range of set.split(',')) {
    const [first = 0, last = first] = range.split(':').map(Number)
    messages += Math.abs(last - first) + 1
    highest = Math.max(highest, first, last)
  }
  return { messages: set === '' ? 0 : messages, highest }
}

export const vanishedChecks: readonly Check[] = [vanishedWrong]
