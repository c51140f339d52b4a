import { describe, expect, it } from 'vitest'

import { faultEntry, recordOf, wireRecords } from '../../src/log/record.ts'
import type { EventBody, ProxyEvent } from '../../src/relay/event.ts'
import type { Decided } from '../../src/relay/guard.ts'
import type { HoldRule } from '../../src/relay/hold-rule.ts'
import { Session } from '../../src/session/session.ts'
import { play, playLoggedIn, type Dialogue } from '../support/play.ts'

const event = (body: EventBody): ProxyEvent => ({ session: 'S7', at: 1, ...body })
const view = Object.assign(new Session(), { user: 'ann', client: 'Mutt/2' })

function completed(talk: Dialogue): unknown {
  const [told] = talk.of('exchange-completed')
  return told && recordOf(told)?.record
}

describe('an exchange', () => {
  it('is one record, with its times and sizes', () => {
    const talk = playLoggedIn().client('a UID FETCH 1 (FLAGS)')
    talk.now = 100
    talk.server('* 1 FETCH (FLAGS ())')
    talk.now = 150
    expect(completed(talk.server('a OK [HIGHESTMODSEQ 5] done'))).toEqual({
      event: 'exchange',
      session: 'S1',
      tag: 'a',
      command: 'UID FETCH',
      args: '1 (FLAGS)',
      status: 'OK',
      code: 'HIGHESTMODSEQ',
      codeArgs: '5',
      text: 'done',
      durationMs: 146,
      firstOctetMs: 96,
      octetsIn: 23,
      octetsOut: 51,
      untagged: 1,
      attribution: undefined,
      user: 'ann',
      mailbox: undefined,
      client: undefined,
    })
  })

  it.each([
    ['a OK [APPENDUID 1795235455 1] done', 'APPENDUID', '1795235455 1'],
    ['a OK [COPYUID 9 1:3 4:6] done', 'COPYUID', '9 1:3 4:6'],
    ['a OK [READ-ONLY] done', 'READ-ONLY', undefined],
    ['a OK [X-NEW "a b" (c)] done', 'X-NEW', '"a b" (c)'],
  ])('keeps what stands in the response code: %s', (answer, code, codeArgs) => {
    expect(completed(playLoggedIn().client('a NOOP').server(answer))).toMatchObject({ code, codeArgs })
  })

  it.each([
    [['a LOGIN ann wrong'], 'ann'],
    [['a AUTHENTICATE PLAIN AGFubgB3cm9uZw=='], 'ann'],
    [['a LOGIN ann  wrong'], undefined],
    [['a LOGIN ann wrong junk'], undefined],
  ])('of a login that failed names who tried, where that is sure: %j', (lines, user) => {
    expect(
      completed(
        play()
          .client(...lines)
          .server('a NO no'),
      ),
    ).toMatchObject({ status: 'NO', user })
  })

  it('says how long it was held at a breakpoint, beside its own times', () => {
    const hold: HoldRule = { mayHold: ({ name }) => name === 'NOOP', hold: () => 60_000 }
    const talk = play({ interests: { messages: true, hold } }).client('a NOOP')
    talk.now += 30_000
    talk.input({ kind: 'ruled', ticket: 1, ruling: { kind: 'forward' } })
    const record = { durationMs: 1, firstOctetMs: 1, heldMs: 30_001 }
    expect(completed(talk.server('a OK'))).toMatchObject(record)
  })

  it("says that its responses may be another's", () => {
    const talk = playLoggedIn().client('a NOOP', 'b NOOP').server('a OK')
    expect(completed(talk)).toMatchObject({ attribution: 'shared' })
  })

  it('has its duration in microseconds at most', () => {
    const talk = playLoggedIn().client('a NOOP')
    talk.now += 0.123456
    expect(completed(talk.server('a OK'))).toMatchObject({ durationMs: 1.123 })
  })

  it('that was cut off has no first octet', () => {
    const talk = playLoggedIn().client('a NOOP').input({ kind: 'failed', reason: 'reset' })
    expect(completed(talk)).toMatchObject({ status: 'aborted', firstOctetMs: undefined, durationMs: 1 })
  })
})

