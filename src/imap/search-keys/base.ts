/** The search keys of RFC 3501 and RFC 9051 section 6.4.4 that hold no other key. */

import type { Cursor } from '../cursor.ts'
import type { Flag } from '../flag.ts'
import { DQUOTE } from '../octets.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import { readAString } from '../strings.ts'
import { readLargeNumber, type LargeNumber } from '../words.ts'
import {
  formOfBareKeys,
  formOfTextKeys,
  readSpacedAString,
  readSpacedWord,
  writeSpacedAString,
  writeSpacedWord,
  type KeyForm,
  type WordGrammar,
} from './form.ts'

const bareKeys = [
  'ALL',
  'ANSWERED',
  'DELETED',
  'DRAFT',
  'FLAGGED',
  'NEW',
  'OLD',
  'RECENT',
  'SEEN',
  'UNANSWERED',
  'UNDELETED',
  'UNDRAFT',
  'UNFLAGGED',
  'UNSEEN',
] as const
const textKeys = ['BCC', 'BODY', 'CC', 'FROM', 'SUBJECT', 'TEXT', 'TO'] as const
const flagKeys = ['KEYWORD', 'UNKEYWORD'] as const
const dateKeys = ['BEFORE', 'ON', 'SINCE', 'SENTBEFORE', 'SENTON', 'SENTSINCE'] as const
const sizeKeys = ['LARGER', 'SMALLER'] as const

export type BaseKey =
  | { readonly key: (typeof bareKeys)[number] }
  | { readonly key: (typeof textKeys)[number]; readonly value: string }
  | { readonly key: (typeof flagKeys)[number]; readonly flag: Flag }
  | { readonly key: (typeof dateKeys)[number]; readonly date: SearchDate }
  | { readonly key: (typeof sizeKeys)[number]; readonly size: LargeNumber }
  | { readonly key: 'HEADER'; readonly field: string; readonly value: string }
  | { readonly key: 'UID'; readonly set: SequenceSet }

/** `1-Feb-2025`, without its quotes. */
export type SearchDate = string

type KeyOf<T extends BaseKey['key']> = Extract<BaseKey, { readonly key: T }>

const keyword: WordGrammar = {
  pattern: /^[!#$&'+,\-./0-9:;<=>?@A-Z[^_`a-z|}~]+$/u,
  rule: 'quoted-keyword',
  // Zimbra refuses `KEYWORD "Gmail"`.
  text: 'a keyword that is no atom',
}

const dateText = /^\d{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{4}$/iu

const bareForm = formOfBareKeys(bareKeys)

const textForm = formOfTextKeys(textKeys)

const flagForm: KeyForm<KeyOf<(typeof flagKeys)[number]>> = {
  keys: flagKeys,
  read: (cursor, key) => ({ key, flag: readSpacedWord(cursor, keyword) }),
  write: (writer, { flag }) => writeSpacedWord(writer, flag, keyword),
}

const dateForm = formOfDateKeys(dateKeys)

const sizeForm: KeyForm<KeyOf<(typeof sizeKeys)[number]>> = {
  keys: sizeKeys,
  read(cursor, key) {
    cursor.readSpace()
    return { key, size: readLargeNumber(cursor) }
  },
  write: (writer, { size }) => writer.word(` ${size}`),
}

const headerForm: KeyForm<KeyOf<'HEADER'>> = {
  keys: ['HEADER'],
  read: (cursor, key) => ({ key, field: readSpacedAString(cursor), value: readSpacedAString(cursor) }),
  write(writer, { field, value }) {
    writeSpacedAString(writer, field)
    writeSpacedAString(writer, value)
  },
}

const uidForm: KeyForm<KeyOf<'UID'>> = {
  keys: ['UID'],
  read(cursor, key) {
    cursor.readSpace()
    return { key, set: readSequenceSet(cursor) }
  },
  write: (writer, { set }) => writer.word(` ${set}`),
}

export const baseForms = [bareForm, textForm, flagForm, dateForm, sizeForm, headerForm, uidForm] as const

/** Keys with one date. */
export function formOfDateKeys<const K extends string>(
  keys: readonly K[],
): KeyForm<{ readonly key: K; readonly date: SearchDate }> {
  return {
    keys,
    read: (cursor, key) => ({ key, date: readSpacedDate(cursor) }),
    write: (writer, { date }) => writeSpacedAString(writer, date),
  }
}

/** With or without quotes (RFC 9051 `date`). */
function readSpacedDate(cursor: Cursor): SearchDate {
  cursor.readSpace()
  const isLiteral = cursor.isAtLiteral()
  const isQuoted = cursor.peek() === DQUOTE
  const from = cursor.at
  const date = readAString(cursor)
  // An escape inside the quotes shows in the length.
  const isPlain = !isLiteral && cursor.at - from === date.length + (isQuoted ? 2 : 0)
  if (!isPlain || !dateText.test(date)) cursor.quirk('odd-date', 'a date that is not written as 1-Feb-2025')
  return date
}
