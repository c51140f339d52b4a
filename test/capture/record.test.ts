import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { RecordDecoder } from '../../src/capture/decode.ts'
import { RecordEncoder } from '../../src/capture/record.ts'
import { readStart } from '../../src/capture/record-start.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import type { Digester } from '../../src/imap/assembler.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import { Message } from '../../src/imap/message.ts'
import { describeMessage } from '../../src/imap/redact.ts'
import { lineMessage, type RawPart } from '../../src/imap/raw-message.ts'
import type { Decided } from '../../src/relay/guard.ts'
import type { HoldRule } from '../../src/relay/hold-rule.ts'
import { conversation, cuts, longConversation, whole, type Conversation } from '../support/conversations.ts'
import { stringsOf } from '../support/logged-dialogue.ts'
import { CodedDialogue, CodedEvents, everything } from './support/coded-dialogue.ts'
import { plainEvent } from './support/plain-event.ts'

function codeTurns(turns: Conversation, sizes: readonly number[]): CodedEvents {
  const talk = new CodedDialogue().input({ kind: 'connected' })
  let cut = 0
  for (const { from, text } of turns) {
    for (let at = 0; at < text.length;) {
      const end = at + (sizes[cut++ % sizes.length] ?? 1)
      talk.raw(from, text.slice(at, end))
      at = end
    }
  }
  talk.input({ kind: 'ended', side: 'client' }).input({ kind: 'ended', side: 'server' })
  return talk.coded
}

const view = {
  state: 'selected',
  user: 'ann',
  client: 'Thunderbird/128',
  server: undefined,
  mailbox: { name: 'Entwürfe', isReadOnly: false, exists: 3, uidValidity: 9, uidNext: undefined },
  capabilities: ['IDLE', 'ID'],
  enabled: [],
  isIdle: false,
} as const

const message = new Message(lineMessage('client', octetsOf('a NOOP\r\n')), 'command')

const decided: Decided = {
  rule: 'no-delete',
  effect: 'deny',
  why: 'DELETE is not allowed',
  isDryRun: false,
  mailboxes: ['Entwürfe', 'Trash'],
  level: 'audit',
}

/** What a dialogue with the engine alone does not tell. */
const others: readonly ObservedEvent[] = [
  {
    kind: 'opened',
    session: 'S1',
    at: 1.5,
    address: { host: '::1', port: 5 },
    listener: 'imaps://127.0.0.1:1993',
    upstream: 'imaps://imap.example.com',
    view,
    // For somebody who comes later.
    totals: { fromClient: 900, fromServer: 5_000, commands: 39 },
  },
  {
    kind: 'secured',
    session: 'S1',
    at: 2,
    side: 'client',
    tls: { version: 'TLSv1.3', cipher: 'c', name: 'n', certificate: 'x', isResumed: true },
  },
  { kind: 'tls-failed', session: 'S1', at: 2, side: 'server', reason: 'r', advice: 'a' },
  { kind: 'changed', session: 'S1', at: 3, view: { ...view, mailbox: { ...view.mailbox, exists: 4 } } },
  { kind: 'changed', session: 'S1', at: 3, view: { ...view, mailbox: undefined, user: undefined } },
  {
    kind: 'held',
    session: 'S1',
    at: 4,
    ticket: 7,
    side: 'client',
    message,
    hidesAll: false,
    isEditable: true,
    deadline: 30_004.125,
  },
  { kind: 'released', session: 'S1', at: 5, ticket: 7, how: 'expired' },
  {
    kind: 'held',
    session: 'S1',
    at: 5,
    ticket: 8,
    side: 'client',
    message,
    hidesAll: false,
    isEditable: false,
    deadline: 60_000,
    approval: { rule: 'ask before moving', otherwise: 'allow' },
  },
  { kind: 'released', session: 'S1', at: 5, ticket: 8, how: 'answered', by: 'ann by imaptap approvals' },
  { kind: 'decided', session: 'S1', at: 5, decided, view },
  {
    kind: 'decided',
    session: 'S1',
    at: 5,
    decided: { ...decided, effect: 'rewrite', isDryRun: true, sent: 'a EXAMINE INBOX', level: 'count' },
    view: { ...view, user: 'bob' },
  },
  { kind: 'message', session: 'S1', at: 5, side: 'client', message, hidesAll: false, isAhead: true },
  { kind: 'message', session: 'S1', at: 5, side: 'client', message, hidesAll: false, isDropped: true },
  { kind: 'message', session: 'S1', at: 5, side: 'client', message, hidesAll: false, isForUs: true },
  { kind: 'rewritten', session: 'S1', at: 6, side: 'server', rule: 'hide', note: 'IDLE' },
  { kind: 'warning', session: 'S1', at: 6, reason: 'r', advice: 'a' },
  {
    kind: 'finding',
    session: 'S1',
    at: 7,
    finding: {
      id: 'S01',
      name: 'expunge-without-command',
      level: 'error',
      side: 'server',
      text: 't',
      reference: 'RFC 9051 section 7.5.1',
      advice: 'a',
      evidence: ['S * 1 EXPUNGE'],
      exchange: undefined,
    },
  },
  {
    kind: 'closed',
    session: 'S1',
    at: 8,
    reason: 'done',
    totals: { fromClient: 1, fromServer: 2, commands: 3 },
    view,
  },
]

