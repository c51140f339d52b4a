/** FETCH items of one part of a message: BODY[], BINARY[] (RFC 3516) and those of CONVERT (RFC 5259), in both directions. */

import { readBodyStructure, writeBodyStructure, type BodyStructure } from './body-structure.ts'
import type { Cursor } from './cursor.ts'
import type { FetchItemForms } from './fetch-item-form.ts'
import { DQUOTE, isDigit, LPAREN, RPAREN, SP, TILDE } from './octets.ts'
import {
  readPart,
  readPartial,
  readSection,
  writePart,
  writePartial,
  writeSection,
  type PartNumber,
  type Section,
} from './section.ts'
import { readAString, readMessageData } from './strings.ts'
import { readList, writeMessageData, type MessageData } from './syntax.ts'
import { readLargeNumber, type LargeNumber } from './words.ts'
import type { Writer } from './writer.ts'

const DOT = 0x2e

export type SectionItem =
  | {
      readonly name: 'BODY[]'
      readonly section: Section
      /** The first octet of a partial. */
      readonly origin?: LargeNumber
      readonly data: MessageData
    }
  | {
      readonly name: 'BINARY[]'
      readonly part: PartNumber
      readonly origin?: LargeNumber
      readonly data: MessageData
    }
  | { readonly name: 'BINARY.SIZE[]'; readonly part: PartNumber; readonly octets: LargeNumber }
  /** The structure of a part after its conversion. */
  | { readonly name: 'BODYPARTSTRUCTURE[]'; readonly part: PartNumber; readonly body: BodyStructure }
  /** The media types that a part can be converted to. */
  | {
      readonly name: 'AVAILABLECONVERSIONS[]'
      readonly part: PartNumber
      readonly mediaTypes: readonly string[]
    }

export const sectionItems: FetchItemForms<SectionItem> = {
  'BODY[]': {
    read(cursor) {
      const section = readSection(cursor)
      const origin = readOrigin(cursor)
      const data = readSpacedData(cursor)
      return origin === undefined
        ? { name: 'BODY[]', section, data }
        : { name: 'BODY[]', section, origin, data }
    },
    write(writer, { section, origin, data }) {
      writeSection(writer, section)
      writeOrigin(writer, origin)
      writeMessageData(writer, data)
    },
  },
  'BINARY[]': {
    read(cursor) {
      const part = readPart(cursor)
      const origin = readOrigin(cursor)
      const data = readSpacedData(cursor, true)
      return origin === undefined
        ? { name: 'BINARY[]', part, data }
        : { name: 'BINARY[]', part, origin, data }
    },
    write(writer, { part, origin, data }) {
      writePart(writer, part)
      writeOrigin(writer, origin)
      // Only literal8 may hold NUL.
      writeMessageData(writer, data, data instanceof Uint8Array && data.includes(0))
    },
  },
  'BINARY.SIZE[]': {
    read(cursor) {
      const part = readPart(cursor)
      cursor.readSpace()
      return { name: 'BINARY.SIZE[]', part, octets: readLargeNumber(cursor) }
    },
    write(writer, { part, octets }) {
      writePart(writer, part)
      writer.word(` ${octets}`)
    },
  },
  'BODYPARTSTRUCTURE[]': {
    read(cursor) {
      const part = readPart(cursor)
      cursor.readSpace()
      return { name: 'BODYPARTSTRUCTURE[]', part, body: readBodyStructure(cursor) }
    },
    write(writer, { part, body }) {
      writePart(writer, part)
      writer.space()
      writeBodyStructure(writer, body)
    },
  },
  'AVAILABLECONVERSIONS[]': {
    read(cursor) {
      const part = readPart(cursor)
      cursor.readSpace()
      return { name: 'AVAILABLECONVERSIONS[]', part, mediaTypes: readMediaTypes(cursor) }
    },
    write(writer, { part, mediaTypes }) {
      writePart(writer, part)
      writer.space()
      writer.list(mediaTypes, (to, mediaType) => to.string(mediaType))
    },
  },
}

/** A space and message data; only BINARY[] may have them in a literal8. */
export function readSpacedData(cursor: Cursor, allowsBinary = false): MessageData {
  if (isValueMissing(cursor)) {
    cursor.quirk('missing-value', 'an item without its value')
    return null
  }
  cursor.readSpace()
  if (!allowsBinary && cursor.octets[cursor.at] === TILDE && cursor.isAtLiteral())
    cursor.quirk('binary-string', 'a literal8 where a string belongs')
  return readMessageData(cursor)
}

/** Yandex leaves out the value of a part that is not there: the list ends, `BODY[2] )`, or the next item stands there. */
export function isValueMissing(cursor: Cursor): boolean {
  const { octets, text, at, end } = cursor
  const next = octets[at]
  if (next === RPAREN) return true
  const behind = at + 1 < end ? octets[at + 1] : undefined
  if (behind === undefined) return !cursor.hasMore()
  // What comes nearly always: a string, a literal or a number.
  if (next !== SP || behind === DQUOTE || isDigit(behind)) return false
  return cursor.isAtSpaceThen(RPAREN) || nextItem.test(text.slice(at, at + NEXT_ITEM_OCTETS))
}

const nextItem = /^ +(?:BODY|BODYSTRUCTURE|BINARY|RFC822|UID|FLAGS|ENVELOPE|INTERNALDATE|MODSEQ)[ [.<]/iu
const NEXT_ITEM_OCTETS = 24

/** The first octet of a partial, `<0>`; a count behind it belongs to commands. */
export function readOrigin(cursor: Cursor): LargeNumber | undefined {
  const partial = readPartial(cursor)
  if (partial?.count !== undefined || cursor.octets[cursor.at - 2] === DOT)
    cursor.quirk('count-in-origin', 'a partial of a response with a count')
  return partial?.start
}

function writeOrigin(writer: Writer, origin: LargeNumber | undefined): void {
  if (origin !== undefined) writePartial(writer, { start: origin })
  writer.space()
}

/** `("image/png" "image/jpeg")`, in one pair of parentheses or in two. */
function readMediaTypes(cursor: Cursor): string[] {
  const types = readList(cursor, (inside) =>
    inside.peek() === LPAREN ? readList(inside, readAString) : [readAString(inside)],
  )
  return types.flat()
}
