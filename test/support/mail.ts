/** Generated mailbox contents: every awkward kind of message, the same for the same seed, and Maildirs of them. */

import { chown, mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { createRandom, type Random } from './random.ts'

export interface MailboxMessage {
  readonly octets: Uint8Array
  /** Maildir letters in alphabetical order: D draft, F flagged, R answered, S seen, T deleted. */
  readonly flags: string
  /** Seconds since the epoch: what the server tells as INTERNALDATE. */
  readonly receivedAt: number
}

export interface MailOwner {
  readonly uid: number
  readonly gid: number
}

type Kind = (random: Random, index: number) => Uint8Array

/** The order is the order of the messages: the first thirteen messages of any mailbox show each kind once. */
const kinds: readonly Kind[] = [
  writePlain,
  writePlainWithCarriageReturns,
  writeLatin1,
  writeUtf8,
  writeBase64Attachment,
  writeRawBinary,
  writeHeadersOnly,
  writeEmpty,
  writeLongLine,
  writeMixedLineEnds,
  writeOddHeaders,
  writeProtocolLookalike,
  writeWithoutLastLineEnd,
]

export const kindsOfMessages = kinds.length

const flagChoices = ['', 'S', 'S', 'S', 'FS', 'RS', 'F', 'DS']
const firstReceived = 1_700_000_000

export function generateMailbox(seed: number, count: number): MailboxMessage[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, index) => {
    const write = kinds[index % kinds.length] ?? writePlain
    return describeMessage(write(random, index), random, index)
  })
}

/** One message with a body of about this many octets of 8-bit text, in lines of ordinary length. */
export function generateLargeMessage(seed: number, octets: number): MailboxMessage {
  const random = createRandom(seed)
  const body = random.octets(octets, 33, 255)
  for (let at = 77; at < body.length; at += 78) body[at] = 0x0a
  return describeMessage(Buffer.concat([headers(0, 'large', '8bit'), body, text('\n')]), random, 0)
}

/** Writes messages as read mail into a Maildir, so that their order by name is the order of the list. */
export async function deliverMessages(
  maildir: string,
  messages: readonly MailboxMessage[],
  owner: MailOwner,
): Promise<void> {
  const current = join(maildir, 'cur')
  await mkdir(current, { recursive: true })
  for (const [index, message] of messages.entries()) {
    const path = join(current, `${firstReceived + index}.M${index}P1.imaptap:2,${message.flags}`)
    await writeFile(path, message.octets)
    await utimes(path, message.receivedAt, message.receivedAt)
    if (process.getuid?.() === 0) await chown(path, owner.uid, owner.gid)
  }
}

function describeMessage(octets: Uint8Array, random: Random, index: number): MailboxMessage {
  return { octets, flags: random.pick(flagChoices), receivedAt: firstReceived + index * 3600 }
}

function writePlain(random: Random, index: number): Uint8Array {
  return Buffer.concat([headers(index, 'plain', '7bit'), text(prose(random, 12))])
}

function writePlainWithCarriageReturns(random: Random, index: number): Uint8Array {
  const octets = Buffer.from(writePlain(random, index)).toString('latin1')
  return text(octets.replaceAll('\n', '\r\n'))
}

function writeLatin1(random: Random, index: number): Uint8Array {
  const body = Buffer.from(
    `Gr\u00fc\u00dfe aus K\u00f6ln, \u00bfqu\u00e9 tal?\n${prose(random, 3)}`,
    'latin1',
  )
  return Buffer.concat([headers(index, 'latin1', '8bit', 'text/plain; charset=iso-8859-1'), body])
}

function writeUtf8(random: Random, index: number): Uint8Array {
  const body = `Ελληνικά, 日本語, кириллица, 🜂\n${prose(random, 3)}`
  return Buffer.concat([headers(index, '=?UTF-8?Q?=F0=9F=9C=82_utf-8?=', '8bit'), Buffer.from(body)])
}