describe('an event read from its record', () => {
  it('is the event that was told, whatever two sides say to each other', () => {
    fc.assert(
      fc.property(conversation, cuts, (turns, sizes) => {
        const { told, read } = codeTurns(turns, sizes)
        expect(read).toEqual(told)
      }),
      { numRuns: 150 },
    )
  })

  it('is the event that was told, with lines that pass every limit', () => {
    fc.assert(
      fc.property(longConversation, (turns) => {
        const { told, read } = codeTurns(turns, whole)
        expect(read).toEqual(told)
      }),
      { numRuns: 15 },
    )
  })

  it('is the event that was told, for every kind that the engine does not tell', () => {
    const coded = new CodedEvents()
    for (const event of others) coded.hear(event)
    expect(coded.read).toEqual(coded.told)
  })

  it('has the exchange that a policy decided about, told once', () => {
    const talk = new CodedDialogue().input({ kind: 'connected' }).server('* OK hi').client('a NOOP')
    const [opened] = talk.coded.events.filter((event) => event.kind === 'exchange-opened')
    if (opened?.kind !== 'exchange-opened') throw new Error('no command')
    const encoder = new RecordEncoder(everything)
    const decoder = new RecordDecoder()
    const { exchange, session } = opened
    const lines = [opened, { kind: 'decided', session, at: 9, decided, exchange, view } as const].map(
      (event) => encoder.encode(event) ?? '',
    )
    const [, read] = lines.map((line) => decoder.decode(line))
    expect(lines[1]).toContain('"exchange":1,')
    expect(read).toMatchObject({ kind: 'decided', decided, exchange: { tag: 'a', name: 'NOOP' }, view })
  })

  it('of a policy by somebody newer has the words that are known, and passes nobody off as refused', () => {
    const line =
      '{"event":"decided","session":"S1","at":1,"decided":{"rule":"x","effect":"sing","level":"loud"}}'
    const read = new RecordDecoder().decode(line)
    expect(read).toMatchObject({
      decided: { rule: 'x', effect: 'allow', level: 'count', mailboxes: [], why: '' },
    })
  })

  it('has an exchange that lives on, as in a live proxy, with its command', () => {
    const talk = new CodedDialogue().input({ kind: 'connected' }).server('* OK hi')
    talk.client('a FETCH 1 FLAGS').server('* 1 FETCH (FLAGS ())').server('a OK done')
    const exchanges = talk.coded.events.flatMap((event) =>
      'exchange' in event && event.exchange ? [event.exchange] : [],
    )
    expect(new Set(exchanges).size).toBe(1)
    expect(exchanges[0]).toMatchObject({ status: 'OK', untagged: 1, completedAt: 5 })
    expect(exchanges[0]?.message?.command()).toMatchObject({ ok: true, value: { name: 'FETCH' } })
  })

  it('reads UTF-8 as both sides had agreed to when it came', () => {
    const talk = new CodedDialogue().input({ kind: 'connected' }).server('* PREAUTH hi')
    talk
      .client('a ENABLE UTF8=ACCEPT')
      .server('* ENABLED UTF8=ACCEPT', 'a OK')
      .client('b SELECT "Entw\xc3\xbcrfe"')
    const last = talk.coded.events.at(-1)
    expect(last?.kind === 'message' && last.message.command()).toMatchObject({
      ok: true,
      value: { mailbox: 'Entwürfe' },
      quirks: [],
    })
  })
})

