/** The FETCH items of a whole message (RFC 9051 section 7.5.2, RFC 7162, RFC 8514), in both directions. */

import { readBodyStructure, writeBodyStructure, type BodyStructure } from './body-structure.ts'
import type { Cursor } from './cursor.ts'
import { readDateTime, readDateTimeOrNil, type DateTime } from './date-time.ts'
import { readEnvelope, writeEnvelope, type Envelope } from './envelope.ts'
import type { FetchItemForm, FetchItemForms } from './fetch-item-form.ts'
import { readFlags, writeFlags, type Flag } from './flag.ts'
import { readListedModSequence } from './mod-sequence.ts'
import { LBRACKET, RBRACKET } from './octets.ts'
import { readSpacedData } from './section-item.ts'
import { writeMessageData, type MessageData } from './syntax.ts'
import { readCount, readNzNumber, type LargeNumber } from './words.ts'

type StructureName = 'BODY' | 'BODYSTRUCTURE'
type TextName = 'RFC822' | 'RFC822.HEADER' | 'RFC822.TEXT'

export type MessageItem =
  | { readonly name: 'FLAGS'; readonly flags: readonly Flag[] }
  | { readonly name: 'UID'; readonly uid: number }
  /** As written between the quotes. */
  | { readonly name: 'INTERNALDATE'; readonly date: DateTime }
  /** Null where the mailbox does not keep it. */
  | { readonly name: 'SAVEDATE'; readonly date: DateTime | null }
  | { readonly name: 'RFC822.SIZE'; readonly octets: LargeNumber }
  | { readonly name: 'MODSEQ'; readonly modseq: bigint }
  | { readonly name: 'ENVELOPE'; readonly envelope: Envelope }
  | { readonly name: StructureName; readonly body: BodyStructure }
  | { readonly name: TextName; readonly data: MessageData }

export const messageItems: FetchItemForms<MessageItem> = {
  FLAGS: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'FLAGS', flags: readFlags(cursor) }
    },
    write(writer, { flags }) {
      writer.space()
      writeFlags(writer, flags)
    },
  },
  UID: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'UID', uid: readNzNumber(cursor) }
    },
    write: (writer, { uid }) => writer.word(` ${uid}`),
  },
  INTERNALDATE: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'INTERNALDATE', date: readDateTime(cursor) }
    },
    write(writer, { date }) {
      writer.space()
      writer.quoted(date)
    },
  },
  SAVEDATE: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'SAVEDATE', date: readDateTimeOrNil(cursor) }
    },
    write(writer, { date }) {
      writer.space()
      if (date === null) writer.word('NIL')
      else writer.quoted(date)
    },
  },
  'RFC822.SIZE': {
    read(cursor) {
      cursor.readSpace()
      return { name: 'RFC822.SIZE', octets: readCount(cursor) }
    },
    write: (writer, { octets }) => writer.word(` ${octets}`),
  },
  MODSEQ: {
    read: (cursor) => ({ name: 'MODSEQ', modseq: readListedModSequence(cursor) }),
    write: (writer, { modseq }) => writer.word(` (${modseq})`),
  },
  ENVELOPE: {
    read(cursor) {
      cursor.readSpace()
      return { name: 'ENVELOPE', envelope: readEnvelope(cursor) }
    },
    write(writer, { envelope }) {
      writer.space()
      writeEnvelope(writer, envelope)
    },
  },
  BODY: structureForm('BODY'),
  BODYSTRUCTURE: structureForm('BODYSTRUCTURE'),
  RFC822: textForm('RFC822'),
  'RFC822.HEADER': textForm('RFC822.HEADER'),
  'RFC822.TEXT': textForm('RFC822.TEXT'),
}

/** `RFC822[] {5}`: brackets that only BODY has, with nothing in them. */
export function readBracketedText(cursor: Cursor): MessageItem {
  cursor.expect(LBRACKET)
  cursor.expect(RBRACKET)
  cursor.quirk('odd-brackets', 'RFC822 with the brackets of BODY')
  return messageItems.RFC822.read(cursor)
}

function structureForm<N extends StructureName>(name: N): FetchItemForm<MessageItem & { readonly name: N }> {
  return {
    read(cursor) {
      cursor.readSpace()
      return { name, body: readBodyStructure(cursor) }
    },
    write(writer, { body }) {
      writer.space()
      writeBodyStructure(writer, body)
    },
  }
}

function textForm<N extends TextName>(name: N): FetchItemForm<MessageItem & { readonly name: N }> {
  return {
    read: (cursor) => ({ name, data: readSpacedData(cursor) }),
    write(writer, { data }) {
      writer.space()
      writeMessageData(writer, data)
    },
  }
}
