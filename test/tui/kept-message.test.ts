import { describe, expect, it } from 'vitest'
import { Message, type MessageKind } from '../../src/imap/message.ts'
import { latin1, octetsOf } from '../../src/imap/octets.ts'
import type { RawPart, Side } from '../../src/imap/raw-message.ts'
import { describeMessage } from '../../src/imap/redact.ts'
import { KeptMessage } from '../../src/tui/kept-message.ts'

interface Said {
  readonly from: Side
  readonly kind: MessageKind
  readonly parts: readonly (string | { readonly literal: string })[]
}

function made({ from, kind, parts }: Said): Message {
  const raw = parts.map((part): RawPart => {
    if (typeof part === 'string') return { kind: 'line', octets: octetsOf(part) }
    const announced = { size: part.literal.length, isSynchronizing: true, isBinary: false }
    return { kind: 'literal', announced, octets: octetsOf(part.literal) }
  })
  const octets = parts.reduce((sum, part) => sum + (typeof part === 'string' ? part : part.literal).length, 0)
  return new Message({ from, parts: raw, octets }, kind)
}

const describeIt = (message: Message): string =>
  describeMessage(message, { hidesAll: false, limit: 2000 }).join(' ')

function kept(said: Said, hidesAll = false): KeptMessage {
  return new KeptMessage(made(said), { at: 1, hidesAll, isOurs: false, describe: describeIt })
}

function octetsIn(message: KeptMessage): string {
  return (message.specimen()?.message.raw.parts ?? [])
    .map((part) => latin1(part.octets ?? octetsOf('?')))
    .join('')
}

describe('a kept message', () => {
  it('is the same octets as before, copied', () => {
    const line = '* 1 FETCH (FLAGS () X "\xe9")\r\n'
    const said = made({ from: 'server', kind: 'response', parts: [line] })
    const message = new KeptMessage(said, { at: 1, hidesAll: false, isOurs: false, describe: describeIt })
    const [part] = said.raw.parts
    part?.octets?.fill(0)
    expect(octetsIn(message)).toBe(line)
    expect(message.specimen()).toMatchObject({ hidden: [] })
    expect(message.specimen()?.message.response().ok).toBe(true)
  })

  it.each([
    [['a LOGIN ann hunter2\r\n'], 'a LOGIN ann xxxxxxx\r\n', 'a LOGIN ann ‹redacted 7›'],
    [
      ['a LOGIN ann {7}\r\n', { literal: 'hunter2' }, '\r\n'],
      'a LOGIN ann {7}\r\nxxxxxxx\r\n',
      'a LOGIN ann ‹redacted 7›',
    ],
    [['LOGIN ann hunter2\r\n'], 'xxxxxxxxxxxxxxxxx\r\n', '‹redacted 17›'],
  ])('keeps no credential of %j', (parts, octets, text) => {
    const message = kept({ from: 'client', kind: 'command', parts })
    expect(octetsIn(message)).toBe(octets)
    expect(message.text(describeIt)).toBe(text)
    expect(message.specimen()?.hidden).toHaveLength(1)
    expect(JSON.stringify(message)).not.toContain('hunter2')
  })

  it('keeps nothing readable of SASL data, or of a line that may be a password', () => {
    const data = kept({ from: 'client', kind: 'sasl-data', parts: ['aHVudGVyMg==\r\n'] })
    expect(octetsIn(data)).toBe('xxxxxxxxxxxx\r\n')
    const line = kept({ from: 'client', kind: 'command', parts: ['hunter2\r\n'] }, true)
    expect(octetsIn(line)).toBe('xxxxxxx\r\n')
    expect(line.text(describeIt)).toBe('‹redacted 9›')
  })

  it('knows of a large literal only its size, and of an endless line only its text', () => {
    const body = 'B'.repeat(5000)
    const fetch = kept({
      from: 'server',
      kind: 'response',
      parts: ['* 1 FETCH (BODY[] {5000}\r\n', { literal: body }, ')\r\n'],
    })
    expect(fetch.specimen()?.message.raw.parts[1]?.octets).toBeUndefined()
    const long = kept({ from: 'server', kind: 'response', parts: [`* OK ${'x'.repeat(100_000)}\r\n`] })
    expect(long.specimen()).toBeUndefined()
    expect(long.text(describeIt).length).toBeLessThan(1100)
    expect(long.weight).toBeLessThan(1000)
  })
})