describe('a record', () => {
  const recordsOf = (event: ObservedEvent): string => new RecordEncoder(everything).encode(event) ?? ''

  it.each(others.map((event): [string, ObservedEvent] => [event.kind, event]))(
    'of %s begins with what a reader needs to pass over it',
    (kind, event) => {
      const octets = Buffer.from(recordsOf(event))
      const side = kind === 'message' ? 'client' : undefined
      expect(readStart(octets, 0, octets.length)).toMatchObject({ kind, session: 'S1', at: event.at })
      if (side) expect(readStart(octets, 0, octets.length)).toMatchObject({ side })
    },
  )

  it('of a common message is short, and can be read by a person', () => {
    const talk = new CodedDialogue().input({ kind: 'connected' }).server('* OK hi')
    talk.client('a NOOP').server('* 3 EXISTS').server('a OK done')
    expect(talk.coded.lines).toMatchInlineSnapshot(`
      [
        "{"event":"message","session":"S1","at":2,"side":"server","parts":["* OK hi\\r\\n"]}",
        "{"event":"changed","session":"S1","at":2,"view":{"state":"not-authenticated"}}",
        "{"event":"exchange-opened","session":"S1","at":3,"exchange":{"id":1,"tag":"a","name":"NOOP","args":"","openedAt":3,"octetsIn":8,"octetsOut":0,"untagged":0,"attribution":"certain"}}",
        "{"event":"message","session":"S1","at":3,"side":"client","exchange":1,"parts":["a NOOP\\r\\n"]}",
        "{"event":"message","session":"S1","at":4,"side":"server","exchange":{"id":1,"firstOctetAt":4,"octetsOut":12,"untagged":1},"parts":["* 3 EXISTS\\r\\n"]}",
        "{"event":"message","session":"S1","at":5,"side":"server","exchange":{"id":1,"completedAt":5,"octetsOut":23,"status":"OK","text":"done"},"parts":["a OK done\\r\\n"]}",
        "{"event":"exchange-completed","session":"S1","at":5,"exchange":{"id":1,"tag":"a","name":"NOOP","args":"","openedAt":3,"firstOctetAt":4,"completedAt":5,"octetsIn":8,"octetsOut":23,"untagged":1,"status":"OK","text":"done","attribution":"certain"}}",
      ]
    `)
  })

  it('of an exchange says how long it was held, where it was', () => {
    const hold: HoldRule = { mayHold: ({ name }) => name === 'NOOP', hold: () => 60_000 }
    const talk = new CodedDialogue({ interests: { messages: true, hold } })
    talk.input({ kind: 'connected' }).server('* OK hi').client('a NOOP')
    talk.now += 30_000
    talk.input({ kind: 'ruled', ticket: 1, ruling: { kind: 'forward' } }).server('a OK done')
    talk.client('b CHECK').server('b OK done')
    const completed = talk.coded.lines.filter((line) => line.startsWith('{"event":"exchange-completed"'))
    expect(completed.map((line) => /"heldMillis":\d+/u.exec(line)?.[0])).toEqual([
      '"heldMillis":30001',
      undefined,
    ])
    const exchanges = talk.coded.events.flatMap((event) =>
      event.kind === 'exchange-completed' ? [event.exchange.heldMillis] : [],
    )
    expect(exchanges).toEqual([30_001, 0])
  })

  it('tells of a view only what has changed', () => {
    const encoder = new RecordEncoder()
    encoder.encode({ kind: 'changed', session: 'S1', at: 1, view })
    const changed = { ...view, mailbox: { ...view.mailbox, exists: 4 } }
    expect(encoder.encode({ kind: 'changed', session: 'S1', at: 2, view: changed })).toBe(
      '{"event":"changed","session":"S1","at":2,"view":{"mailbox":{"exists":4}}}',
    )
  })

  it('shows nothing raw that moves a cursor or turns text around', () => {
    const line = '* OK \u202e\u200b\u009b2J \u{e0041} \u00ad end\r\n'
    const hostile = new Message(lineMessage('server', Buffer.from(line)), 'response')
    const record = recordsOf({
      kind: 'message',
      session: 'S1',
      at: 1,
      side: 'server',
      message: hostile,
      hidesAll: false,
    })
    expect(record).toMatch(/^[ -~]*$/u)
    const event = new RecordDecoder().decode(record)
    expect(event && event !== 'again' && 'message' in event && event.message.raw).toEqual(hostile.raw)
  })

  it('keeps octets that are no text as base64', () => {
    const raw = lineMessage('server', octetsOf('* OK \xff\0\r\n'))
    const event = { kind: 'message', session: 'S1', at: 1, side: 'server', hidesAll: false } as const
    const record = recordsOf({ ...event, message: new Message(raw, 'response') })
    expect(record).toContain('{"base64":"KiBPSyD/AA0K"}')
  })
})

