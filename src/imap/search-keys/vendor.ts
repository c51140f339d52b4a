/** The search keys of Gmail, Dovecot and Cyrus, and of drafts that they ship. */

import type { Flag } from '../flag.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import { readListMailbox } from '../strings.ts'
import { readNumber64 } from '../words.ts'
import { formOfDateKeys, type SearchDate } from './base.ts'
import { formOfBareKeys, formOfTextKeys, readSpacedFlag, writeSpacedFlag, type KeyForm } from './form.ts'

// THREADROOT, THREADLEAF and MESSAGEID stand beside INTHREAD in draft-ietf-morg-inthread.
const bareKeys = ['CONVREAD', 'CONVUNREAD', 'CONVSEEN', 'CONVUNSEEN', 'THREADROOT', 'THREADLEAF'] as const
const textKeys = [
  'CID',
  'DELIVEREDTO',
  'FOLDER',
  'MESSAGEID',
  'SPAMABOVE',
  'SPAMBELOW',
  'X-GM-RAW',
  'X-GUID',
  'XATTACHMENTBODY',
  'XATTACHMENTNAME',
  'XCONTENTTYPE',
  'XLISTID',
] as const
const flagKeys = ['CONVFLAG', 'X-GM-LABELS'] as const
const numberKeys = ['CONVMODSEQ', 'X-GM-MSGID', 'X-GM-THRID'] as const
const dateKeys = ['X-SAVEDBEFORE', 'X-SAVEDON', 'X-SAVEDSINCE'] as const

export type VendorKey =
  | { readonly key: (typeof bareKeys)[number] }
  | { readonly key: (typeof textKeys)[number]; readonly value: string }
  /** A flag or a label: `\Inbox`, `Work`. */
  | { readonly key: (typeof flagKeys)[number]; readonly flag: Flag }
  /** 64 bits. */
  | { readonly key: (typeof numberKeys)[number]; readonly number: bigint }
  | { readonly key: (typeof dateKeys)[number]; readonly date: SearchDate }
  /** May hold wildcards. */
  | { readonly key: 'X-MAILBOX'; readonly mailbox: string }
  | { readonly key: 'X-REAL-UID'; readonly set: SequenceSet }

type KeyOf<T extends VendorKey['key']> = Extract<VendorKey, { readonly key: T }>

const bareForm = formOfBareKeys(bareKeys)

const textForm = formOfTextKeys(textKeys)

const flagForm: KeyForm<KeyOf<(typeof flagKeys)[number]>> = {
  keys: flagKeys,
  read: (cursor, key) => ({ key, flag: readSpacedFlag(cursor) }),
  write: (writer, { flag }) => writeSpacedFlag(writer, flag),
}

const numberForm: KeyForm<KeyOf<(typeof numberKeys)[number]>> = {
  keys: numberKeys,
  read(cursor, key) {
    cursor.readSpace()
    return { key, number: readNumber64(cursor) }
  },
  write: (writer, { number }) => writer.word(` ${number}`),
}

const dateForm = formOfDateKeys(dateKeys)

const mailboxForm: KeyForm<KeyOf<'X-MAILBOX'>> = {
  keys: ['X-MAILBOX'],
  read(cursor, key) {
    cursor.readSpace()
    return { key, mailbox: readListMailbox(cursor) }
  },
  write(writer, { mailbox }) {
    writer.space()
    writer.listMailbox(mailbox)
  },
}

const realUidForm: KeyForm<KeyOf<'X-REAL-UID'>> = {
  keys: ['X-REAL-UID'],
  read(cursor, key) {
    cursor.readSpace()
    return { key, set: readSequenceSet(cursor) }
  },
  write: (writer, { set }) => writer.word(` ${set}`),
}

export const vendorForms = [
  bareForm,
  textForm,
  flagForm,
  numberForm,
  dateForm,
  mailboxForm,
  realUidForm,
] as const
