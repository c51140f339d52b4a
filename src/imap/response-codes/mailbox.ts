/** Response codes about a mailbox and its messages: numbers, flags, and which message became which. */

import { readPermanentFlags, writeFlags, type Flag } from '../flag.ts'
import { SP } from '../octets.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import { readNumber64, type LargeNumber } from '../words.ts'
import {
  readChoice,
  readCodeNumber,
  readCodeWord,
  readPositive,
  readCodeUids,
  type CodeForm,
} from './form.ts'

export interface PermanentFlagsCode {
  readonly name: 'PERMANENTFLAGS'
  readonly flags: readonly Flag[]
}

export const permanentFlags: CodeForm<PermanentFlagsCode> = {
  names: ['PERMANENTFLAGS'],
  read(cursor, name) {
    cursor.readSpace()
    return { name, flags: readPermanentFlags(cursor) }
  },
  write(writer, { flags }) {
    writer.space()
    writeFlags(writer, flags)
  },
}

export interface NumberCode {
  readonly name: 'UIDNEXT' | 'UIDVALIDITY' | 'UNSEEN' | 'MAXCONVERTMESSAGES' | 'MAXCONVERTPARTS'
  readonly value: number
}

export const numbers: CodeForm<NumberCode> = {
  names: ['UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'MAXCONVERTMESSAGES', 'MAXCONVERTPARTS'],
  read: (cursor, name) => ({ name, value: readPositive(cursor) }),
  write: (writer, { value }) => writer.word(` ${value}`),
}

export interface HighestModseqCode {
  readonly name: 'HIGHESTMODSEQ'
  readonly modseq: bigint
}

export const highestModseq: CodeForm<HighestModseqCode> = {
  names: ['HIGHESTMODSEQ'],
  read(cursor, name) {
    cursor.readSpace()
    const modseq = readNumber64(cursor)
    if (modseq === 0n) cursor.quirk('zero-number', 'zero where a number above it belongs')
    return { name, modseq }
  },
  write: (writer, { modseq }) => writer.word(` ${modseq}`),
}

/** MODIFIED names messages as the command did (RFC 7162 section 3.1.3); DOWNGRADED names UIDs (RFC 6858). */
export interface MessagesCode {
  readonly name: 'MODIFIED' | 'DOWNGRADED'
  readonly messages: SequenceSet
}

export const messages: CodeForm<MessagesCode> = {
  names: ['MODIFIED', 'DOWNGRADED'],
  read(cursor, name) {
    cursor.readSpace()
    return { name, messages: readSequenceSet(cursor) }
  },
  write: (writer, code) => writer.word(` ${code.messages}`),
}

export interface AppendUidCode {
  readonly name: 'APPENDUID'
  readonly uidValidity: number
  readonly uids: SequenceSet
}

export const appendUid: CodeForm<AppendUidCode> = {
  names: ['APPENDUID'],
  read: (cursor, name) => ({ name, uidValidity: readPositive(cursor), uids: readCodeUids(cursor) }),
  write: (writer, { uidValidity, uids }) => writer.word(` ${uidValidity} ${uids}`),
}

export interface CopyUidCode {
  readonly name: 'COPYUID'
  readonly uidValidity: number
  readonly from: SequenceSet
  readonly to: SequenceSet
}

export const copyUid: CodeForm<CopyUidCode> = {
  names: ['COPYUID'],
  read: (cursor, name) => ({
    name,
    uidValidity: readPositive(cursor),
    from: readCodeUids(cursor),
    to: readCodeUids(cursor),
  }),
  write: (writer, { uidValidity, from, to }) => writer.word(` ${uidValidity} ${from} ${to}`),
}

/** How many annotations there is room for (RFC 5257 section 3.1): octets, or why there is none. */
export interface AnnotationsCode {
  readonly name: 'ANNOTATIONS'
  readonly size: number | 'NONE' | 'READ-ONLY'
  /** The server keeps no private annotations. */
  readonly isShared?: true
}

export const annotations: CodeForm<AnnotationsCode> = {
  names: ['ANNOTATIONS'],
  read(cursor, name) {
    const size = cursor.attempt(readPositive) ?? readChoice(cursor, ['NONE', 'READ-ONLY'])
    if (cursor.peek() !== SP) return { name, size }
    readChoice(cursor, ['NOPRIVATE'])
    return { name, size, isShared: true }
  },
  write: (writer, { size, isShared }) => writer.word(` ${size}${isShared ? ' NOPRIVATE' : ''}`),
}

export interface AnnotateCode {
  readonly name: 'ANNOTATE'
  readonly problem: 'TOOBIG' | 'TOOMANY'
}

export const annotate: CodeForm<AnnotateCode> = {
  names: ['ANNOTATE'],
  read: (cursor, name) => ({ name, problem: readChoice(cursor, ['TOOBIG', 'TOOMANY']) }),
  write: (writer, { problem }) => writer.word(` ${problem}`),
}

/** RFC 5464 sections 4.2.1 and 4.3: LONGENTRIES and MAXSIZE come with the octets of an entry. */
export interface MetadataCode {
  readonly name: 'METADATA'
  readonly problem: 'LONGENTRIES' | 'MAXSIZE' | 'TOOMANY' | 'NOPRIVATE'
  readonly size?: LargeNumber
}

export const metadata: CodeForm<MetadataCode> = {
  names: ['METADATA'],
  read(cursor, name) {
    const problem = readChoice(cursor, ['LONGENTRIES', 'MAXSIZE', 'TOOMANY', 'NOPRIVATE'])
    if (problem === 'TOOMANY' || problem === 'NOPRIVATE') return { name, problem }
    return { name, problem, size: readCodeNumber(cursor) }
  },
  write: (writer, { problem, size }) => writer.word(` ${problem}${size === undefined ? '' : ` ${size}`}`),
}

/** RFC 8474 section 4. */
export interface MailboxIdCode {
  readonly name: 'MAILBOXID'
  readonly id: string
}

export const mailboxId: CodeForm<MailboxIdCode> = {
  names: ['MAILBOXID'],
  read(cursor, name) {
    cursor.readSpace()
    cursor.open()
    const id = cursor.close() ? cursor.fail('odd-code', 'no object identifier') : readCodeWord(cursor)
    if (!cursor.close()) cursor.fail('odd-code', 'more than one object identifier')
    return { name, id }
  },
  write: (writer, { id }) => writer.word(` (${id})`),
}

/** The identifiers of draft-ietf-mailmaint-imap-objectid-bis: `OBJECTID (ACCOUNTID a MAILBOXID b)`. */
export interface ObjectIdCode {
  readonly name: 'OBJECTID'
  readonly ids: readonly { readonly kind: string; readonly id: string }[]
}

export const objectId: CodeForm<ObjectIdCode> = {
  names: ['OBJECTID'],
  read(cursor, name) {
    const ids: { kind: string; id: string }[] = []
    cursor.readSpace()
    cursor.open()
    while (!cursor.close()) {
      const kind = readCodeWord(cursor).toUpperCase()
      cursor.readSpace()
      ids.push({ kind, id: readCodeWord(cursor) })
    }
    return { name, ids }
  },
  write: (writer, { ids }) => writer.word(` (${ids.map(({ kind, id }) => `${kind} ${id}`).join(' ')})`),
}
