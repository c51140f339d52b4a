/** CONVERT, UID CONVERT and CONVERSIONS (RFC 5259): parts of messages in another media type; knows no attribute. */

import { readConversion, writeConversion, type Conversion } from '../conversion.ts'
import { readFetchAttributes, writeFetchAttributes, type FetchAttribute } from '../fetch-attribute.ts'
import { readSequenceSet, type SequenceSet } from '../sequence-set.ts'
import { readListMailbox } from '../strings.ts'
import type { CommandForm } from './form.ts'

export interface ConvertCommand {
  readonly tag: string
  readonly name: 'CONVERT'
  readonly uid: boolean
  readonly messages: SequenceSet
  readonly conversion: Conversion
  readonly items: readonly FetchAttribute[]
}

/** Which conversions the server can do. */
export interface ConversionsCommand {
  readonly tag: string
  readonly name: 'CONVERSIONS'
  /** A media type; `*` and `image/*` stand for many. */
  readonly from: string
  readonly to: string
}

export const convert: CommandForm<ConvertCommand> = {
  names: ['CONVERT'],
  uidNames: ['CONVERT'],
  read(cursor, { tag, name, uid }) {
    cursor.readSpace()
    const messages = readSequenceSet(cursor)
    cursor.readSpace()
    const conversion = readConversion(cursor)
    cursor.readSpace()
    return { tag, name, uid, messages, conversion, items: readFetchAttributes(cursor) }
  },
  write(writer, { messages, conversion, items }) {
    writer.word(` ${messages} `)
    writeConversion(writer, conversion)
    writer.space()
    writeFetchAttributes(writer, items)
  },
}

export const conversions: CommandForm<ConversionsCommand> = {
  names: ['CONVERSIONS'],
  read(cursor, { tag, name }) {
    cursor.readSpace()
    const from = readListMailbox(cursor)
    cursor.readSpace()
    return { tag, name, from, to: readListMailbox(cursor) }
  },
  write(writer, { from, to }) {
    writer.space()
    writer.string(from)
    writer.space()
    writer.string(to)
  },
}
