/** Checks of limits, progress and refusals: UIDONLY, MESSAGELIMIT, INPROGRESS, and whether NO and BAD mean what they say. */

import type { Check, SeenCommand, SeenCompletion } from '../check.ts'
import type { Scene } from '../scene.ts'
import { findWork, knowsTags } from './attribution.ts'

const makeUidOnly = (): { since: number | undefined } => ({ since: undefined })

/** The command names messages by numbers, and was sent when UIDONLY was on already. */
function judgeNumbers(scene: Scene, { response, work }: SeenCompletion): void {
  const { since } = scene.model.note(makeUidOnly)
  if (!work || since === undefined || work.openedAt <= since) return
  const { command } = work
  if (!command || !('messages' in command) || command.messages === '$') return
  const { status, text } = response
  if (status !== 'BAD')
    return scene.raise(numbersUnderUidOnly, {
      text: `${work.name} ${work.tag} uses message numbers under UIDONLY, and was answered ${status}`,
    })
  if (text.code?.name !== 'UIDREQUIRED')
    scene.raise(numbersUnderUidOnly, {
      text: `${work.name} ${work.tag} uses message numbers under UIDONLY, and the BAD lacks UIDREQUIRED`,
      level: 'warning',
    })
}

const numbersUnderUidOnly: Check = {
  id: 'S43',
  name: 'numbers-under-uidonly',
  level: 'error',
  side: 'server',
  title: 'The server uses or accepts message numbers although UIDONLY is enabled',
  reference: 'RFC 9586 section 3',
  advice: 'The server must send UIDFETCH and VANISHED, and answer message numbers by BAD with UIDREQUIRED.',
  untagged: {
    ENABLED(scene, { capabilities }) {
      if (capabilities.some((word) => word.toUpperCase() === 'UIDONLY'))
        scene.model.note(makeUidOnly).since ??= scene.at
    },
    FETCH(scene, { message }) {
      if (scene.model.isUidOnly)
        scene.raise(numbersUnderUidOnly, { text: `FETCH of message ${message} came under UIDONLY` })
    },
    EXPUNGE(scene, { message }) {
      if (scene.model.isUidOnly)
        scene.raise(numbersUnderUidOnly, { text: `EXPUNGE of message ${message} came under UIDONLY` })
    },
    ESEARCH(scene, { uid, items }) {
      if (!scene.model.isUidOnly || uid || !items.some(({ name }) => /^(?:MIN|MAX|ALL)$/u.test(name))) return
      scene.raise(numbersUnderUidOnly, { text: 'ESEARCH returned message numbers under UIDONLY' })
    },
  },
  completions: {
    FETCH: judgeNumbers,
    STORE: judgeNumbers,
    COPY: judgeNumbers,
    MOVE: judgeNumbers,
    UNAUTHENTICATE({ model }, { response }) {
      if (response.status === 'OK') model.note(makeUidOnly).since = undefined
    },
  },
}

/** What MESSAGELIMIT may stop (RFC 9738 section 3). */
const limited = [
  ...['FETCH', 'SEARCH', 'STORE', 'COPY', 'MOVE'].flatMap((name) => [name, `UID ${name}`]),
  'APPEND',
  'UID EXPUNGE',
]

/** A command that stopped at the limit, until the client goes on. */
interface Stopped {
  work: { readonly name: string; readonly text: string; readonly lines: readonly string[] } | undefined
}
const makeStopped = (): Stopped => ({ work: undefined })

function goOn({ model }: Scene, { name }: SeenCommand): void {
  const stopped = model.note(makeStopped)
  if (stopped.work?.name === name) stopped.work = undefined
}

function tellStopped(scene: Scene): void {
  const stopped = scene.model.note(makeStopped)
  const { work } = stopped
  if (work) scene.raise(oddProgress, { text: work.text, side: 'client', before: work.lines })
  stopped.work = undefined
}

const oddProgress: Check = {
  id: 'S44',
  name: 'odd-progress',
  level: 'warning',
  side: 'server',
  title: 'A command stopped at MESSAGELIMIT and nobody went on, or INPROGRESS does not add up',
  reference: 'RFC 9738 section 3, RFC 9585 section 4',
  advice:
    'The client should go on behind the UID of MESSAGELIMIT; the server must tell progress of open commands.',
  commands: {
    ...Object.fromEntries(limited.map((name) => [name, goOn])),
    SELECT: tellStopped,
    EXAMINE: tellStopped,
    CLOSE: tellStopped,
    LOGOUT: tellStopped,
  },
  untagged: {
    OK(scene, { text }) {
      const progress = text.code?.name === 'INPROGRESS' ? text.code.progress : undefined
      if (!progress) return
      const { tag, count, goal } = progress
      if (tag !== null && knowsTags(scene.model) && !findWork(scene.model, tag))
        scene.raise(oddProgress, { text: `INPROGRESS names tag ${tag}, which is not in progress` })
      if (count !== null && goal !== null && count > goal)
        scene.raise(oddProgress, { text: `INPROGRESS tells ${count} of ${goal}` })
    },
  },
  completions: {
    '*'(scene, { response, work }) {
      const { code } = response.text
      if (code?.name !== 'MESSAGELIMIT' || code.uid === undefined || !work) return
      const { name, tag } = work
      const text = `${name} ${tag} stopped at UID ${code.uid}, and the client did not go on`
      const command = `C ${tag} ${name} ${scene.exchange?.args ?? ''}`.trimEnd()
      scene.model.note(makeStopped).work = { name, text, lines: [command, ...scene.lines()] }
    },
  },
  closed: tellStopped,
}

/** Codes that say why a sound command could not be done (RFC 5530). */
const semantic = new Set([
  'ALREADYEXISTS',
  'AUTHENTICATIONFAILED',
  'AUTHORIZATIONFAILED',
  'EXPIRED',
  'INUSE',
  'NONEXISTENT',
  'NOPERM',
  'OVERQUOTA',
  'TRYCREATE',
  'UNAVAILABLE',
])
/** Words of a server that did not understand. */
const misunderstood =
  /\bsyntax error\b|\bparse error\b|\bunknown command\b|\bunrecogni[sz]ed command\b|\bmissing argument/iu

const wrongRefusal: Check = {
  id: 'S48',
  name: 'no-and-bad-confused',
  level: 'warning',
  side: 'server',
  title: 'BAD refuses a sound command, or NO an unsound one',
  reference: 'RFC 9051 section 7.1',
  advice: 'The server should answer NO to what cannot be done, and BAD to what it does not understand.',
  completions: {
    '*'(scene, { response, work }) {
      const { status, text } = response
      if (status === 'OK' || !work) return
      const code = text.code?.name
      if (status === 'BAD' && code !== undefined && semantic.has(code))
        scene.raise(wrongRefusal, { text: `${work.name} ${work.tag} was answered BAD with ${code}` })
      if (status === 'NO' && misunderstood.test(text.text))
        scene.raise(wrongRefusal, { text: `${work.name} ${work.tag} was answered NO for its syntax` })
    },
  },
}

export const progressChecks: readonly Check[] = [numbersUnderUidOnly, oddProgress, wrongRefusal]
