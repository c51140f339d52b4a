/** Tells whether a response gives out the content of messages, and whether a command asks for that; it counts nothing. */

import type { Command } from '../../imap/commands/index.ts'
import type { FetchAttribute } from '../../imap/fetch-attribute.ts'
import type { FetchItem } from '../../imap/fetch-item.ts'
import type { UntaggedData } from '../../imap/responses/index.ts'
import type { Section } from '../../imap/section.ts'

/**
 * Text and attachments are content. What describes a message is not: headers, envelope, structure, size, and the few
 * words of a preview, which mail clients ask for of every message that they list.
 */
export function bringsContent(data: UntaggedData): boolean {
  if (data.name === 'FETCH' || data.name === 'UIDFETCH') return data.items.some(isContent)
  if (data.name === 'CONVERTED') return data.items.some((item) => item.name !== 'UID')
  return data.name === 'URLFETCH'
}

/** A form that nobody here knows may be content. */
export function asksForContent(command: Command): boolean {
  if (command.name === 'FETCH') return command.items.some(isContentAttribute)
  return asking.has(command.name)
}

const asking: ReadonlySet<Command['name']> = new Set(['CONVERT', 'URLFETCH', 'PARTIAL', 'unknown'])

function isContent(item: FetchItem): boolean {
  if (item.name === 'BODY[]') return item.data !== null && isContentSection(item.section)
  if (item.name === 'BINARY[]' || item.name === 'RFC822' || item.name === 'RFC822.TEXT')
    return item.data !== null
  return item.name === 'unknown'
}

function isContentAttribute(attribute: FetchAttribute): boolean {
  if (attribute.name === 'BODY[]') return isContentSection(attribute.section)
  return contentNames.has(attribute.name)
}

const contentNames: ReadonlySet<FetchAttribute['name']> = new Set([
  'BINARY[]',
  'RFC822',
  'RFC822.PEEK',
  'RFC822.TEXT',
  'RFC822.TEXT.PEEK',
  'unknown',
])

const isContentSection = ({ text }: Section): boolean => !describing.has(text)

const describing: ReadonlySet<Section['text']> = new Set([
  'HEADER',
  'HEADER.FIELDS',
  'HEADER.FIELDS.NOT',
  'MIME',
])
