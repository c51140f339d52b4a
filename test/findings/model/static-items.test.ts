/** Values that can never change are held as numbers: equal values give equal numbers, and what is held has a bound. */

import { describe, expect, it } from 'vitest'

import {
  isEmptyEnvelope,
  numberOfEnvelope,
  numberOfOctets,
  numberOfStructure,
  numberOfText,
  StaticItems,
} from '../../../src/findings/model/static-items.ts'
import type { BodyPart, BodyStructure } from '../../../src/imap/body-structure.ts'
import type { Envelope } from '../../../src/imap/envelope.ts'

const envelope: Envelope = {
  date: 'Mon, 3 Feb 2025 10:00:00 +0000',
  subject: 'one',
  from: [{ name: 'Ann', route: null, mailbox: 'ann', host: 'example.org' }],
  sender: [],
  replyTo: [],
  to: [],
  cc: [],
  bcc: [],
  inReplyTo: null,
  messageId: '<1@example.org>',
}

const part: BodyPart = {
  kind: 'part',
  type: 'TEXT',
  subtype: 'PLAIN',
  parameters: [],
  id: null,
  description: null,
  encoding: '7BIT',
  octets: 20,
  message: null,
  lines: 1,
  md5: null,
  extension: null,
}

const multipart = (...parts: BodyStructure[]): BodyStructure => ({
  kind: 'multipart',
  parts,
  subtype: 'MIXED',
  parameters: null,
  extension: null,
})

describe('the numbers of values', () => {
  it('are the same for the same envelope, and others for another', () => {
    expect(numberOfEnvelope({ ...envelope })).toBe(numberOfEnvelope(envelope))
    for (const change of [
      { subject: 'two' },
      { subject: null },
      { date: null },
      { messageId: '<2@example.org>' },
      { inReplyTo: '<0@example.org>' },
      { to: envelope.from },
      { from: [{ name: 'Bob', route: null, mailbox: 'ann', host: 'example.org' }] },
    ])
      expect(numberOfEnvelope({ ...envelope, ...change })).not.toBe(numberOfEnvelope(envelope))
  })

  it('take no text for another one, nor NIL for an empty one', () => {
    expect(numberOfText(null)).not.toBe(numberOfText(''))
    expect(numberOfText('NIL')).not.toBe(numberOfText(null))
    expect(numberOfText('x'.repeat(100))).not.toBe(numberOfText('x'.repeat(101)))
  })

  it('do not depend on the case of a media type, but on parts and sizes', () => {
    const body = multipart(part, part)
    expect(numberOfStructure(multipart({ ...part, type: 'text' }, part))).toBe(numberOfStructure(body))
    expect(numberOfStructure(multipart(part))).not.toBe(numberOfStructure(body))
    expect(numberOfStructure(multipart(part, { ...part, octets: 21 }))).not.toBe(numberOfStructure(body))
    expect(numberOfStructure(multipart(multipart(part), part))).not.toBe(numberOfStructure(body))
  })

  it('look at what a message within holds', () => {
    const within = (octets: number): BodyPart => ({
      ...part,
      type: 'MESSAGE',
      subtype: 'RFC822',
      message: { envelope, body: { ...part, octets } },
    })
    expect(numberOfStructure(within(5))).not.toBe(numberOfStructure(within(6)))
  })

  it('depend on the length of octets, and on octets from all over', () => {
    const octets = new Uint8Array(10_000)
    const other = octets.slice()
    other.fill(1, 5_000)
    expect(numberOfOctets(octets.slice())).toBe(numberOfOctets(octets))
    expect(numberOfOctets(other)).not.toBe(numberOfOctets(octets))
    expect(numberOfOctets(octets.subarray(1))).not.toBe(numberOfOctets(octets))
  })

  it('are not wanted of an envelope that stands for a message which is gone', () => {
    expect(isEmptyEnvelope(envelope)).toBe(false)
    expect(isEmptyEnvelope({ ...envelope, date: null, subject: null, from: [], messageId: null })).toBe(true)
  })
})

describe('the values held', () => {
  it('are the first that came of each item', () => {
    const items = new StaticItems()
    expect(items.keep(4, 'ENVELOPE', 1)).toBe(1)
    expect(items.keep(4, 'ENVELOPE', 2)).toBe(1)
    expect(items.keep(4, 'BODY[]', 2)).toBe(2)
    expect(items.keep(5, 'ENVELOPE', 3)).toBe(3)
    expect(items.find(4, 'ENVELOPE')).toBe(1)
    expect(items.find(4, 'INTERNALDATE')).toBeUndefined()
  })

  it('tell the largest UIDs apart', () => {
    const items = new StaticItems()
    items.keep(4_294_967_295, 'ENVELOPE', 1)
    expect(items.find(4_294_967_294, 'ENVELOPE')).toBeUndefined()
    expect(items.find(4_294_967_295, 'ENVELOPE')).toBe(1)
  })

  it('have a bound, behind which messages that are not known cost nothing', () => {
    const items = new StaticItems()
    for (let uid = 1; uid <= 100_000; uid++) items.keep(uid, 'RFC822.SIZE', uid)
    expect(items.size).toBeLessThanOrEqual(50_001)
    expect(items.isIdleFor(100_000)).toBe(true)
    expect(items.isIdleFor(1)).toBe(false)
    expect(items.keep(100_000, 'RFC822.SIZE', 1)).toBe(1)
  })

  it('are of so many items at most, however many sections a client asks for', () => {
    const items = new StaticItems()
    for (let section = 1; section <= 1_000; section++) items.keep(1, `BODY[${section}]`, section)
    expect(items.size).toBeLessThanOrEqual(256)
    expect(items.find(1, 'BODY[1]')).toBe(1)
    expect(items.find(1, 'BODY[900]')).toBeUndefined()
  })
})
