/** Writes mails for the demo from headers and bodies: encoded words, base64 and multiparts; knows no particular mail. */

export type Header = readonly [name: string, value: string]

export interface Entity {
  readonly headers: readonly Header[]
  readonly body: Buffer
}

const WORD_OCTETS = 45

/** Lines of text; every line end becomes CRLF. */
export function writeLines(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join('')
}

export function textEntity(text: string, subtype = 'plain', charset = 'us-ascii'): Entity {
  const encoding = charset === 'us-ascii' ? '7bit' : '8bit'
  return {
    headers: [
      ['Content-Type', `text/${subtype}; charset=${charset}`],
      ['Content-Transfer-Encoding', encoding],
    ],
    body: Buffer.from(text, charset === 'iso-8859-1' ? 'latin1' : 'utf8'),
  }
}

export function quotedPrintableEntity(text: string, subtype = 'plain'): Entity {
  const body = text.split('\r\n').map(quoteLine).join('\r\n')
  return {
    headers: [
      ['Content-Type', `text/${subtype}; charset=utf-8`],
      ['Content-Transfer-Encoding', 'quoted-printable'],
    ],
    body: Buffer.from(body, 'latin1'),
  }
}

export function base64Entity(type: string, octets: Buffer, more: readonly Header[] = []): Entity {
  const lines = octets.toString('base64').match(/.{1,76}/g) ?? []
  return {
    headers: [['Content-Type', type], ['Content-Transfer-Encoding', 'base64'], ...more],
    body: Buffer.from(writeLines(...lines), 'latin1'),
  }
}

export function attachmentEntity(type: string, name: string, octets: Buffer): Entity {
  const disposition: Header = ['Content-Disposition', `attachment; filename="${name}"`]
  return base64Entity(`${type}; name="${name}"`, octets, [disposition])
}

export function multipartEntity(type: string, boundary: string, parts: readonly Entity[]): Entity {
  const pieces = parts.flatMap((part) => [
    Buffer.from(`--${boundary}\r\n`),
    writeEntity(part),
    Buffer.from('\r\n'),
  ])
  const preamble = Buffer.from(writeLines('This is a message in several parts.', ''))
  const [word, ...parameters] = type.split('; ')
  return {
    headers: [['Content-Type', [`multipart/${word}`, ...parameters, `boundary="${boundary}"`].join('; ')]],
    body: Buffer.concat([preamble, ...pieces, Buffer.from(`--${boundary}--\r\n`)]),
  }
}

export function messageEntity(message: Entity): Entity {
  return { headers: [['Content-Type', 'message/rfc822']], body: writeEntity(message) }
}

export function writeEntity({ headers, body }: Entity): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  return Buffer.concat([Buffer.from(`${lines}\r\n`, 'utf8'), body])
}

/** ASCII stays as it is; anything else becomes encoded words, folded, none of which cuts a character in two. */
export function encodeText(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const words: string[] = ['']
  for (const character of text) {
    const grown = (words.at(-1) ?? '') + character
    if (Buffer.byteLength(grown) > WORD_OCTETS) words.push(character)
    else words[words.length - 1] = grown
  }
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ')
}

/** `Fri, 07 Mar 2025 09:05:00 +0000` */
export function writeMailDate(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000')
}

function quoteLine(line: string): string {
  const quoted = Array.from(Buffer.from(line, 'utf8'), (octet) => {
    const isPlain = octet >= 0x20 && octet <= 0x7e && octet !== 0x3d
    return isPlain ? String.fromCharCode(octet) : `=${octet.toString(16).toUpperCase().padStart(2, '0')}`
  })
  const lines: string[] = ['']
  for (const piece of quoted) {
    if ((lines.at(-1) ?? '').length + piece.length > 75) lines.push('')
    lines[lines.length - 1] += piece
  }
  return lines.join('=\r\n')
}