describe('other events', () => {
  it.each<[EventBody, string, object]>([
    [
      {
        kind: 'opened',
        address: { host: '::1', port: 5 },
        listener: 'imap://x:1',
        upstream: 'imaps://y:2',
        view,
      },
      'info',
      {
        event: 'session.open',
        address: { host: '::1', port: 5 },
        listener: 'imap://x:1',
        upstream: 'imaps://y:2',
      },
    ],
    [
      { kind: 'tls-failed', side: 'client', reason: 'no', advice: 'do' },
      'warn',
      { event: 'session.tls', side: 'client', reason: 'no', advice: 'do' },
    ],
    [
      {
        kind: 'secured',
        side: 'server',
        tls: { version: 'TLSv1.3', cipher: 'c', name: 'n', certificate: 'x', isResumed: false },
      },
      'info',
      { event: 'session.tls', side: 'server', version: 'TLSv1.3', cipher: 'c', isResumed: false },
    ],
    [
      { kind: 'rewritten', side: 'server', rule: 'capabilities', note: 'IDLE is hidden' },
      'info',
      { event: 'rewrite', rule: 'capabilities', note: 'IDLE is hidden' },
    ],
    [
      { kind: 'warning', reason: 'odd', advice: 'look' },
      'warn',
      { event: 'warning', reason: 'odd', advice: 'look' },
    ],
    [
      { kind: 'closed', reason: 'logout', totals: { fromClient: 1, fromServer: 2, commands: 3 }, view },
      'info',
      {
        event: 'session.close',
        reason: 'logout',
        fromClient: 1,
        fromServer: 2,
        commands: 3,
        user: 'ann',
        client: 'Mutt/2',
      },
    ],
    [
      {
        kind: 'unreadable',
        side: 'client',
        fault: { rule: 'r', at: 4, text: 't', side: 'client' },
        octets: 9,
        shown: 'a x',
      },
      'warn',
      { event: 'unreadable', side: 'client', rule: 'r', at: 4, text: 't', octets: 9, line: 'a x' },
    ],
  ])('are a record each: %j', (body, level, record) => {
    expect(recordOf(event(body))).toMatchObject({ level, record: { session: 'S7', ...record } })
  })

  it('that another one covers are none', () => {
    const talk = playLoggedIn({ messages: true }).client('a NOOP')
    for (const kind of ['message', 'exchange-opened'] as const) {
      const [told] = talk.of(kind)
      expect(told && recordOf(told)).toBeUndefined()
    }
    expect(recordOf(event({ kind: 'changed', view }))).toBeUndefined()
  })

  it('of ours that went wrong have their stack as lines', () => {
    const { level, record } = faultEntry(new Error('broken\nhere'))
    expect(level).toBe('error')
    expect(record).toMatchObject({ event: 'fault', reason: String.raw`Error: broken\x0ahere` })
    expect(record['stack']).toEqual(expect.arrayContaining([expect.stringContaining('record.test.ts')]))
    expect(faultEntry('text').record).toMatchObject({ reason: 'text', stack: undefined })
  })
})

const decided: Decided = {
  rule: 'no-delete',
  effect: 'deny',
  why: 'DELETE is not allowed',
  isDryRun: false,
  mailboxes: ['Trash'],
  level: 'count',
}

