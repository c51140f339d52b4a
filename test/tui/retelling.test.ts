import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { FindingsEngine } from '../../src/findings/engine.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { eventsOf, eventsOfAll } from '../../src/tui/known-events.ts'
import { reduce } from '../../src/tui/model.ts'
import { initialState } from '../../src/tui/state.ts'
import { playFindings } from '../findings/support/play-trace.ts'
import { FakeSession, view } from './support/events.ts'

const folder = new URL('../traces/findings/', import.meta.url)
const traces = readdirSync(folder).filter((name) => name.endsWith('.trace'))

const info = { version: '0', listen: [], upstream: '', caPath: undefined }

/** What is found in a conversation, and what in the same told again by the dashboard. */
function judge(name: string): { readonly live: readonly string[]; readonly again: readonly string[] } {
  const state = initialState(info)
  const live = new FindingsEngine()
  const again = new FindingsEngine()
  const found = { live: new Set<string>(), again: new Set<string>() }
  playFindings(readFileSync(new URL(name, folder), 'utf8'), {
    listen: (event) => {
      reduce(state, event)
      for (const { finding } of live.observe(event)) found.live.add(finding.id)
    },
  })
  for (const event of eventsOfAll([...state.sessions.values()])) {
    if (event.kind === 'finding') continue
    for (const { finding } of again.observe(event)) found.again.add(finding.id)
  }
  return { live: [...found.live].sort(), again: [...found.again].sort() }
}

/** What shows it stood in a credential, which is blanked, or in how octets came, which no row keeps. */
const unprovable = ['C03.trace', 'C05.trace', 'C15-odd-base64.trace']

describe('a session told again', () => {
  it.each(traces)('is judged as it was: %s', (name) => {
    const { live, again } = judge(name)
    expect(again).toEqual(unprovable.includes(name) ? [] : live)
  })

  it('says where its beginning is no longer kept, and accuses nobody for it', () => {
    const state = initialState(info)
    const noops = Array.from({ length: 1500 }, (_, at) => `C: n${at} NOOP\nS: n${at} OK done\n`)
    playFindings(`S: * OK ready\nC: a LOGIN ann pw\nS: a OK in\n${noops.join('')}`, {
      listen: (event) => reduce(state, event),
    })
    const [session] = state.sessions.values()
    const events = session ? eventsOf(session) : []
    const engine = new FindingsEngine()
    const found = events.flatMap((event) => (event.kind === 'finding' ? [] : engine.observe(event)))
    expect(found.filter(({ finding }) => finding.level === 'error')).toEqual([])
    expect(events[0]).toMatchObject({ kind: 'opened', view: { user: 'ann' } })
    expect(events[1]).toMatchObject({ kind: 'warning', reason: expect.stringContaining('older lines') })
  })

  it('has what a policy decided, at its command, and who allowed what it held', () => {
    const state = initialState(info)
    const fake = new FakeSession('S1')
    const { events, exchange } = fake.command(5, 'DELETE', 'Trash')
    const decided = {
      rule: 'no-delete',
      effect: 'deny',
      why: 'it destroys',
      isDryRun: false,
      mailboxes: ['Trash'],
      level: 'count',
    } as const
    const approval = { rule: 'ask', otherwise: 'deny' } as const
    const [, told] = events
    if (told?.kind !== 'message') throw new Error('no command')
    const { message } = told
    const about = { side: 'client', message, exchange, hidesAll: false, isEditable: false } as const
    const all: ObservedEvent[] = [
      ...fake.open(1),
      ...events,
      { kind: 'decided', session: 'S1', at: 6, decided, exchange, view: view() },
      { kind: 'held', session: 'S1', at: 7, ticket: 1, ...about, deadline: 9, approval },
      { kind: 'released', session: 'S1', at: 8, ticket: 1, how: 'forwarded', by: 'ann' },
    ]
    for (const event of all) reduce(state, event)
    const [session] = state.sessions.values()
    const again = session ? eventsOf(session) : []
    expect(again.find(({ kind }) => kind === 'decided')).toMatchObject({ decided, exchange: { tag: 'A1' } })
    expect(again.find(({ kind }) => kind === 'held')).toMatchObject({ approval })
    expect(again.find(({ kind }) => kind === 'released')).toMatchObject({ how: 'forwarded', by: 'ann' })
  })

  it('has TLS, untagged responses, changes and rewrites as they were', () => {
    const state = initialState(info)
    const { events } = playFindings(
      '# hide: IDLE\nS: * OK [CAPABILITY IMAP4rev1 IDLE] hi\nC: a LOGIN ann pw\nS: a OK in\n' +
        'C: b SELECT INBOX\nS: * 3 EXISTS\nS: * FLAGS ()\nS: b OK [READ-WRITE] done\n',
      { listen: (event) => reduce(state, event) },
    )
    const [session] = state.sessions.values()
    const again = session ? eventsOf(session) : []
    for (const kind of ['secured', 'rewritten', 'changed', 'exchange-completed', 'message'] as const)
      expect(again.some((event) => event.kind === kind)).toBe(events.some((event) => event.kind === kind))
    const selected = again.find((event) => event.kind === 'exchange-completed' && event.exchange.tag === 'b')
    expect(selected).toMatchObject({
      exchange: { untagged: 2 },
      view: { state: 'selected', user: 'ann', mailbox: { name: 'INBOX', exists: 3 } },
    })
  })
})
