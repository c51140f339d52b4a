/** Untagged OK, NO, BAD, PREAUTH and BYE (RFC 9051 section 7.1). */

import { readResponseText, writeResponseText, type ResponseText } from '../response-text.ts'
import type { UntaggedForm } from './form.ts'

export interface StatusData {
  readonly name: 'OK' | 'NO' | 'BAD' | 'PREAUTH' | 'BYE'
  readonly text: ResponseText
}

export const status: UntaggedForm<StatusData> = {
  names: ['OK', 'NO', 'BAD', 'PREAUTH', 'BYE'],
  isNumbered: false,
  read: (cursor, { name }) => ({ name, text: readResponseText(cursor) }),
  write(writer, { name, text }) {
    writer.word(name)
    writeResponseText(writer, text)
  },
}