describe('a decision', () => {
  const entryOf = (changes: Partial<Decided>): ReturnType<typeof recordOf> =>
    recordOf(event({ kind: 'decided', decided: { ...decided, ...changes }, view }))

  it('that refuses is a warning, however little its rule wants to be told', () => {
    const [opened] = playLoggedIn({ messages: true }).client('a DELETE Trash').of('exchange-opened')
    if (!opened) throw new Error('no command')
    const entry = recordOf(event({ kind: 'decided', decided, exchange: opened.exchange, view }))
    expect(entry).toMatchObject({
      level: 'warn',
      record: {
        event: 'policy',
        session: 'S7',
        rule: 'no-delete',
        effect: 'deny',
        dryRun: undefined,
        why: 'DELETE is not allowed',
        tag: 'a',
        command: 'DELETE',
        args: 'Trash',
        mailboxes: ['Trash'],
        user: 'ann',
      },
    })
    expect(entryOf({ effect: 'close' })?.level).toBe('warn')
  })

  it('that lets pass is told where its rule wants that in the log', () => {
    expect(entryOf({ effect: 'allow' })).toBeUndefined()
    expect(entryOf({ effect: 'allow', level: 'audit' })).toBeUndefined()
    expect(entryOf({ effect: 'record', level: 'audit' })).toBeUndefined()
    expect(entryOf({ effect: 'delay' })).toBeUndefined()
    expect(entryOf({ effect: 'allow', level: 'log' })?.level).toBe('info')
    expect(entryOf({ effect: 'record', level: 'log' })).toMatchObject({
      level: 'info',
      record: { effect: 'record' },
    })
  })

  it('that hid something is told', () => {
    expect(entryOf({ effect: 'hide', level: 'audit' })?.level).toBe('info')
  })

  it('that only would have done something is told, and what a dry run lets pass is not', () => {
    for (const effect of ['deny', 'close', 'hide', 'hold', 'delay', 'rewrite', 'record'] as const)
      expect(entryOf({ effect, isDryRun: true })).toMatchObject({ level: 'info', record: { dryRun: true } })
    expect(entryOf({ effect: 'allow', isDryRun: true })).toBeUndefined()
    expect(entryOf({ effect: 'allow', isDryRun: true, level: 'log' })?.level).toBe('info')
    expect(entryOf({ isDryRun: true, level: 'audit' })).toMatchObject({
      level: 'info',
      record: { dryRun: true, effect: 'deny' },
    })
  })

  it('has nothing that breaks a line, in lists neither', () => {
    const entry = entryOf({ mailboxes: ['a\nb', 'c'], why: 'x\r\ny' })
    expect(entry?.record).toMatchObject({ mailboxes: [String.raw`a\x0ab`, 'c'], why: String.raw`x\x0d\x0ay` })
  })
})

describe('an approval', () => {
  const [told] = playLoggedIn({ messages: true }).client('a MOVE 1 Trash').of('message')
  const held = (approval: { rule: string; otherwise: 'deny' } | undefined): EventBody => {
    if (!told) throw new Error('no command')
    const { message, exchange } = told
    const about = { ticket: 3, message, hidesAll: false, isEditable: false, deadline: 60_001 }
    return {
      kind: 'held',
      side: 'client',
      ...about,
      ...(exchange && { exchange }),
      ...(approval && { approval }),
    }
  }

  it('is in the log from its question to its answer, with who gave it', () => {
    expect(recordOf(event(held({ rule: 'ask', otherwise: 'deny' })))).toMatchObject({
      level: 'info',
      record: {
        event: 'approval',
        id: 'S7/3',
        rule: 'ask',
        otherwise: 'deny',
        args: '1 Trash',
        waitsMs: 60_000,
      },
    })
    const released: EventBody = { kind: 'released', ticket: 3, how: 'forwarded', by: 'ann by imaptap attach' }
    expect(recordOf(event(released))?.record).toMatchObject({
      event: 'ruling',
      id: 'S7/3',
      how: 'forwarded',
      by: 'ann by imaptap attach',
    })
  })

  it('is none where only a breakpoint holds', () => {
    expect(recordOf(event(held(undefined)))).toBeUndefined()
    expect(recordOf(event({ kind: 'released', ticket: 3, how: 'forwarded' }))).toBeUndefined()
  })
})

describe('the wire', () => {
  const lines = (talk: Dialogue): unknown[] =>
    talk
      .of('message')
      .flatMap((told) => wireRecords(told).map(({ from, line }) => `${String(from)}: ${String(line)}`))

  it('is a record for each line, with literals as their size', () => {
    const talk = playLoggedIn({ messages: true }).client('a APPEND x {3+}', 'abc').server('a OK done')
    expect(lines(talk)).toEqual(['client: a APPEND x {3}', 'server: a OK done'])
  })

  it('has what was received and what went on instead', () => {
    const talk = playLoggedIn({ messages: true, hideCapabilities: ['IDLE'] }).server(
      '* CAPABILITY IMAP4rev1 IDLE',
    )
    expect(lines(talk)).toEqual(['server: * CAPABILITY IMAP4rev1 IDLE', 'imaptap: * CAPABILITY IMAP4rev1'])
  })

  it('has no credentials', () => {
    const talk = play({ messages: true }).client('a LOGIN ann secret', 'my secret')
    expect(lines(talk).slice(1)).toEqual(['client: a LOGIN ann ‹redacted 6›', 'client: ‹redacted 9›'])
  })
})
