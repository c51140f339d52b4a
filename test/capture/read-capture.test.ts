import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { CaptureFault } from '../../src/capture/capture-fault.ts'
import { readCapture } from '../../src/capture/read-capture.ts'
import { readStart } from '../../src/capture/record-start.ts'
import { walkCapture, type TornTail } from '../../src/capture/scan-capture.ts'
import { listCaptures } from '../../src/capture/source.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { latin1 } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import { conversation, cuts, said, type Conversation } from '../support/conversations.ts'
import { createTempFolder } from '../support/temp-folder.ts'
import { captureText, header, readAll } from './support/captured.ts'
import { CodedDialogue } from './support/coded-dialogue.ts'
import { plainEvent } from './support/plain-event.ts'

let folder: Awaited<ReturnType<typeof createTempFolder>>
beforeEach(async () => {
  folder = await createTempFolder('read')
})
afterEach(() => folder.remove())

function put(name: string, content: string | Uint8Array): string {
  const path = folder.join(name)
  writeFileSync(path, content)
  return path
}

async function faultOf(paths: readonly string[]): Promise<string> {
  try {
    await readAll(paths)
  } catch (error) {
    if (error instanceof CaptureFault) return `${error.message} | ${error.advice}`
    throw error
  }
  return 'no fault'
}

/** The octets of each message of one side, in order; a literal that was not kept shows as a mark. */
function messagesOf(events: readonly ObservedEvent[], side: Side): readonly string[] {
  return events
    .flatMap((event) => (event.kind === 'message' && event.side === side ? [event] : []))
    .filter(({ isOurs }) => isOurs !== true)
    .map(({ message }) => message.raw.parts.map(({ octets }) => (octets ? latin1(octets) : '?')).join(''))
}

