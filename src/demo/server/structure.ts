/** Writes ENVELOPE and BODYSTRUCTURE of a parsed message; knows no session and no mailbox. */

import { fieldOf, readParameters, type Part } from './mime.ts'

/** A quoted string where it can be one, a literal where it cannot, NIL for nothing. */
export function writeString(text: string | undefined): string {
  if (text === undefined) return 'NIL'
  if (/^[\x20-\x7e]*$/.test(text) && text.length < 900)
    return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
  return `{${text.length}}\r\n${text}`
}

export function writeEnvelope(message: Part): string {
  const text = (name: string) => writeString(fieldOf(message, name))
  const from = writeAddresses(fieldOf(message, 'From'))
  const orFrom = (name: string) => {
    const value = fieldOf(message, name)
    return value ? writeAddresses(value) : from
  }
  const people = ['To', 'Cc', 'Bcc'].map((name) => writeAddresses(fieldOf(message, name)))
  return `(${[
    text('Date'),
    text('Subject'),
    from,
    orFrom('Sender'),
    orFrom('Reply-To'),
    ...people,
    text('In-Reply-To'),
    text('Message-ID'),
  ].join(' ')})`
}

/** `isExtended` tells BODYSTRUCTURE from BODY. */
export function writeStructure(text: string, part: Part, isExtended: boolean): string {
  if (part.type === 'multipart' && part.children.length > 0) return writeMultipart(text, part, isExtended)
  const body = text.slice(part.bodyStart, part.end)
  const fields = [...writeBasics(part), String(body.length)]
  if (part.message) {
    fields.push(writeEnvelope(part.message), writeStructure(text, part.message, isExtended))
  }
  if (part.message || part.type === 'text') fields.push(String(countLines(body)))
  if (isExtended) fields.push('NIL', ...writeExtension(part))
  return `(${fields.join(' ')})`
}

function writeMultipart(text: string, part: Part, isExtended: boolean): string {
  const children = part.children.map((child) => writeStructure(text, child, isExtended)).join('')
  const extension = isExtended
    ? ` ${[writeParameters(part.parameters), ...writeExtension(part)].join(' ')}`
    : ''
  return `(${children} ${writeString(part.subtype)}${extension})`
}

function writeBasics(part: Part): string[] {
  // A multipart without parts can only be described as one opaque part.
  const type = part.type === 'multipart' ? 'application' : part.type
  return [
    writeString(type),
    writeString(part.subtype),
    writeParameters(part.parameters),
    writeString(fieldOf(part, 'Content-ID')),
    writeString(fieldOf(part, 'Content-Description')),
    writeString(fieldOf(part, 'Content-Transfer-Encoding') ?? '7bit'),
  ]
}

/** Disposition, language and location. */
function writeExtension(part: Part): string[] {
  const stated = fieldOf(part, 'Content-Disposition')
  if (stated === undefined) return ['NIL', 'NIL', 'NIL']
  const { word, parameters } = readParameters(stated)
  return [`(${writeString(word)} ${writeParameters(parameters)})`, 'NIL', 'NIL']
}

function writeParameters(parameters: Part['parameters']): string {
  if (parameters.length === 0) return 'NIL'
  return `(${parameters.flat().map(writeString).join(' ')})`
}

function countLines(body: string): number {
  return body.split('\n').length - 1
}

function writeAddresses(value: string | undefined): string {
  const written = value === undefined ? [] : splitAddresses(value).flatMap(writeGroupOrAddress)
  return written.length === 0 ? 'NIL' : `(${written.join('')})`
}

/** Commas outside quotes, comments and angle brackets part addresses; a group keeps its members together. */
function splitAddresses(value: string): string[] {
  const pieces = value.match(/(?:"(?:[^"\\]|\\.)*"|\([^)]*\)|<[^>]*>|[^",;(<:]+:[^;]*;?|[^",(<])+/g) ?? []
  return pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
}

function writeGroupOrAddress(piece: string): string[] {
  const group = /^([^":<@]+):([^;]*);?$/.exec(piece)
  if (!group) return [writeAddress(piece)]
  const members = splitAddresses(group[2] ?? '').map(writeAddress)
  return [`(NIL NIL ${writeString(group[1]?.trim())} NIL)`, ...members, '(NIL NIL NIL NIL)']
}

function writeAddress(piece: string): string {
  const [, phrase, bracketed] = /^(.*?)\s*<([^>]*)>/.exec(piece) ?? []
  const [, bare, comment] = /^([^(]*?)\s*(?:\(([^)]*)\))?$/.exec(piece) ?? []
  const name = phrase?.replaceAll(/^"|"$/g, '').replaceAll(/\\(.)/g, '$1') || comment
  const [local, host] = (bracketed ?? bare ?? piece).split('@')
  return `(${[name || undefined, undefined, local, host ?? ''].map(writeString).join(' ')})`
}
