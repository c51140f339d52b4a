/** Checks of what a server answers to SEARCH and SORT (RFC 9051 sections 6.4.4 and 7.3.4, RFC 4731, 5182, 5267). */

import type { Command } from '../../imap/commands/index.ts'
import type { ReturnOption } from '../../imap/return-option.ts'
import type { EsearchData } from '../../imap/responses/esearch.ts'
import type { Check, SeenCompletion } from '../check.ts'
import type { Scene } from '../scene.ts'
import type { Work } from '../model/work.ts'
import { keepText } from '../model/kept-text.ts'
import { findWork, isAlone, knowsTags, onlyWork } from './attribution.ts'

/** The same for each command that searches. */
function forSearches<Hook>(hook: Hook): Readonly<Record<string, Hook>> {
  return { SEARCH: hook, 'UID SEARCH': hook, SORT: hook, 'UID SORT': hook }
}

function returnsOf(command: Command | undefined): readonly ReturnOption[] | undefined {
  return command?.name === 'SEARCH' || command?.name === 'SORT' ? command.returns : undefined
}

interface Answer {
  count: number
  readonly names: Set<string>
}

const makeAnswer = (): Answer => ({ count: 0, names: new Set() })
/** Options that ask for something in the answer: SAVE, UPDATE and CONTEXT alone do not. */
const telling = new Set(['MIN', 'MAX', 'ALL', 'COUNT', 'PARTIAL'])
/** What there is only where something was found. */
const finds = new Set(['MIN', 'MAX', 'ALL'])

function judgeItems(scene: Scene, { items }: EsearchData): void {
  const isEmpty = items.some((item) => item.name === 'COUNT' && item.value === 0)
  const found = items.find(({ name }) => finds.has(name))
  if (isEmpty && found) scene.raise(oddEsearch, { text: `${found.name} was returned although COUNT is 0` })
  if (items.some((item) => item.name === 'ALL' && item.messages.includes('*')))
    scene.raise(oddEsearch, { text: 'ALL was returned with * in place of a number' })
}

/** Whether the answer must be ESEARCH: with RETURN, and to every SEARCH in IMAP4rev2. */
function owesEsearch({ model }: Scene, { command, name }: Work): boolean {
  const returns = returnsOf(command)
  if (returns) return returns.length === 0 || returns.some((option) => telling.has(option.name))
  return command !== undefined && name.endsWith('SEARCH') && model.isRev2
}

function judgeAnswer(scene: Scene, { response, work }: SeenCompletion): void {
  if (response.status !== 'OK' || !isAlone(scene, work) || !owesEsearch(scene, work)) return
  const answer = work.note(makeAnswer)
  if (answer.count === 0) {
    const instead = work.count('SEARCH') > 0 ? ', but SEARCH' : ''
    return scene.raise(oddEsearch, { text: `${work.name} ${work.tag} was answered by no ESEARCH${instead}` })
  }
  const isCounted = returnsOf(work.command)?.some(({ name }) => name === 'COUNT') ?? false
  if (isCounted && !answer.names.has('COUNT'))
    scene.raise(oddEsearch, { text: `${work.name} ${work.tag} asked for COUNT and did not get it` })
}

const oddEsearch: Check = {
  id: 'S34',
  name: 'odd-esearch',
  level: 'error',
  side: 'server',
  title: 'The ESEARCH response is missing, or does not hold what was asked for',
  reference: 'RFC 9051 section 7.3.4, RFC 4731 section 3.1',
  advice:
    'The server must answer by one ESEARCH with COUNT if asked for, and MIN, MAX and ALL only for matches.',
  untagged: {
    ESEARCH(scene, data) {
      judgeItems(scene, data)
      const { model } = scene
      const work = data.tag === undefined ? onlyWork(model) : findWork(model, data.tag)
      if (!work) return
      const answer = work.note(makeAnswer)
      answer.count += 1
      for (const { name } of data.items) answer.names.add(name)
    },
  },
  completions: forSearches(judgeAnswer),
}

/** Searches whose updates were asked for; with more of them no tag is judged. */
const CONTEXTS = 100
const makeContexts = (): Set<string> => new Set()

/** Their tags live on behind the completion (RFC 5267 section 4.3). */
function noteContext({ model }: Scene, { response, work }: SeenCompletion): void {
  const isKept = returnsOf(work?.command)?.some(({ name }) => name === 'UPDATE') ?? false
  const contexts = model.note(makeContexts)
  if (response.status !== 'OK' || !isKept || !work || contexts.size >= CONTEXTS) return
  contexts.add(keepText(work.tag))
}

const strayEsearch: Check = {
  id: 'S35',
  name: 'stray-esearch',
  level: 'error',
  side: 'server',
  title: 'ESEARCH names a tag that is not in progress, or lacks UID behind a UID command',
  reference: 'RFC 9051 section 7.3.4',
  advice: 'The server must name the tag of the search that it answers, and say UID when it returns UIDs.',
  untagged: {
    ESEARCH(scene, { tag, uid, items }) {
      const { model } = scene
      if (tag === undefined) return
      const work = findWork(model, tag)
      const contexts = model.note(makeContexts)
      if (!work && knowsTags(model) && !contexts.has(keepText(tag)) && contexts.size < CONTEXTS)
        scene.raise(strayEsearch, { text: `ESEARCH answers tag ${tag}, which is not in progress` })
      const isMarked = uid || !items.some(({ name }) => finds.has(name) || name === 'PARTIAL')
      if (work && !isMarked && /^UID (?:SEARCH|SORT)$/u.test(work.name))
        scene.raise(strayEsearch, { text: `${work.name} ${tag} was answered without UID` })
    },
  },
  completions: forSearches(noteContext),
}

/** Words of a refusal to keep the result. */
const aboutSaving = /\bsav(?:e|ed|ing)\b/iu

function judgeRefusal(scene: Scene, { response, work }: SeenCompletion): void {
  const { status, text } = response
  const isSaved = returnsOf(work?.command)?.some(({ name }) => name === 'SAVE') ?? false
  if (status !== 'NO' || !isSaved || !work || text.code?.name === 'NOTSAVED') return
  const isProven = text.code?.name === 'LIMIT' || aboutSaving.test(text.text)
  // Another code is another reason.
  if (text.code && !isProven) return
  scene.raise(notSaved, {
    text: `${work.name} ${work.tag} with SAVE was refused without NOTSAVED`,
    level: isProven ? 'error' : 'warning',
  })
}

const notSaved: Check = {
  id: 'S40',
  name: 'refused-save-without-notsaved',
  level: 'error',
  side: 'server',
  title: 'The result of a search was not saved, and the refusal lacks NOTSAVED',
  reference: 'RFC 9051 section 6.4.4.3, RFC 5182 section 2.5',
  advice:
    'The server must refuse to save a result by NO with NOTSAVED; the client must take $ for empty then.',
  completions: forSearches(judgeRefusal),
}

export const searchChecks: readonly Check[] = [oddEsearch, strayEsearch, notSaved]
