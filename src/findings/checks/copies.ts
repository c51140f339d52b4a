/** Checks of COPY, MOVE and APPEND: which message became which, and what a refusal says (RFC 9051 sections 6.3.12, 6.4.7, 6.4.8). */

import { decodeMailboxName } from '../../imap/mailbox.ts'
import type { ResponseCode } from '../../imap/response-code.ts'
import type { SequenceSet } from '../../imap/sequence-set.ts'
import type { Check, SeenCompletion } from '../check.ts'
import type { Scene } from '../scene.ts'
import type { Work } from '../model/work.ts'
import { KEPT } from '../model/kept-text.ts'
import { isAlone, onlyWork } from './attribution.ts'

/** How many numbers a set of ranges stands for; undefined where an end is open. */
function countSet(set: SequenceSet): number | undefined {
  const sum = set.split(',').reduce((count, range) => {
    const [first = Number.NaN, last = first] = range.split(':').map(Number)
    return count + Math.abs(last - first) + 1
  }, 0)
  return Number.isNaN(sum) ? undefined : sum
}

/** Those of the numbers that the set names; the set is gone through once, whatever its length. */
function findNamed(set: SequenceSet, numbers: readonly number[]): ReadonlySet<number> {
  const ascending = [...new Set(numbers)].toSorted((a, b) => a - b)
  const named = new Set<number>()
  for (const range of set.split(',')) {
    const [first = 0, last = first] = range.split(':').map(Number)
    const end = Math.max(first, last)
    for (let at = findFrom(ascending, Math.min(first, last)); (ascending[at] ?? Infinity) <= end; at++)
      named.add(ascending[at] ?? 0)
    if (named.size === ascending.length) break
  }
  return named
}

/** Where the first of them that is not below `least` stands. */
function findFrom(ascending: readonly number[], least: number): number {
  let from = 0
  for (let to = ascending.length; from < to;) {
    const middle = (from + to) >> 1
    if ((ascending[middle] ?? 0) < least) from = middle + 1
    else to = middle
  }
  return from
}

/** Where a command puts messages, decoded. */
function destinationOf({ model }: Scene, { command }: Work): string | undefined {
  const isCopying =
    command && 'mailbox' in command && /^(?:COPY|X?-?MOVE|XGWMOVE|APPEND|REPLACE)$/u.test(command.name)
  return isCopying && typeof command.mailbox === 'string'
    ? decodeMailboxName(command.mailbox, model.isUtf8)
    : undefined
}

function judgeCode(scene: Scene, code: ResponseCode | undefined, work: Work | undefined): void {
  if (!code || !work) return
  if (code.name === 'unknown' && /^(?:COPYUID|APPENDUID)$/iu.test(code.word))
    return scene.raise(oddUidCode, { text: `${code.word.toUpperCase()} cannot be read` })
  if (code.name === 'COPYUID') judgeSizes(scene, code.from, code.to)
  else if (code.name === 'APPENDUID') judgeAppended(scene, code.uids, work)
  else return
  judgeDestination(scene, code, work)
}

function judgeSizes(scene: Scene, from: SequenceSet, to: SequenceSet): void {
  const [sources, copies] = [countSet(from), countSet(to)]
  if (sources !== undefined && copies !== undefined && sources !== copies)
    return scene.raise(oddUidCode, { text: `COPYUID names ${sources} messages copied to ${copies}` })
  const [single] = /\b(\d+):\1\b/u.exec(`${from},${to}`) ?? []
  if (single !== undefined)
    scene.raise(oddUidCode, { text: `COPYUID names one message by the range ${single}`, level: 'warning' })
}

function judgeAppended(scene: Scene, uids: SequenceSet, { command }: Work): void {
  const appended =
    command?.name === 'APPEND' ? command.messages.length : command?.name === 'REPLACE' ? 1 : undefined
  const count = countSet(uids)
  if (appended === undefined || count === undefined) return
  if (count !== appended)
    scene.raise(oddUidCode, { text: `APPENDUID names ${count} messages where ${appended} were appended` })
  else if (appended === 1 && /[:,]/u.test(uids))
    scene.raise(oddUidCode, { text: `APPENDUID names one message by the range ${uids}` })
}

/** Only of the selected mailbox is it known what holds now. */
function judgeDestination(
  scene: Scene,
  code: ResponseCode & { readonly uidValidity: number },
  work: Work,
): void {
  const { mailbox } = scene.model
  if (!mailbox || destinationOf(scene, work) !== mailbox.name) return
  if (!mailbox.isUidSticky)
    scene.raise(oddUidCode, { text: `${code.name} was said of a mailbox with UIDNOTSTICKY` })
  if (mailbox.uidValidity !== undefined && mailbox.uidValidity !== code.uidValidity)
    scene.raise(oddUidCode, {
      text: `${code.name} has UIDVALIDITY ${code.uidValidity} for ${mailbox.name}, which has ${mailbox.uidValidity}`,
    })
}

/** The same for each command that puts messages somewhere. */
function forCopies<Hook>(hook: Hook): Readonly<Record<string, Hook>> {
  const names = ['APPEND', 'COPY', 'UID COPY', 'MOVE', 'UID MOVE', 'REPLACE', 'UID REPLACE']
  return Object.fromEntries(names.map((name) => [name, hook]))
}

const oddUidCode: Check = {
  id: 'S37',
  name: 'odd-copyuid',
  level: 'error',
  side: 'server',
  title: 'COPYUID or APPENDUID does not fit the messages or the mailbox',
  reference: 'RFC 4315 section 3, RFC 9051 section 7.1',
  advice: 'The server must name as many UIDs as messages, with the UIDVALIDITY of the destination.',
  noise: { exchange: 'warning' },
  untagged: {
    OK(scene, { text }) {
      if (text.code) judgeCode(scene, text.code, onlyWork(scene.model))
    },
  },
  completions: forCopies((scene: Scene, { response, work }: SeenCompletion): void =>
    judgeCode(scene, response.text.code, work),
  ),
}