describe('what is left out', () => {
  const hashing = (): Digester => {
    const hash = createHash('sha256')
    return { update: (octets) => void hash.update(octets), hex: () => hash.digest('hex').slice(0, 12) }
  }
  const digesters = { client: hashing, server: hashing }
  const byDefault = { secrets: false, bodies: false }

  it('of a credential is told by its size alone: a digest would let it be guessed', () => {
    const talk = new CodedDialogue({ keeping: byDefault, digesters })
      .input({ kind: 'connected' })
      .server('* OK')
    talk.raw('client', 'a LOGIN {3+}\r\nann {6+}\r\nsecret\r\n')
    const record = talk.coded.lines.at(-1) ?? ''
    expect(record).toContain('{"literal":3,"plus":true,"sha256":"49915e0d7d4b","text":"ann"}')
    expect(record).toContain('{"literal":6,"plus":true,"text":"xxxxxx"}')
  })

  it('of a mail in quotes is told by its place and its hash', () => {
    const talk = new CodedDialogue({ keeping: byDefault, digesters }).input({ kind: 'connected' })
    talk.server('* PREAUTH hi').client('a FETCH 1 BODY[]').server('* 1 FETCH (BODY[] "canary")')
    const digest = createHash('sha256').update('canary').digest('hex').slice(0, 12)
    expect(talk.coded.lines.at(-1)).toContain(`"bodies":[[0,19,25,"${digest}"]]`)
    expect(talk.coded.lines.join('')).not.toContain('canary')
  })

  it('of a mail that was left out before has no hash: it would be that of the filling', () => {
    const talk = new CodedDialogue({ keeping: byDefault, digesters }).input({ kind: 'connected' })
    talk.server('* PREAUTH hi').client('a FETCH 1 BODY[]').server('* 1 FETCH (BODY[] "canary")')
    const [read] = talk.coded.events.slice(-1)
    expect(read && new RecordEncoder().encode(read)).toContain('"bodies":[[0,19,25,""]]')
  })

  it('of a mail of which only the beginning waits has no hash: it would be that of the beginning', () => {
    const announced = { size: 6, isSynchronizing: true, isBinary: false }
    const parts: readonly RawPart[] = [
      { kind: 'line', octets: Buffer.from('* 1 FETCH (BODY[] {6}\r\n') },
      { kind: 'literal', announced, octets: Buffer.from('can') },
    ]
    const line = new RecordEncoder().encode({
      kind: 'held',
      session: 'S1',
      at: 0,
      ticket: 1,
      side: 'server',
      message: new Message({ from: 'server', parts, octets: 29 }, 'response'),
      hidesAll: false,
      isEditable: false,
      deadline: 9,
    })
    expect(line).toContain('{"literal":6}')
  })

  it('of a mail is nothing where bodies are kept, however long, up to what the engine was told to keep', () => {
    const kept = { literalKept: 200_000, messageOctets: 2_000_000 }
    const talk = new CodedDialogue({ kept, digesters }).input({ kind: 'connected' }).server('* PREAUTH hi')
    talk.raw('server', `* 1 FETCH (BODY[] {200000}\r\n${'x'.repeat(200_000)})\r\n`)
    talk.raw('server', `* 1 FETCH (BODY[] {200001}\r\n${'x'.repeat(200_001)})\r\n`)
    const literals = talk.coded.events.flatMap((event) =>
      event.kind === 'message' ? event.message.raw.parts.filter(({ kind }) => kind === 'literal') : [],
    )
    expect(literals.map(({ octets }) => octets?.length)).toEqual([200_000, undefined])
    expect(talk.coded.read).toEqual(talk.coded.told)
  })
})

