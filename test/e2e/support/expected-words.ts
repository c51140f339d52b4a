/** What each profile says to each step of the errand, and how each client repeats it; the one table that the tests hold clients to. */

import { steps, type Step, type Told } from './errand.ts'

/** `OK` or the completion as it goes over the wire; what was found where a step finds something. */
export type Words = Readonly<Record<Step, string>>

export const names = 'Drafts INBOX Trash Work'
const byPolicy = 'NO [NOPERM] not permitted by the policy'
const byNobody = 'NO [NOPERM] nobody has agreed to this'
/** MOVE is hidden from the capabilities, and so nobody's to use. */
const unavailable = 'BAD this is not available here'
const digest = '8028d218695fdf9a'
export const unseen = `6 messages, ${digest}, 0 seen`
/** By whom BODY[] is asked for, without PEEK. */
export const seen = `6 messages, ${digest}, 6 seen`

const everything = Object.fromEntries(steps.map((step) => [step, 'OK']))
const nothing = Object.fromEntries(steps.map((step) => [step, byPolicy]))

export const unrestricted = { ...everything, list: names, open: '6 messages', read: seen } as Words

export const wordsOf: Readonly<Record<string, Words>> = {
  'read-only': {
    ...(nothing as Words),
    list: names,
    open: 'read-only',
    read: unseen,
    move: unavailable,
    close: 'OK',
  },
  organise: {
    ...unrestricted,
    'mark deleted': String.raw`NO [NOPERM] messages are not destroyed here: \Deleted is not set`,
    expunge: byPolicy,
    append: 'NO [NOPERM] only drafts are added here',
    delete: byPolicy,
    close: 'NO [NOPERM] CLOSE would expunge; UNSELECT does not',
  },
  'append-only': {
    ...(nothing as Words),
    list: names,
    open: 'read-only',
    move: unavailable,
    append: 'OK',
    draft: 'OK',
    close: 'OK',
  },
  'no-attachments-above': unrestricted,
  'legacy-device': {
    ...(nothing as Words),
    list: 'INBOX',
    open: 'read-only',
    read: unseen,
    flag: 'NO [NOPERM] not permitted here: flag',
    'mark deleted': 'NO [NOPERM] not permitted here: flag, delete',
    expunge: 'NO [NOPERM] not permitted here: delete',
    move: unavailable,
    append: 'NO [NOPERM] not permitted here: insert',
    create: 'NO [CANNOT] this mailbox name cannot be used here',
    close: 'OK',
  },
  agent: {
    ...(Object.fromEntries(steps.map((step) => [step, byNobody])) as Words),
    list: 'INBOX',
    open: '6 messages',
    read: unseen,
    create: 'NO [CANNOT] this mailbox name cannot be used here',
  },
}

type Repeat = (step: Step, words: Words) => string

const exitOfUpload = 25
const exitOfFetch = 78
const exitOfCommand = 21

export const repeats: Readonly<Record<string, Repeat>> = {
  curl: (step, { [step]: word }) => {
    if (!isRefusal(word)) return word
    if (step === 'append' || step === 'draft') return `${word}, exit ${exitOfUpload}`
    return `${word}, exit ${step === 'read' ? exitOfFetch : exitOfCommand}`
  },
  // It raises what is BAD.
  imaplib: (_step, { [_step]: word }) =>
    word.startsWith('BAD ') ? `error UID command error: BAD [b'${word.slice('BAD '.length)}']` : word,
  imapflow: repeatImapflow,
}

export function tellsOf(client: string, words: Words): Told {
  const repeat = repeats[client]
  if (!repeat) throw new Error(`nobody knows how ${client} tells`)
  return Object.fromEntries(steps.map((step) => [step, repeat(step, words)]))
}

/** It asks with PEEK, does not try to change what is read-only, throws for some commands and answers false for others. */
function repeatImapflow(step: Step, words: Words): string {
  const word = words[step]
  if (step === 'read') return word === seen ? unseen : word.replace(/^NO \[NOPERM\]/u, 'error NO')
  if (words.open === 'read-only' && ['flag', 'mark deleted', 'expunge'].includes(step)) return 'false '
  // To delete messages it marks them first; what it does not know as MOVE it does by COPY.
  if (step === 'expunge' && isRefusal(words['mark deleted'])) return `false ${words['mark deleted']}`
  if (step === 'move' && word === unavailable) return `false ${words.copy}`
  if (!isRefusal(word)) return word
  if (step === 'close') return `false ${word.replace(' [NOPERM]', '')}`
  return ['append', 'draft', 'create', 'delete'].includes(step) ? `error ${word}` : `false ${word}`
}

const isRefusal = (word: string): boolean => /^(?:NO|BAD) /u.test(word)