describe('a session that is read again', () => {
  it('has every octet that each side sent, in order, when secrets and bodies were kept', () => {
    const turns: Conversation = [
      { from: 'server', text: '* OK h\xefllo\r\n' },
      { from: 'client', text: 'l LOGIN ann {6+}\r\nsecr\xfft\r\n' },
      { from: 'server', text: 'l OK done\r\n' },
      { from: 'client', text: 'b APPEND INBOX {7+}\r\nHi\r\n\0\r\n\r\n' },
      {
        from: 'server',
        text: '* 1 FETCH (BODY[] {4}\r\n\u0001\xe4\r\n BODY[1] "x\x80" RFC822 ~{0}\r\n)\r\n',
      },
      { from: 'server', text: 'b OK done\r\nb BAD \x1b[2J\r\n' },
    ]
    const talk = new CodedDialogue().input({ kind: 'connected' })
    for (const { from, text } of turns) talk.raw(from, text)
    for (const side of ['client', 'server'] as const)
      expect(messagesOf(talk.coded.events, side).join('')).toBe(said(turns, side))
  })

  it('has each message to the octet and in order, whatever two sides say to each other', () => {
    fc.assert(
      fc.property(conversation, cuts, (turns, sizes) => {
        const talk = new CodedDialogue().input({ kind: 'connected' })
        let cut = 0
        for (const { from, text } of turns)
          for (let at = 0; at < text.length;) {
            const end = at + (sizes[cut++ % sizes.length] ?? 1)
            talk.raw(from, text.slice(at, end))
            at = end
          }
        for (const side of ['client', 'server'] as const) {
          let at = 0
          for (const message of messagesOf(talk.coded.events, side)) {
            const found = said(turns, side).indexOf(message, at)
            expect(found).toBeGreaterThanOrEqual(0)
            at = found + message.length
          }
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('a capture', () => {
  it.each([
    ['plain', (text: string) => Buffer.from(text)],
    ['gzip', (text: string) => gzipSync(text)],
    ['zstd', (text: string) => zstdCompressSync(text)],
  ])('is read whatever it is called: %s', async (_, code) => {
    const text = captureText()
    const plain = await readAll([put('a', text)])
    expect(plain.length).toBe(text.split('\n').length - 2)
    const coded = await readAll([put('b.ndjson', code(text))])
    expect(coded.map(plainEvent)).toEqual(plain.map(plainEvent))
  })

  it('tells how far it has been read', async () => {
    const text = captureText()
    const paths = [put('a', text), put('b', gzipSync(text.repeat(20)))]
    const steps: string[] = []
    await readAll(paths, { onProgress: (done, total) => steps.push(`${done}/${total}`) })
    const first = Buffer.byteLength(text)
    const total = first + gzipSync(text.repeat(20)).length
    expect(steps.at(0)).toBe(`${first}/${total}`)
    expect(steps.at(-1)).toBe(`${total}/${total}`)
  })

  it('gives the commands alone to who wants no more, and the same exchanges', async () => {
    const path = put('a', captureText())
    const all = await readAll([path])
    const some = await readAll([path], { messages: 'commands' })
    const isServer = (event: ObservedEvent): boolean => event.kind === 'message' && event.side === 'server'
    expect(some.map(({ kind }) => kind)).toEqual(
      all.filter((event) => !isServer(event)).map(({ kind }) => kind),
    )
    const completed = (events: readonly ObservedEvent[]): unknown[] =>
      events.filter(({ kind }) => kind === 'exchange-completed').map(plainEvent)
    expect(completed(some)).toEqual(completed(all))
    expect((await readAll([path], { messages: 'none' })).some(({ kind }) => kind === 'message')).toBe(false)
  })

  it('gives the sessions alone that are wanted', async () => {
    const text = captureText()
    const path = put('a', text + text.replaceAll('"session":"S1"', '"session":"S2"').slice(header.length + 1))
    const some = await readAll([path], { wantsSession: (session) => session === 'S2' })
    expect(new Set(some.map(({ session }) => session))).toEqual(new Set(['S2']))
    expect(some.length).toBe((await readAll([put('b', text)])).length)
  })

  it('of another run keeps its sessions and its clock apart', async () => {
    const later = header
      .replace('"run":"r1"', '"run":"r2"')
      .replace('T09:00:00', 'T10:00:00')
      .replace('"clock":1000', '"clock":5')
    const path = put('a', captureText())
    const other = put('b', captureText().replace(header, later))
    const reading = readCapture([path, other])
    const events: ObservedEvent[] = []
    for await (const event of reading) events.push(event)
    const [first] = events
    const second = events.find(({ session }) => session === 'S1@2')
    expect(new Set(events.map(({ session }) => session))).toEqual(new Set(['S1', 'S1@2']))
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBe(3_600_000 + 995)
    expect(new Date(reading.clock.wallTimeOf(1_000)).toISOString()).toBe('2026-11-21T09:00:00.000Z')
    expect(new Date(reading.clock.wallTimeOf(second?.at ?? 0)).toISOString()).toBe('2026-11-21T09:59:59.997Z')
  })

  it('lies at the offsets that a walk over it tells', async () => {
    const text = captureText()
    const [file] = listCaptures([put('a', text)])
    if (!file) throw new Error('no file')
    const seen: string[] = []
    const walk = walkCapture(file, {
      onRecord({ octets, start, end, offset, line }) {
        const record = octets.toString('utf8', start, end)
        expect(Buffer.from(text).toString('utf8', offset, offset + end - start)).toBe(record)
        expect(text.split('\n')[line - 1]).toBe(record)
        seen.push(readStart(octets, start, end)?.kind ?? '?')
      },
    })
    while ((await walk.next()).done !== true);
    expect(seen.length).toBe(text.split('\n').length - 2)
  })

  it('cut at any octet gives the events before the cut, and says that its end is torn', async () => {
    const text = captureText().split('\n').slice(0, 9).join('\n')
    const all = await readAll([put('whole', `${text}\n`)])
    const octets = Buffer.from(text)
    for (let at = 0; at < octets.length; at++) {
      const cut = octets.subarray(0, at)
      const path = put('cut', cut)
      const tails: TornTail[] = []
      const events = await readAll([path], { onTorn: (tail) => tails.push(tail) })
      const whole = Math.max(0, cut.toString('utf8').split('\n').length - 2)
      expect(events.length).toBe(whole)
      expect(events.at(-1)?.kind).toBe(all[whole - 1]?.kind)
      expect(tails.length).toBe(at > 0 && cut.at(-1) === 0x0a ? 0 : 1)
    }
  })

  it.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync],
  ])(
    'compressed by %s and cut at any octet gives what came before, or says clearly what it is',
    async (_, code) => {
      const octets = code(Buffer.from(captureText()))
      for (let at = 5; at < octets.length; at += 7) {
        const tails: TornTail[] = []
        const read = readAll([put('cut', octets.subarray(0, at))], { onTorn: (tail) => tails.push(tail) })
        await read.then(
          () => expect(tails.length).toBeGreaterThan(0),
          (error: unknown) => expect(error).toBeInstanceOf(CaptureFault),
        )
      }
    },
  )
})

it('a file that was named twice is read once, also within a folder and by a link', async () => {
  const text = captureText()
  const path = put('a.ndjson', text)
  symlinkSync(path, folder.join('b.ndjson'))
  expect(await readAll([path, folder.path, path])).toHaveLength(text.split('\n').length - 2)
})

it('a file whose name moves the cursor is named in what can be read', async () => {
  put('a\u001b[2J\u202e.ndjson', 'x')
  expect(await faultOf([folder.path])).toContain('a\\x1b[2J\\u{202e}.ndjson: this is no capture')
})

it('what is neither file nor folder is refused, and not waited for', async () => {
  expect(await faultOf(['/dev/null'])).toMatch(/^\/dev\/null: this is no file \| write/u)
})

it('a file that was compressed since it was listed is read all the same', async () => {
  const text = captureText()
  const reading = readCapture([put('a.ndjson', text)])
  rmSync(folder.join('a.ndjson'))
  put('a.ndjson.zst', zstdCompressSync(text))
  const events: ObservedEvent[] = []
  for await (const event of reading) events.push(event)
  expect(events).toHaveLength(text.split('\n').length - 2)
})

describe('a line', () => {
  it('that is longer than what is read at a time is read whole', async () => {
    const reason = Array.from({ length: 300_000 }, (_, at) => at % 1_000).join('-')
    const record = JSON.stringify({ event: 'warning', session: 'S1', at: 1_000, reason, advice: '' })
    const [event] = await readAll([put('a', `${header}\n${record}\n`)])
    expect(event).toMatchObject({ kind: 'warning', reason })
  })
})

describe('what is no capture', () => {
  const records = captureText().split('\n').slice(1).join('\n')

  it.each([
    ['a mail', 'From: ann\r\n', /this is no capture of imaptap/u],
    ['octets', '\u0001\u0002\u0003\u0004', /this is no capture of imaptap/u],
    ['a log', '{"level":"info"}\n', /this is no capture of imaptap/u],
    ['records without a header', records, /this is no capture of imaptap/u],
    [
      'a newer capture',
      header.replace('"version":1', '"version":2') + '\n',
      /version 2; this imaptap reads 1 \| update/u,
    ],
    [
      'a capture of no known version',
      header.replace('"version":1', '"version":0.5') + '\n',
      /version 0\.5;/u,
    ],
    ['a line within that is no record', `${captureText()}nonsense\n`, /:\d+: this line is no record/u],
    [
      'a record of an unknown kind',
      `${header}\n{"event":"x","session":"S1","at":1}\n`,
      /:2: this line is no record/u,
    ],
    [
      'a damaged record',
      `${header}\n{"event":"warning","session":"S1","at":\n`,
      /:2: this line is no record/u,
    ],
  ])('is told clearly: %s', async (_, text, message) => {
    expect(await faultOf([put('x', text)])).toMatch(message)
  })

  it('is told with where it lies', async () => {
    expect(await faultOf([folder.join('none')])).toMatch(/none: there is no such file \| check the path/u)
    mkdirSync(folder.join('empty'))
    expect(await faultOf([folder.join('empty')])).toMatch(/no capture lies in this folder/u)
    expect(
      await faultOf([put('y', Buffer.concat([gzipSync('x').subarray(0, 10), Buffer.alloc(50, 7)]))]),
    ).toMatch(/damaged|no capture/u)
  })
})

describe('a body', () => {
  it('is known by its size and its hash', async () => {
    const [fetched] = (await readAll([put('a', captureText({ secrets: false, bodies: false }))])).flatMap(
      (event) =>
        event.kind === 'message' ? event.message.raw.parts.filter(({ kind }) => kind === 'literal') : [],
    )
    const digest = createHash('sha256').update('canary!\r\n').digest('hex').slice(0, 12)
    expect(fetched).toEqual({
      kind: 'literal',
      announced: { size: 9, isSynchronizing: true, isBinary: false },
      digest,
    })
  })
})