describe('a file that begins in the middle of a session', () => {
  it('tells again what a reader of it alone must know, and who has read all of them hears it once', () => {
    const encoder = new RecordEncoder()
    const first = others.slice(0, 4).map((event) => encoder.encode(event) ?? '')
    const second = [
      ...encoder.resume(4),
      encoder.encode({
        kind: 'closed',
        session: 'S1',
        at: 9,
        reason: 'r',
        totals: { fromClient: 1, fromServer: 2, commands: 3 },
        view,
      }) ?? '',
    ]
    const kindsOf = (lines: readonly string[]): unknown[] => {
      const decoder = new RecordDecoder()
      return lines.map((line) => {
        const event = decoder.decode(line)
        return event === undefined || event === 'again' ? event : event.kind
      })
    }
    expect(kindsOf(second)).toEqual(['opened', 'secured', 'closed'])
    expect(kindsOf([...first, ...second]).slice(4)).toEqual(['again', 'again', 'closed'])
    const decoder = new RecordDecoder()
    const [opened] = second.map((line) => decoder.decode(line))
    expect(opened).toMatchObject({ address: { port: 5 }, view: { user: 'ann', mailbox: { exists: 4 } } })
  })
})

describe('a record that was changed by hand', () => {
  const talk = new CodedDialogue().input({ kind: 'connected' }).server('* PREAUTH hi')
  talk.client('a SELECT INBOX').server('* 3 EXISTS', 'a OK done').client('b LOGIN {3+}', 'ann x')
  const lines = [
    ...others.map((event) => new RecordEncoder(everything).encode(event) ?? ''),
    ...talk.coded.lines,
  ].filter((line) => line !== '')

  /** The same JSON with one of its values changed. */
  function spoil(value: unknown, at: { left: number }, other: unknown): unknown {
    if (at.left-- === 0) return other
    if (Array.isArray(value)) return value.map((item) => spoil(item, at, other))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, spoil(item, at, other)]))
  }

  const wrong = fc.constantFrom<unknown>(null, -1, 1.5, '', 'x', true, [], {}, [null], { name: 3 }, [
    '__proto__',
  ])

  it('gives an event that can be printed and told again, or none, and never throws', () => {
    fc.assert(
      fc.property(fc.constantFrom(...lines), fc.nat({ max: 40 }), wrong, (line, left, other) => {
        const decoder = new RecordDecoder()
        for (const before of lines) decoder.decode(before)
        const spoiled = JSON.stringify(spoil(JSON.parse(line), { left }, other))
        const event = decoder.decode(spoiled)
        if (event === undefined || event === 'again') return
        plainEvent(event)
        if ('message' in event) describeMessage(event.message, { hidesAll: false, limit: 1_000 })
        expect(new RecordEncoder().encode(event)).toContain('"event"')
      }),
      { numRuns: 500 },
    )
  })
})

it('what an event says is printable, whoever wrote the file', () => {
  const hostile = '\u001b]0;x\u0007\u202e'
  const lines = [
    { event: 'warning', session: hostile, at: 1, reason: hostile, advice: hostile },
    {
      event: 'exchange-completed',
      session: 'S1',
      at: 1,
      exchange: { id: 1, tag: hostile, name: hostile, args: hostile, text: hostile },
    },
    { event: 'changed', session: 'S1', at: 1, view: { user: hostile, mailbox: { name: hostile } } },
    { event: 'finding', session: 'S1', at: 1, finding: { id: hostile, text: hostile, evidence: [hostile] } },
  ].map((record) => JSON.stringify(record))
  const decoder = new RecordDecoder()
  const text = lines.map((line) => stringsOf(decoder.decode(line)).join(' ')).join(' ')
  expect(text).toContain('\\x1b]0;x')
  expect(text).toMatch(/^[ -~]*$/u)
})

describe('a line that is no record', () => {
  it.each([
    '',
    'x',
    '{}',
    '[]',
    '{"event":"message"}',
    '{"event":"what","session":"S1","at":1}',
    '{"event":1,"session":"S1","at":1}',
  ])('gives no event: %s', (line) => {
    expect(new RecordDecoder().decode(line)).toBeUndefined()
  })
})
