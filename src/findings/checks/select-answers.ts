/** Checks of what a server owes to SELECT and EXAMINE (RFC 9051 sections 6.3.2 and 6.3.3, RFC 3501 section 6.3.1, RFC 7162). */

import type { Check, SeenCompletion } from '../check.ts'
import { asksForModSeq } from '../model/mod-sequence-use.ts'
import type { SessionModel } from '../model/session-model.ts'
import type { Work } from '../model/work.ts'
import type { Scene } from '../scene.ts'
import { isAlone } from './attribution.ts'

/** The hooks of a check that looks at each mailbox that was opened while nothing else was in progress. */
const onSelected = (
  look: (scene: Scene, work: Work, seen: SeenCompletion) => void,
): NonNullable<Check['completions']> => {
  const hook = (scene: Scene, seen: SeenCompletion): void => {
    // A command that fails owes nothing, and what came for several is nobody's.
    if (seen.response.status === 'OK' && isAlone(scene, seen.work)) look(scene, seen.work, seen)
  }
  return { SELECT: hook, EXAMINE: hook }
}

const selectIncomplete: Check = {
  id: 'S20',
  name: 'select-incomplete',
  level: 'error',
  side: 'server',
  needsBeginning: true,
  title: 'SELECT or EXAMINE succeeds without all that it must tell of the mailbox',
  reference: 'RFC 9051 section 6.3.2, RFC 3501 section 6.3.1',
  advice: 'The server must send all required responses before it completes SELECT or EXAMINE.',
  completions: onSelected((scene, work) => {
    const { isRev2 } = scene.model
    const required = ['FLAGS', 'EXISTS', isRev2 ? 'LIST' : 'RECENT'].filter((word) => work.count(word) === 0)
    const codes = namesOfCodes(work).filter((word) => !work.codes.has(word))
    const missing = [...required, ...codes]
    if (missing.length === 0) return
    // Clients of IMAP4rev1 are told what to assume without the codes.
    const isError = required.length > 0 || (isRev2 && codes.some((word) => word !== 'PERMANENTFLAGS'))
    scene.raise(selectIncomplete, {
      text: `${work.name} succeeded without ${missing.join(', ')}`,
      level: isError ? 'error' : 'warning',
    })
  }),
}

/** What cannot be changed at all need not be told which flags last. */
function namesOfCodes({ name }: Work): readonly string[] {
  return name === 'EXAMINE' ? ['UIDNEXT', 'UIDVALIDITY'] : ['PERMANENTFLAGS', 'UIDNEXT', 'UIDVALIDITY']
}

const readOnlyUntold: Check = {
  id: 'S21',
  name: 'read-only-untold',
  level: 'error',
  side: 'server',
  title: 'A mailbox is opened read-only, and the completion does not begin with [READ-ONLY]',
  reference: 'RFC 9051 section 6.3.2, RFC 9051 section 6.3.3',
  advice: 'The server must begin the text of the completion with [READ-ONLY].',
  completions: onSelected((scene, work, { response }) => {
    const code = response.text.code?.name
    if (code === 'READ-ONLY') return
    if (work.name === 'EXAMINE')
      scene.raise(readOnlyUntold, {
        text: `EXAMINE was completed ${code ? `with [${code}]` : 'without a code'}`,
      })
    else if (work.codes.has('READ-ONLY'))
      scene.raise(readOnlyUntold, {
        text: 'SELECT told of [READ-ONLY] in an untagged OK, not in its completion',
      })
  }),
}

const closedUntold: Check = {
  id: 'S22',
  name: 'closed-untold',
  level: 'error',
  side: 'server',
  title: 'Another mailbox is selected, and no [CLOSED] tells where responses for the old one end',
  reference: 'RFC 7162 section 3.2.11, RFC 9051 section 6.3.2',
  advice: 'The server must send an untagged OK with [CLOSED] before it tells of the new mailbox.',
  completions: onSelected((scene, work) => {
    const { model } = scene
    const { mailbox, selects } = work
    if (mailbox === undefined || !selects || mailbox === selects.name) return
    if (!knowsModSeq(model) && !model.isRev2) return
    if (work.codes.has('CLOSED')) return
    scene.raise(closedUntold, { text: `${work.name} closed the selected mailbox without [CLOSED]` })
  }),
}

const modSeqUntold: Check = {
  id: 'S23',
  name: 'highestmodseq-untold',
  level: 'error',
  side: 'server',
  title: 'SELECT or EXAMINE of a client that uses CONDSTORE succeeds without HIGHESTMODSEQ and NOMODSEQ',
  reference: 'RFC 7162 section 3.1.2',
  advice:
    'The server must send HIGHESTMODSEQ, or NOMODSEQ where it keeps none; clients must not use CONDSTORE here.',
  completions: onSelected((scene, work) => {
    const { model } = scene
    if (!knowsModSeq(model) || !(model.isCondstoreAware || asksForModSeq(work.command))) return
    if (work.codes.has('HIGHESTMODSEQ') || work.codes.has('NOMODSEQ')) return
    scene.raise(modSeqUntold, { text: `${work.name} succeeded without HIGHESTMODSEQ and NOMODSEQ` })
  }),
}

/** QRESYNC implies CONDSTORE (RFC 7162 section 3.2.3). */
const knowsModSeq = (model: SessionModel): boolean => model.has('CONDSTORE') || model.has('QRESYNC')

export const selectChecks: readonly Check[] = [selectIncomplete, readOnlyUntold, closedUntold, modSeqUntold]
