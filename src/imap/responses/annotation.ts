/** ANNOTATION as an untagged response of ANNOTATEMORE (draft-daboo-imap-annotatemore): entries with their attributes. */

import { readAnnotationEntry, writeAnnotationEntry, type MailboxAnnotation } from '../mailbox-annotation.ts'
import { readMailbox, writeMailbox, type MailboxName } from '../mailbox.ts'
import type { UntaggedForm } from './form.ts'

export interface AnnotationData {
  readonly name: 'ANNOTATION'
  /** Empty: of the server. */
  readonly mailbox: MailboxName
  readonly annotations: readonly MailboxAnnotation[]
}

export const annotation: UntaggedForm<AnnotationData> = {
  names: ['ANNOTATION'],
  isNumbered: false,
  read(cursor, { name }) {
    cursor.readSpace()
    const mailbox = readMailbox(cursor)
    const annotations: MailboxAnnotation[] = []
    do {
      cursor.readSpace()
      annotations.push(readAnnotationEntry(cursor))
    } while (cursor.hasMore())
    return { name, mailbox, annotations }
  },
  write(writer, { mailbox, annotations }) {
    writer.word('ANNOTATION ')
    writeMailbox(writer, mailbox)
    for (const entry of annotations) {
      writer.space()
      writeAnnotationEntry(writer, entry)
    }
  },
}
