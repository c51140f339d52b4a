/** GENURLAUTH and URLFETCH as responses (RFC 4467 section 7, RFC 5524 section 4): URLs that open messages, and the messages. */

import { readBodyStructure, writeBodyStructure, type BodyStructure } from '../body-structure.ts'
import type { Cursor } from '../cursor.ts'
import { LPAREN } from '../octets.ts'
import { Secret } from '../secret.ts'
import { readAString, readMessageData } from '../strings.ts'
import { readSyntax, writeMessageData, writeSyntax, type MessageData, type Syntax } from '../syntax.ts'
import { decodeText } from '../utf8.ts'
import { readName } from '../words.ts'
import type { Writer } from '../writer.ts'
import type { UntaggedForm } from './form.ts'

export interface GenUrlAuthData {
  readonly name: 'GENURLAUTH'
  readonly urls: readonly Secret<string>[]
}

export const genUrlAuth: UntaggedForm<GenUrlAuthData> = {
  names: ['GENURLAUTH'],
  isNumbered: false,
  read(cursor, { name }) {
    const urls: Secret<string>[] = []
    while (cursor.hasMore()) urls.push(readGluedUrl(cursor) ?? readUrl(cursor))
    // Dovecot's answer to a command that asks for none.
    if (urls.length === 0) cursor.quirk('empty-list', 'an answer without URLs')
    return { name, urls }
  },
  write(writer, { name, urls }) {
    writer.word(name)
    for (const url of urls) writeUrl(writer, url)
  },
}

export interface UrlFetchData {
  readonly name: 'URLFETCH'
  readonly results: readonly UrlFetchResult[]
}

export interface UrlFetchResult {
  readonly url: Secret<string>
  /** The octets that the URL stands for, null where it is of no use; or what was asked for of them. */
  readonly content: MessageData | readonly UrlFetchItem[]
}

export type UrlFetchItem =
  | { readonly name: 'BODYPARTSTRUCTURE'; readonly structure: BodyStructure }
  | { readonly name: 'BODY' | 'BINARY'; readonly data: MessageData }
  | { readonly name: 'unknown'; readonly word: string; readonly value: Syntax }

export const urlFetch: UntaggedForm<UrlFetchData> = {
  names: ['URLFETCH'],
  isNumbered: false,
  read(cursor, { name }) {
    const results: UrlFetchResult[] = []
    do {
      const url = readUrl(cursor)
      const isExtended = cursor.isAtSpaceThen(LPAREN)
      cursor.readSpace()
      results.push({ url, content: isExtended ? readItems(cursor) : readMessageData(cursor) })
    } while (cursor.hasMore())
    return { name, results }
  },
  write(writer, { name, results }) {
    writer.word(name)
    for (const { url, content } of results) {
      writeUrl(writer, url)
      if (isItems(content)) writeItems(writer, content)
      else {
        writer.space()
        writeMessageData(writer, content)
      }
    }
  },
}

const isItems = (content: UrlFetchResult['content']): content is readonly UrlFetchItem[] =>
  Array.isArray(content)

/** `(BODYPARTSTRUCTURE (...)) (BINARY {n})`: each item in its parentheses. */
function readItems(cursor: Cursor): UrlFetchItem[] {
  const items = [readItem(cursor)]
  while (cursor.isAtSpaceThen(LPAREN)) {
    cursor.readSpace()
    items.push(readItem(cursor))
  }
  return items
}

function readItem(cursor: Cursor): UrlFetchItem {
  cursor.open()
  if (cursor.close()) return cursor.fail('missing-word', 'expected an item')
  const word = readName(cursor)
  cursor.readSpace()
  const item = readValue(cursor, word)
  if (!cursor.close()) cursor.fail('trailing-octets', 'more than one value')
  return item
}

function readValue(cursor: Cursor, word: string): UrlFetchItem {
  if (word === 'BODYPARTSTRUCTURE') return { name: word, structure: readBodyStructure(cursor) }
  if (word === 'BODY' || word === 'BINARY') return { name: word, data: readMessageData(cursor) }
  return { name: 'unknown', word, value: readSyntax(cursor) }
}

function writeItems(writer: Writer, items: readonly UrlFetchItem[]): void {
  for (const item of items) {
    writer.word(` (${item.name === 'unknown' ? item.word : item.name} `)
    if (item.name === 'unknown') writeSyntax(writer, item.value)
    else if (item.name === 'BODYPARTSTRUCTURE') writeBodyStructure(writer, item.structure)
    else writeMessageData(writer, item.data, item.name === 'BINARY' && holdsNul(item.data))
    writer.word(')')
  }
}

const holdsNul = (data: MessageData): boolean => data instanceof Uint8Array && data.includes(0)

/** Sticky, and so to be set to where it looks. */
const gluedUrl = / "([^"\\]*)"\+ /uy

/**
 * Cyrus writes the response while it still reads the command: what asks for the literal of the next URL stands in the
 * middle of the line, and its text is no URL.
 */
function readGluedUrl(cursor: Cursor): Secret<string> | undefined {
  gluedUrl.lastIndex = cursor.at
  const url = gluedUrl.exec(cursor.text)?.[1]
  if (url === undefined) return undefined
  cursor.at = gluedUrl.lastIndex
  cursor.quirk('glued-continuation', 'a continuation request within another response')
  cursor.at = cursor.end
  return new Secret(decodeText(url))
}

function readUrl(cursor: Cursor): Secret<string> {
  cursor.readSpace()
  return new Secret(readAString(cursor))
}

function writeUrl(writer: Writer, url: Secret<string>): void {
  writer.space()
  writer.string(url.reveal())
}
