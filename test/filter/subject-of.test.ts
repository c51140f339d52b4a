/** What a filter sees of events: each with what its session has said before. */

import { describe, expect, it } from 'vitest'

import { parseFilter } from '../../src/filter/filter.ts'
import { Subjects } from '../../src/filter/subject-of.ts'
import type { FindingEvent, ObservedEvent } from '../../src/findings/finding.ts'
import type { HoldRule } from '../../src/relay/hold-rule.ts'
import { play, type Dialogue } from '../support/play.ts'

/** Those of the dialogue's events that fit, by kind. */
function fitting(events: readonly ObservedEvent[], source: string): readonly string[] {
  const parsed = parseFilter(source)
  if (!parsed.ok) throw new Error(parsed.text)
  const subjects = new Subjects()
  return events.flatMap((event) => {
    const subject = subjects.observe(event)
    return subject && parsed.filter.matches(subject) ? [`${event.kind} ${subject.kind}`] : []
  })
}

const session = (): Dialogue =>
  play({ messages: true })
    .client('a LOGIN ann secret')
    .server('a OK done')
    .client('b SELECT "Entw&APw-rfe"')
    .server('* 3 EXISTS', 'b OK [READ-WRITE] done')
    .client('c UID FETCH 1 (FLAGS)')
    .server('* 1 FETCH (UID 1 FLAGS ())', 'c NO [NOPERM] not yours')
    .server('* 4 EXISTS')

const foundOf = (exchange: number | undefined): FindingEvent => ({
  kind: 'finding',
  session: 'S1',
  at: 0,
  finding: {
    id: 'C01',
    name: 'command-in-wrong-state',
    level: 'error',
    side: 'client',
    text: 'it was',
    reference: '',
    advice: '',
    evidence: ['C a NOOP'],
    exchange,
  },
})

const decisionOf = ({
  session: id,
  at,
  exchange,
  view,
}: Extract<ObservedEvent, { kind: 'exchange-completed' }>): Extract<ObservedEvent, { kind: 'decided' }> => ({
  kind: 'decided',
  session: id,
  at,
  exchange,
  view,
  decided: {
    rule: 'no-fetch',
    effect: 'deny',
    why: 'not for you',
    isDryRun: false,
    mailboxes: ['Secret'],
    level: 'count',
  },
})

describe('a subject', () => {
  it('of a command has no time that it was held at a breakpoint', () => {
    const hold: HoldRule = { mayHold: ({ name }) => name === 'NOOP', hold: () => 60_000 }
    const talk = play({ interests: { messages: true, hold } }).client('a NOOP')
    talk.now += 30_000
    talk.input({ kind: 'ruled', ticket: 1, ruling: { kind: 'forward' } })
    talk.now += 2_000
    const { events } = talk.server('a OK done')
    expect(fitting(events, '~t >1s')).toContain('exchange-completed exchange')
    expect(fitting(events, '~t >10s')).toEqual([])
  })

  it('of a completed command has its answer, user and mailbox', () => {
    const { events } = session()
    expect(fitting(events, '~k exchange & ~c FETCH & ~s NO & ~code NOPERM & ~u ann & ~m Entwürfe')).toContain(
      'exchange-completed exchange',
    )
    expect(fitting(events, '~tag c ~o >10 ~t >0')).toContain('exchange-completed exchange')
    expect(fitting(events, '~s selected & ~id S1')).toContain('exchange-completed exchange')
  })

  it('of a response knows its command, and a push none', () => {
    const { events } = session()
    expect(fitting(events, '~k response & FLAGS & ~c FETCH')).toEqual(['message response'])
    expect(fitting(events, '~k push & ~c EXISTS')).toEqual(['message push'])
    expect(fitting(events, '~k push & ~side server & "4 EXISTS"')).toEqual(['message push'])
  })

  it('has no text that is a secret', () => {
    expect(fitting(session().events, 'secret')).toEqual([])
    expect(fitting(session().events, '/s.cret/ | ~x "s.cret"')).toEqual([])
  })

  it('of a command has the findings that came before its completion', () => {
    const { events } = session()
    const at = events.findIndex((event) => event.kind === 'exchange-completed' && event.exchange.tag === 'b')
    const told = [...events.slice(0, at), foundOf(2), ...events.slice(at)]
    expect(fitting(told, '~f error & ~c SELECT & ~k exchange')).toEqual(['exchange-completed exchange'])
    expect(fitting(told, '~f C01 & ~k finding')).toEqual(['finding finding'])
    expect(fitting(told, '~k finding & ~c SELECT & ~tag b')).toEqual(['finding finding'])
    expect(fitting(told, '~f wrong & ~k exchange')).toEqual([])
  })

  it('of a decision has its rule, effect and mailboxes, and so has its command', () => {
    const { events } = session()
    const at = events.findIndex((event) => event.kind === 'exchange-completed' && event.exchange.tag === 'c')
    const completed = events[at]
    if (completed?.kind !== 'exchange-completed') throw new Error('no answer')
    const told = [...events.slice(0, at), decisionOf(completed), ...events.slice(at)]
    expect(fitting(told, '~rule no-fetch & ~k decided & ~c FETCH & ~tag c & ~m Secret & ~u ann')).toEqual([
      'decided decided',
    ])
    expect(fitting(told, '~e deny ~k exchange')).toEqual(['exchange-completed exchange'])
    expect(fitting(told, '~e deny & "not for you"')).toEqual(['decided decided'])
    expect(fitting(told, '~e dry-run | ~e allow | ~rule other')).toEqual([])
    expect(fitting(told, '~rule * & ~c SELECT')).toEqual([])
  })

  it('of a dry run says that it is one', () => {
    const [opened] = session().of('exchange-completed')
    if (!opened) throw new Error('no answer')
    const { decided, ...event } = decisionOf(opened)
    const told = [{ ...event, decided: { ...decided, isDryRun: true } }]
    expect(fitting(told, '~e dry-run & ~e deny & "would be refused"')).toEqual(['decided decided'])
  })

  it('of a note has its text and side, of the end its state', () => {
    const events: ObservedEvent[] = [
      { kind: 'tls-failed', session: 'S1', at: 1, side: 'client', reason: 'unknown_ca', advice: 'x' },
      ...play({ messages: true })
        .client('a LOGOUT')
        .server('* BYE', 'a OK')
        .input({ kind: 'ended', side: 'server' })
        .input({ kind: 'ended', side: 'client' }).events,
    ]
    expect(fitting(events, '~k note & unknown_ca & ~side client')).toEqual(['tls-failed note'])
    expect(fitting(events, '~s closed')).toEqual(['closed note'])
  })

  it('forgets a session that has ended, and knows many', () => {
    const subjects = new Subjects()
    for (let at = 0; at < 60_000; at++) subjects.observe({ ...foundOf(undefined), session: `S${at}` })
    expect(subjects.observe(foundOf(1))?.session).toBe('S1')
  })
})
