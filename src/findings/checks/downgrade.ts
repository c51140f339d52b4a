/** Checks of protection that got worse: STARTTLS, mechanisms and TLS versions, against what the same server had before. */

import type { Check, SeenCompletion } from '../check.ts'
import type { ServerHistory } from '../model/history.ts'
import { Remembered } from '../model/history.ts'
import type { Scene } from '../scene.ts'
import { KEPT } from '../model/kept-text.ts'

function historyOf({ history, model }: Scene): ServerHistory {
  const known = history.servers.find(model.upstream)
  if (known) return known
  const made: ServerHistory = { hasStartTls: false, mechanisms: new Set() }
  history.servers.set(model.upstream, made)
  return made
}

const missingStartTls: Check = {
  id: 'X05',
  name: 'starttls-stripped',
  level: 'warning',
  side: 'server',
  title: 'STARTTLS is gone although the server had it, or is offered behind TLS',
  reference: 'RFC 9051 section 6.2.1',
  advice: 'Somebody on the path may be removing it: use imaps, or find out why the server changed.',
  secured(scene, { side }) {
    if (side === 'server' && scene.model.upstream.startsWith('imap+starttls:'))
      historyOf(scene).hasStartTls = true
  },
  warning(scene, { reason }) {
    if (reason === 'upstream refuses STARTTLS' && historyOf(scene).hasStartTls)
      scene.raise(missingStartTls, { text: 'the server refuses STARTTLS, and took it in an earlier session' })
  },
  capabilities(scene, words, isInside) {
    const isOffered = words.has('STARTTLS')
    if (scene.model.tls.server) {
      if (isOffered) scene.raise(missingStartTls, { text: 'STARTTLS is offered although TLS is active' })
      return
    }
    if (isInside || scene.model.upstream === '') return
    const known = historyOf(scene)
    if (known.hasStartTls && !isOffered)
      scene.raise(missingStartTls, { text: 'STARTTLS is not offered, and was in an earlier session' })
    if (isOffered) known.hasStartTls = true
  },
}

const startTlsTwice: Check = {
  id: 'X06',
  name: 'starttls-within-tls',
  level: 'error',
  side: 'proxy',
  title: 'STARTTLS was accepted although TLS was active already',
  reference: 'RFC 9051 section 6.2.1',
  advice: 'STARTTLS is answered by imaptap itself: report this, with a capture of the session.',
  exchange(scene, { name, status }) {
    if (name === 'STARTTLS' && status === 'OK' && scene.model.tls.client)
      scene.raise(startTlsTwice, { text: 'STARTTLS was accepted although TLS was active already' })
  },
}

const isScram = (mechanism: string): boolean => mechanism.startsWith('AUTH=SCRAM-')
/** They give the password away. */
const plain = new Set(['AUTH=PLAIN', 'AUTH=LOGIN', 'AUTH=XOAUTH2', 'AUTH=OAUTHBEARER'])

const weakerMechanisms: Check = {
  id: 'X07',
  name: 'weaker-mechanisms',
  level: 'warning',
  side: 'server',
  title: 'The server no longer offers SCRAM, and only mechanisms that give the password away',
  reference: 'RFC 9051 section 11.3, RFC 5802 section 9',
  advice: 'Find out whether the server changed: if it did not, somebody on the path removes mechanisms.',
  capabilities(scene, words, isInside) {
    if (isInside || scene.model.upstream === '') return
    const offered = new Set([...words].filter((word) => word.startsWith('AUTH=')))
    const known = historyOf(scene)
    const [lost] = [...known.mechanisms].filter(isScram)
    const isWeaker = lost !== undefined && ![...offered].some(isScram)
    const left = [...offered].find((word) => plain.has(word))
    if (isWeaker && left !== undefined)
      scene.raise(weakerMechanisms, { text: `${lost} was offered in an earlier session; ${left} is left` })
    // Told once, it is what the server has from now on.
    if (offered.size > 0) known.mechanisms = offered
  },
}

const weakTls: Check = {
  id: 'X08',
  name: 'weak-tls',
  level: 'note',
  side: 'server',
  title: 'A leg has TLS before 1.2, or a certificate for another name',
  reference: 'RFC 8997, RFC 7817 section 3',
  advice: 'Update the peer to TLS 1.2 or later, and have a certificate made for the name it is reached by.',
  secured(scene, { side, tls }) {
    if (/^(?:SSL|TLSv1(?:\.[01])?$)/u.test(tls.version))
      scene.raise(weakTls, { text: `the ${side}'s leg has ${tls.version}`, side })
  },
  tlsFailed(scene, { side, reason }) {
    if (/is not for |TLS versions before 1\.2/u.test(reason)) scene.raise(weakTls, { text: reason, side })
  },
}

interface Seen {
  session: string
  uidValidity: number
  uidNext: number
  modseq: bigint
  exists: number
}

/** Mailboxes remembered over all sessions: about 200 octets each. */
const MAILBOXES = 20_000
const makeMemory = (): Remembered<Seen> => new Remembered(MAILBOXES)

const rollback: Check = {
  id: 'X12',
  name: 'mailbox-rolled-back',
  level: 'note',
  side: 'server',
  title: 'A mailbox is older than it was in an earlier session',
  reference: 'RFC 9051 section 2.3.1.1',
  advice:
    'The server may have been restored from a backup, or be a replica that lags: it should change UIDVALIDITY.',
  completions: {
    SELECT: judgeMailbox,
    EXAMINE: judgeMailbox,
  },
}

function judgeMailbox(scene: Scene, { response }: SeenCompletion): void {
  const { model, history } = scene
  const { selecting, user } = model
  if (response.status !== 'OK' || !selecting || user === undefined || selecting.uidValidity === undefined)
    return
  if (selecting.name.length > KEPT) return
  const key = `${model.upstream}\n${user}\n${selecting.name}`
  const memory = history.note(makeMemory)
  const now: Seen = {
    session: model.id,
    uidValidity: selecting.uidValidity,
    uidNext: selecting.uidNext ?? 0,
    modseq: selecting.highestModSeq ?? 0n,
    exists: selecting.exists ?? 0,
  }
  const before = memory.find(key)
  memory.set(key, now)
  if (before && before.session !== now.session && before.uidValidity === now.uidValidity)
    compare(scene, before, now)
}

function compare(scene: Scene, before: Seen, now: Seen): void {
  const counts = `EXISTS was ${before.exists} and is ${now.exists}`
  if (now.uidNext > 0 && now.uidNext < before.uidNext)
    scene.raise(rollback, { text: `UIDNEXT was ${before.uidNext} and is ${now.uidNext}; ${counts}` })
  else if (now.modseq > 0n && now.modseq < before.modseq)
    scene.raise(rollback, { text: `HIGHESTMODSEQ was ${before.modseq} and is ${now.modseq}; ${counts}` })
}

export const downgradeChecks: readonly Check[] = [
  missingStartTls,
  startTlsTwice,
  weakerMechanisms,
  weakTls,
  rollback,
]
