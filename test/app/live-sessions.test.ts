/** What is known of live sessions: kept from the events, told to newcomers, and forgotten with the session. */

import { describe, expect, it } from 'vitest'
import { LiveSessions } from '../../src/app/live-sessions.ts'
import type { FindingEvent } from '../../src/findings/finding.ts'
import { OpenExchange } from '../../src/session/exchanges.ts'
import { Session } from '../../src/session/session.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'

const view = new Session()

const opened = (session: string): ProxyEvent => ({
  kind: 'opened',
  session,
  at: 1_000,
  address: { host: '127.0.0.1', port: 1 },
  listener: 'imaps://127.0.0.1:1993',
  upstream: 'imaps://imap.example.com:993',
  view,
})

const secured: ProxyEvent = {
  kind: 'secured',
  session: 'S1',
  at: 1_001,
  side: 'client',
  tls: { version: 'TLSv1.3', cipher: 'c', name: 'n', certificate: '', isResumed: false },
}

const found = (count: number): FindingEvent => ({
  kind: 'finding',
  session: 'S1',
  at: count,
  finding: {
    id: 'S01',
    name: 'n',
    level: 'note',
    side: 'client',
    text: `number ${count}`,
    reference: '',
    advice: '',
    evidence: [],
    exchange: undefined,
  },
})

const closed: ProxyEvent = {
  kind: 'closed',
  session: 'S1',
  at: 3_000,
  reason: 'logout',
  totals: { fromClient: 0, fromServer: 0, commands: 0 },
  view,
}

function hear(...events: readonly (ProxyEvent | FindingEvent)[]): LiveSessions {
  const live = new LiveSessions()
  for (const event of events) live.listen(event)
  return live
}

describe('live sessions', () => {
  it('are recalled with their beginning, their state and what is in flight', () => {
    const [first, second] = [
      new OpenExchange(1, 'a', 'NOOP', 1_100),
      new OpenExchange(2, 'b', 'FETCH', 1_200),
    ]
    const live = hear(
      opened('S1'),
      secured,
      { kind: 'exchange-opened', session: 'S1', at: 1_100, exchange: first },
      { kind: 'exchange-opened', session: 'S1', at: 1_200, exchange: second },
      { kind: 'exchange-completed', session: 'S1', at: 1_300, exchange: first, view },
    )
    const recalled = [...live.recall()]
    expect(recalled.map(({ kind }) => kind)).toEqual(['opened', 'secured', 'changed', 'exchange-opened'])
    expect(recalled[0]).toMatchObject({ totals: { commands: 1 } })
    const [row] = live.table(1_250.0004)
    expect(row).toMatchObject({
      id: 'S1',
      clientTls: 'TLSv1.3',
      serverTls: undefined,
      command: 'FETCH',
      commandMillis: 50,
      ageMillis: 250,
      commands: 1,
    })
  })

  it('are forgotten when they close, with all that was kept of them', () => {
    const live = hear(opened('S1'), opened('S2'), secured, found(1), closed)
    expect([...live.recall()].map(({ session }) => session)).toEqual(['S2', 'S2'])
  })

  it('keep the latest findings only', () => {
    const live = hear(opened('S1'), ...Array.from({ length: 100 }, (_, at) => found(at)))
    const recalled = [...live.recall()].filter(({ kind }) => kind === 'finding')
    expect(recalled.map(({ at }) => at)).toEqual([90, 91, 92, 93, 94, 95, 96, 97, 98, 99])
  })

  it('are those whose opening was heard', () => {
    expect([...hear(secured, found(1)).recall()]).toEqual([])
  })

  it('show names of peers as printable text', () => {
    const named = new Session()
    named.user = 'a\x1b[31m\nb'
    const live = hear(opened('S1'), { kind: 'changed', session: 'S1', at: 2, view: named })
    expect([...live.table(0)][0]?.user).toBe('a\\x1b[31m\\x0ab')
  })
})
