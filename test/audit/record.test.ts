import { describe, expect, it } from 'vitest'

import { writeDecision, writeNote, type DecidedEvent } from '../../src/audit/record.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import type { Decided } from '../../src/relay/guard.ts'
import { LoggedDialogue, stringsOf } from '../support/logged-dialogue.ts'
import { opening, scenes, tracesIn, type Scene } from '../support/secret-scenes.ts'

const wall = Date.parse('2026-11-21T09:00:00Z')
const origin = { address: { host: '192.0.2.1', port: 4711 }, listener: 'imaps://127.0.0.1:1993' }
const known = { origin, policy: 'abc' }

const decided: Decided = {
  rule: 'no-secrets',
  effect: 'deny',
  why: 'the rule says so',
  isDryRun: false,
  mailboxes: ['Secret'],
  level: 'audit',
}

/** A session, each command of which is decided as it opens, and once more as it ends. */
function decisionsOf(steps: Scene['steps'], chunk?: number): DecidedEvent[] {
  const events: DecidedEvent[] = []
  const listen = (event: ProxyEvent): void => {
    if (event.kind !== 'exchange-opened' && event.kind !== 'exchange-completed') return
    const { exchange, session, at } = event
    events.push({ kind: 'decided', session, at, exchange, view: talk.relay.view, decided })
    lines.push(writeDecision(events.at(-1) as DecidedEvent, wall, known)) // It was put there just now.
  }
  const lines: string[] = []
  const talk = new LoggedDialogue(listen, { messages: true, ...(chunk !== undefined && { chunk }) })
  talk.input({ kind: 'connected' })
  for (const { from, text } of [...opening, ...steps]) talk.raw(from, text)
  written.push(...lines)
  return events
}
const written: string[] = []

const mailbox = { name: 'INBOX', isReadOnly: false, exists: 0, uidValidity: 1, uidNext: 1 }

const recordOf = (event: DecidedEvent, about: Partial<typeof known> = {}): unknown =>
  JSON.parse(`{${writeDecision(event, wall, { ...known, ...about })}}`)

const say = (text: string): Scene['steps'][number] => ({ from: 'client', text: `${text}\r\n` })
const answer = (text: string): Scene['steps'][number] => ({ from: 'server', text: `${text}\r\n` })

describe('the record of a decision', () => {
  const [, event] = decisionsOf([
    say('l LOGIN ann secretword'),
    answer('l OK done'),
    say('a SELECT Secret'),
  ]).slice(-2)
  const decision = event as DecidedEvent // The dialogue above has it.

  it('says who, from where, what, which rule and why', () => {
    expect(recordOf(decision)).toEqual({
      time: '2026-11-21T09:00:00.000Z',
      kind: 'decision',
      session: 'S1',
      user: 'ann',
      address: '192.0.2.1:4711',
      listener: 'imaps://127.0.0.1:1993',
      tag: 'a',
      command: 'SELECT',
      args: 'Secret',
      mailboxes: ['Secret'],
      rule: 'no-secrets',
      effect: 'deny',
      why: 'the rule says so',
      policy: 'abc',
    })
  })

  it('says more where the rule wants that: the client, and what it had selected', () => {
    const view = { ...decision.view, client: 'Robot/1', mailbox: { ...mailbox, name: 'Work' } }
    const more = { client: 'Robot/1', selected: 'Work' }
    expect(recordOf({ ...decision, view })).toMatchObject(more)
    for (const level of ['count', 'log'] as const) {
      const record = recordOf({ ...decision, view, decided: { ...decided, level } })
      expect(record).not.toHaveProperty('client')
      expect(record).not.toHaveProperty('selected')
    }
  })

  it('says what upstream got instead, and that nothing was done in a dry run', () => {
    const rewritten: Decided = { ...decided, effect: 'rewrite', isDryRun: true, sent: 'a EXAMINE Secret' }
    expect(recordOf({ ...decision, decided: rewritten })).toMatchObject({
      effect: 'rewrite',
      dryRun: true,
      sent: 'a EXAMINE Secret',
    })
  })

  it('leaves out what is not known', () => {
    const bare: DecidedEvent = {
      kind: 'decided',
      session: 'S9',
      at: 1,
      view: { ...decision.view, user: undefined },
      decided,
    }
    const record = writeDecision(bare, wall, { origin: undefined, policy: undefined })
    expect(record).not.toMatch(/undefined|null|address|user|tag|args|policy/u)
  })

  it('is one line that moves no cursor, and bounded, whatever the names are', () => {
    const names = Array.from({ length: 1_000 }, (_, n) => `${n}\u{202e}\x1b[2J\r\n"\\`.padEnd(10_000, 'x'))
    const hostile: Decided = {
      ...decided,
      rule: 'r\n{"x":1}',
      why: '\x1b]52;c;\x07'.repeat(9_999),
      mailboxes: names,
    }
    const line = writeDecision({ ...decision, decided: hostile }, wall, known)
    expect(line).toMatch(/^[ -~…]*$/u)
    expect(line.length).toBeLessThan(250_000)
    expect(JSON.parse(`{${line}}`)).toMatchObject({ moreMailboxes: 900, rule: 'r\\x0a{"x":1}' })
  })
})

it('a note says when, and leaves out what is not known', () => {
  const note = { kind: 'policy', old: 'abc', policy: 'def', problem: undefined, by: 'SIGHUP' } as const
  expect(writeNote(note, wall)).toBe(
    '"time":"2026-11-21T09:00:00.000Z","kind":"policy","old":"abc","policy":"def","by":"SIGHUP"',
  )
})

/** Threat 53: a credential in any sink. */
describe('no credential reaches an audit', () => {
  it.each(scenes.map((scene): [string, Scene] => [scene.name, scene]))('%s', (_, scene) => {
    written.length = 0
    for (const chunk of [undefined, 1, 7]) decisionsOf(scene.steps, chunk)
    const texts = written.flatMap((line) => {
      const strings = stringsOf(JSON.parse(`{${line}}`))
      return [
        line,
        strings.join('\n'),
        ...strings.map((text) => Buffer.from(text, 'base64').toString('latin1')),
      ]
    })
    expect(written.length).toBeGreaterThan(0)
    expect([...new Set(texts.filter((text) => tracesIn(text, scene).length > 0))]).toEqual([])
  })
})
