/** A mail of the demo before it has a date, a sender and a number. */

import { textEntity, writeLines, type Entity, type Header } from './compose.ts'

export interface Draft {
  readonly subject: string
  readonly entity: Entity
  readonly headers?: readonly Header[]
  readonly flags?: readonly string[]
}

export function plain(subject: string, ...lines: readonly string[]): Draft {
  return { subject, entity: textEntity(writeLines(...lines)) }
}
