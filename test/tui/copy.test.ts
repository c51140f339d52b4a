import { describe, expect, it } from 'vitest'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { copyOf } from '../../src/tui/copy.ts'
import type { UiAction } from '../../src/tui/keys.ts'
import { reduce } from '../../src/tui/model.ts'
import { initialState, type State } from '../../src/tui/state.ts'
import { FakeSession, mailbox } from './support/events.ts'

const info = { version: '0.1.0', listen: [], upstream: '', caPath: undefined }

function fold(inputs: readonly (ObservedEvent | UiAction)[], state = initialState(info)): State {
  for (const input of inputs) reduce(state, input)
  return state
}

function talk(): ObservedEvent[] {
  const fake = new FakeSession('S1')
  const login = fake.command(5, 'LOGIN', 'ann@example.org hunter2')
  const fetch = fake.command(10, 'FETCH', '1:9 FLAGS')
  const run = Array.from({ length: 9 }, (_, at) =>
    fake.untagged(11, `* ${at + 1} FETCH (X "ann@example.org")`, fetch.exchange),
  )
  const finding = {
    id: 'S07',
    name: 'fetch-without-uid',
    level: 'error',
    side: 'server',
    text: 'The response lacks its UID.',
    reference: 'RFC 9051 section 6.4.9',
    advice: 'Update the server.',
    evidence: ['S * 1 FETCH (FLAGS ())'],
    exchange: 2,
  } as const
  return [
    ...fake.open(1),
    ...login.events,
    ...fake.complete(login.exchange, { after: 1, user: 'ann@example.org' }),
    ...fake.become(6, { state: 'selected', user: 'ann@example.org', client: 'Thunderbird/128' }),
    ...fetch.events,
    ...run,
    ...fake.complete(fetch.exchange, { after: 9 }),
    { kind: 'finding', session: 'S1', at: 20, finding },
  ]
}

describe('what is copied', () => {
  it('is the exchange of the selected line, on the wire', () => {
    const copied = copyOf(fold([...talk(), { kind: 'open' }]), 'wire')
    expect(copied?.text.split('\n')).toHaveLength(12)
    expect(copied?.text).toMatch(/^C: A2 FETCH 1:9 FLAGS\nS: \* 1 FETCH /)
  })

  it('is the whole session on its list, without a credential in any form', () => {
    const state = fold(talk())
    for (const form of ['wire', 'json', 'report'] as const) {
      const { text = '' } = copyOf(state, form) ?? {}
      expect(text).toContain('FETCH')
      expect(text).not.toContain('hunter2')
    }
  })

  it('is one JSON value with a version', () => {
    const { text = '' } = copyOf(fold([...talk(), { kind: 'open' }]), 'json') ?? {}
    const value: unknown = JSON.parse(text)
    expect(value).toMatchObject({ schema: 1, session: { id: 'S1' }, findings: [{ id: 'S07' }] })
  })

  it('is a report with the least that shows the finding, and without the name of the user', () => {
    const state = fold([...talk(), { kind: 'screen', screen: 'findings' }])
    const { text = '', extension } = copyOf(state, 'report') ?? {}
    expect(extension).toBe('md')
    expect(text).toContain('## S07 fetch-without-uid (error)')
    expect(text).toContain('RFC 9051 section 6.4.9')
    expect(text).toContain('# 6 more like it')
    expect(text).toContain('‹user›')
    expect(text).not.toContain('ann@')
    expect(text).not.toContain('LOGIN')
  })

  it('is a report that does not name the user however a server writes it, and leaves other words whole', () => {
    const fake = new FakeSession('S1')
    const noop = fake.command(10, 'NOOP', '')
    const said = ['ANN@Example.org', 'of ann.', '"user.ann"', 'channel', 'Ann+x@example.org'].join(' ')
    const events = [
      ...fake.open(1),
      ...fake.become(6, { state: 'selected', user: 'ann@example.org' }),
      ...noop.events,
      fake.untagged(11, `* OK ${said}`, noop.exchange),
      ...fake.complete(noop.exchange, { after: 9 }),
    ]
    const { text = '' } = copyOf(fold([...events, { kind: 'open' }]), 'report') ?? {}
    expect(text).toContain('S: * OK ‹user› of ‹user›. "user.‹user›" channel ‹user›+x@example.org')
  })

  it('has nothing in it that would act on the terminal it is pasted into', () => {
    const hostile = '\u001b]52;c;eA==\u0007\u009b31m\u202e\u200bx'
    const fake = new FakeSession('S1')
    const events: ObservedEvent[] = [
      ...fake.open(1),
      ...fake.become(6, { client: hostile, mailbox: mailbox(hostile) }),
      { kind: 'warning', session: 'S1', at: 7, reason: hostile, advice: hostile },
    ]
    for (const state of [fold(events), fold([...events, { kind: 'open' }])]) {
      for (const form of ['wire', 'json', 'report'] as const) {
        const { text = '' } = copyOf(state, form) ?? {}
        expect(text).toContain('31m')
        expect(text).not.toMatch(/[^\P{C}\n]/u)
      }
    }
  })

  it('is asked for by a key and left to the shell', () => {
    const state = fold([...talk(), { kind: 'copy-menu' }, { kind: 'copy', form: 'wire' }])
    expect(state.mode.kind).toBe('browse')
    expect(state.requests).toMatchObject([{ kind: 'copy', copied: { extension: 'txt' } }])
    expect(fold([{ kind: 'copy', form: 'wire' }]).requests).toMatchObject([{ kind: 'tell' }])
  })
})