/** UIDs that went while one MOVE was in progress; those beyond are not judged. */
const GONE = 1_000
const makeGone = (): { readonly uids: number[]; readonly lines: string[] } => ({ uids: [], lines: [] })
/** Responses that a finding shows of them. */
const GONE_SHOWN = 3
/** Characters of a set that it shows. */
const SHOWN = 200

const isMove = (work: Work | undefined): work is Work => work?.name === 'MOVE' || work?.name === 'UID MOVE'

function noteGone(work: Work, uid: number | undefined, line: string): void {
  const { uids, lines } = work.note(makeGone)
  if (uid === undefined || uid === 0 || uids.length >= GONE) return
  uids.push(uid)
  if (lines.length < GONE_SHOWN) lines.push(line)
}

const none: ReadonlySet<number> = new Set()

function judgeOrder(scene: Scene, code: ResponseCode | undefined, work: Work | undefined): void {
  if (code?.name !== 'COPYUID' || !isMove(work)) return
  const { uids, lines } = work.note(makeGone)
  const early = uids.length === 0 ? none : findNamed(code.from, uids)
  if (early.size === 0) return
  scene.raise(lateCopyUid, {
    text: `${early.size} of the messages that ${work.name} ${work.tag} moved went before COPYUID named them`,
    meanwhile: lines,
    // RFC 6851 section 4.3 advises it only.
    level: scene.model.isRev2 ? 'error' : 'warning',
  })
}

const lateCopyUid: Check = {
  id: 'S38',
  name: 'expunge-before-copyuid',
  level: 'error',
  side: 'server',
  title: 'MOVE removed messages before COPYUID told where they went',
  reference: 'RFC 9051 section 6.4.8, RFC 6851 section 4.3',
  advice: 'The server must send COPYUID in an untagged OK before the EXPUNGE responses of a MOVE.',
  untagged: {
    EXPUNGE({ model }, { message }) {
      const work = onlyWork(model)
      if (isMove(work)) noteGone(work, model.mailbox?.uids.uidAt(message), `S * ${message} EXPUNGE`)
    },
    VANISHED({ model }, { isEarlier, uids }) {
      const work = onlyWork(model)
      if (isEarlier || !isMove(work)) return
      // Digits, and what stands between them.
      const line = `S * VANISHED ${uids.slice(0, SHOWN)}`
      for (const range of uids.split(',').slice(0, GONE)) noteGone(work, Number(range.split(':', 1)[0]), line)
    },
    OK(scene, { text }) {
      if (text.code) judgeOrder(scene, text.code, onlyWork(scene.model))
    },
  },
  completions: {
    MOVE: (scene, { response, work }) => judgeOrder(scene, response.text.code, work),
    'UID MOVE': (scene, { response, work }) => judgeOrder(scene, response.text.code, work),
  },
}

interface Refusal {
  readonly mailbox: string
  readonly line: string
}

/** Refusals remembered until the mailbox is created. */
const REFUSALS = 20
const makeRefusals = (): Refusal[] => []

function judgeRefusal(scene: Scene, { response, work }: SeenCompletion): void {
  const { status, text } = response
  if (status !== 'NO' || !work || text.code?.name === 'TRYCREATE') return
  if (text.code?.name === 'COPYUID')
    scene.raise(missingTryCreate, {
      text: `${work.name} ${work.tag} was refused, and copied some all the same`,
    })
  const mailbox = destinationOf(scene, work)
  if (mailbox === undefined || mailbox === 'INBOX') return
  if (text.code?.name === 'NONEXISTENT')
    return scene.raise(missingTryCreate, {
      text: `${work.name} to ${mailbox}, which does not exist, was refused without TRYCREATE`,
      // Perhaps it cannot be created.
      level: 'warning',
    })
  const refusals = scene.model.note(makeRefusals)
  if (text.code || !scene.exchange || mailbox.length > KEPT) return
  const { tag, name, args } = scene.exchange
  refusals.push({ mailbox, line: `C ${tag} ${name} ${args}` })
  if (refusals.length > REFUSALS) refusals.shift()
}

function forgetRefusals({ model }: Scene): void {
  model.note(makeRefusals).length = 0
}

const missingTryCreate: Check = {
  id: 'S39',
  name: 'refused-without-trycreate',
  level: 'error',
  side: 'server',
  title: 'A message was refused for want of the mailbox, and the refusal lacks TRYCREATE',
  reference: 'RFC 9051 sections 6.3.12 and 6.4.7',
  advice: 'The server must say TRYCREATE when the destination does not exist and can be created.',
  completions: {
    ...forCopies(judgeRefusal),
    // What is gone now may have been there before.
    DELETE: forgetRefusals,
    RENAME: forgetRefusals,
    CREATE(scene, { response, work }) {
      if (response.status !== 'OK' || !isAlone(scene, work) || work.command?.name !== 'CREATE') return
      const created = decodeMailboxName(work.command.mailbox, scene.model.isUtf8)
      const refusals = scene.model.note(makeRefusals)
      const at = refusals.findIndex(({ mailbox }) => mailbox === created)
      const [refusal] = at < 0 ? [] : refusals.splice(at, 1)
      if (!refusal) return
      scene.raise(missingTryCreate, {
        text: `${created} could be created, and a message for it had been refused without TRYCREATE`,
        before: [refusal.line],
      })
    },
  },
}

export const copyChecks: readonly Check[] = [oddUidCode, lateCopyUid, missingTryCreate]
