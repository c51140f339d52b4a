/** PREVIEW (RFC 8970), and the forms that Dovecot had before it: PREVIEW and SNIPPET with an algorithm, in both directions. */

import type { Cursor } from './cursor.ts'
import type { FetchItemForm, FetchItemForms } from './fetch-item-form.ts'
import { LPAREN } from './octets.ts'
import { readNString } from './strings.ts'
import { readList } from './syntax.ts'
import { readName } from './words.ts'
import { writeWord, type Writer } from './writer.ts'

type PreviewName = 'PREVIEW' | 'SNIPPET'

export interface PreviewItem {
  readonly name: PreviewName
  /** Null where the server has none yet. */
  readonly text: string | null
  /** Dovecot's `FUZZY`, before the text in parentheses. */
  readonly algorithm?: string
}

export interface PreviewAttribute {
  readonly name: PreviewName
  /** Upper case: `LAZY` (RFC 8970), `FUZZY` and `LAZY=FUZZY` (Dovecot). */
  readonly options?: readonly string[]
}

export const previewItems: FetchItemForms<PreviewItem> = {
  PREVIEW: formOf('PREVIEW'),
  SNIPPET: formOf('SNIPPET'),
}

function formOf<N extends PreviewName>(name: N): FetchItemForm<PreviewItem & { readonly name: N }> {
  return {
    read(cursor) {
      cursor.readSpace()
      if (cursor.peek() !== LPAREN) return { name, text: readNString(cursor) }
      cursor.open()
      const algorithm = readName(cursor)
      cursor.readSpace()
      const text = readNString(cursor)
      if (!cursor.close()) cursor.fail('odd-preview', 'more than one text in a preview')
      return { name, text, algorithm }
    },
    write(writer, { text, algorithm }) {
      writer.space()
      if (algorithm === undefined) return writer.nstring(text)
      writer.word(`(${algorithm} `)
      writer.nstring(text)
      writer.word(')')
    },
  }
}

export function readPreviewAttribute(cursor: Cursor, name: PreviewName): PreviewAttribute {
  // `FETCH 1 PREVIEW (CHANGEDSINCE 5)`: what follows are the modifiers of the command.
  if (!cursor.isAtSpaceThen(LPAREN) || isAtModifiers(cursor)) return { name }
  cursor.readSpace()
  const options = readList(cursor, readName)
  if (options.length === 0) cursor.quirk('empty-list', 'parentheses with nothing in them')
  return { name, options }
}

function isAtModifiers(cursor: Cursor): boolean {
  return /^ +\( *(?:CHANGEDSINCE|VANISHED|PARTIAL)[ )]/iu.test(cursor.text.slice(cursor.at, cursor.at + 32))
}

export function writePreviewAttribute(writer: Writer, { name, options }: PreviewAttribute): void {
  writer.word(name)
  if (!options) return
  writer.space()
  writer.list(options, writeWord)
}