function writeBase64Attachment(random: Random, index: number): Uint8Array {
  const boundary = `part-${index}`
  const encoded = Buffer.from(random.octets(3000, 0, 255))
    .toString('base64')
    .replaceAll(/.{76}/g, '$&\n')
  const parts = [
    `--${boundary}\nContent-Type: text/plain\n\n${prose(random, 2)}`,
    `--${boundary}\nContent-Type: application/octet-stream; name="data (1).bin"\n` +
      `Content-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n${encoded}\n`,
    `--${boundary}--\n`,
  ]
  const type = `multipart/mixed; boundary="${boundary}"`
  return Buffer.concat([headers(index, 'attachment', '7bit', type), text(parts.join(''))])
}

/** Every octet but NUL, which IMAP's literal cannot carry; lone CR and LF among them. */
function writeRawBinary(random: Random, index: number): Uint8Array {
  const type = 'application/octet-stream'
  return Buffer.concat([headers(index, 'raw', 'binary', type), random.octets(2000, 1, 255), text('\n')])
}

function writeHeadersOnly(_random: Random, index: number): Uint8Array {
  return headers(index, 'headers only', '7bit')
}

function writeEmpty(): Uint8Array {
  return new Uint8Array(0)
}

function writeLongLine(random: Random, index: number): Uint8Array {
  return Buffer.concat([headers(index, 'long line', '7bit'), random.octets(40_000, 32, 126), text('\n')])
}

function writeMixedLineEnds(random: Random, index: number): Uint8Array {
  return Buffer.concat([
    headers(index, 'mixed', '8bit'),
    text(`one\r\ntwo\nthree\r\n\nfour\r\r\n${random.word()}\n\r\n`),
  ])
}

function writeOddHeaders(random: Random, index: number): Uint8Array {
  const odd = [
    'Received: from nowhere\n\tby somewhere;\n  Thu, 1 Jan 1970 00:00:00 +0000\n',
    'Subject: [brackets] "quotes \\" and {12}\n',
    'Subject: a second subject\n',
    'X-Eight: \u00e9\u00e8\u00ea\n',
    'From: "a, b" <a@example.test>, group: c@example.test, d@example.test;\n',
    'X-Empty:\n',
    `Message-ID: <odd-${index}@example.test>\n`,
  ]
  return text(`${odd.join('')}\n${prose(random, 1)}`)
}

/** A body that looks like both sides of IMAP: only a reader of literals by their size passes over it. */
function writeProtocolLookalike(_random: Random, index: number): Uint8Array {
  const lines = [
    '* BYE go away',
    'a1 OK done',
    'A1 LOGIN a b {1000}',
    '+ idling',
    ')',
    '* 1 FETCH (BODY[] {5}',
    'DONE',
  ]
  return Buffer.concat([headers(index, 'lookalike', '7bit'), text(lines.join('\r\n')), text('\r\n{99}\r\n')])
}

function writeWithoutLastLineEnd(random: Random, index: number): Uint8Array {
  return Buffer.concat([headers(index, 'no last line end', '7bit'), text(random.word())])
}

function headers(
  index: number,
  subject: string,
  encoding: string,
  type = 'text/plain; charset=utf-8',
): Uint8Array {
  const lines = [
    `From: Sender ${index} <sender${index}@example.test>`,
    'To: reader@example.test',
    `Subject: message ${index}, ${subject}`,
    `Date: ${new Date((firstReceived + index * 60) * 1000).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${index}.${firstReceived}@example.test>`,
    'MIME-Version: 1.0',
    `Content-Type: ${type}`,
    `Content-Transfer-Encoding: ${encoding}`,
  ]
  return text(`${lines.join('\n')}\n\n`)
}

function prose(random: Random, lines: number): string {
  const line = () => `${Array.from({ length: 9 }, () => random.word()).join(' ')}\n`
  return Array.from({ length: lines }, line).join('')
}

function text(characters: string): Uint8Array {
  return Buffer.from(characters, 'latin1')
}
