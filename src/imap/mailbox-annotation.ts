/** Annotations of mailboxes as ANNOTATEMORE had them (draft-daboo-imap-annotatemore), the same in both directions. */

import type { Cursor } from './cursor.ts'
import { readMetadataValue, writeMetadataValue, type MetadataValue } from './metadata.ts'
import { readSpacedList } from './spaced-list.ts'
import { readAString } from './strings.ts'
import type { Writer } from './writer.ts'

export interface MailboxAnnotation {
  /** Such as `/comment`. */
  readonly entry: string
  readonly attributes: readonly AnnotationAttribute[]
}

export interface AnnotationAttribute {
  /** Such as `value.shared`. */
  readonly attribute: string
  readonly value: MetadataValue
}

/** `"/comment" ("value.priv" "mine")`. */
export function readAnnotationEntry(cursor: Cursor): MailboxAnnotation {
  const entry = readAString(cursor)
  cursor.readSpace()
  return { entry, attributes: readSpacedList(cursor, readAttribute) }
}

export function writeAnnotationEntry(writer: Writer, { entry, attributes }: MailboxAnnotation): void {
  writer.string(entry)
  writer.space()
  writer.list(attributes, (to, { attribute, value }) => {
    to.string(attribute)
    to.space()
    writeMetadataValue(to, value)
  })
}

function readAttribute(cursor: Cursor): AnnotationAttribute {
  const attribute = readAString(cursor)
  cursor.readSpace()
  return { attribute, value: readMetadataValue(cursor) }
}
