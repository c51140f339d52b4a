/** What a filter holds: asked at the beginning of a message what may come of it, and of the whole. */

import { describe, expect, it } from 'vitest'
import { makeFilterBreakpoint } from '../../src/app/filter-breakpoint.ts'
import type { Breakpoint } from '../../src/app/breakpoints.ts'
import { lineMessage } from '../../src/imap/raw-message.ts'
import { Message } from '../../src/imap/message.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import type { HoldFacts } from '../../src/relay/hold-rule.ts'
import { OpenExchange } from '../../src/session/exchanges.ts'
import { Session } from '../../src/session/session.ts'

const view = new Session()
view.state = 'selected'
view.user = 'ann'
view.mailbox = { name: 'INBOX', isReadOnly: false, exists: 1, uidValidity: 1, uidNext: 1 }

function make(filter: string): Breakpoint {
  const made = makeFilterBreakpoint({ filter, timeoutMillis: 10 }, () => ({
    address: '127.0.0.1',
    upstream: 'imaps://imap.example.com:993',
  }))
  if (!made.ok) throw new Error(made.text)
  return made.breakpoint
}

const exchange = new OpenExchange(1, 'a', 'FETCH', 0)

const said = (
  line: string,
  side: HoldFacts['side'],
  own: HoldFacts['exchange'],
  name = 'FETCH',
): HoldFacts => ({
  session: 'S1',
  side,
  name,
  exchange: own,
  view,
  message: new Message(
    lineMessage(side, octetsOf(`${line}\r\n`)),
    side === 'client' ? 'command' : 'response',
  ),
  hidesAll: false,
  ticket: 1,
})

const command = said('a FETCH 1 (FLAGS)', 'client', exchange)
const response = said('* 1 FETCH (FLAGS ())', 'server', exchange)
const push = said('* 7 EXISTS', 'server', undefined, 'EXISTS')

const holds = (filter: string, facts: HoldFacts): boolean => {
  const breakpoint = make(filter)
  return breakpoint.mayHold(facts) && breakpoint.holds(facts)
}

describe('a breakpoint made of a filter', () => {
  it.each([
    ['~c FETCH', true],
    ['~u ann & ~m INBOX & ~id S1', true],
    ['~up imap.example.com & ~client 127.0.0.1', true],
    ['flags', true],
    ['!~c FETCH', false],
    ['~c STORE', false],
    ['~u bob', false],
    ['~c FETCH & envelope', false],
    ['!envelope', true],
    ['~side server', false],
  ])('%s: holds the command: %s', (filter, isHeld) => {
    expect(holds(filter, command)).toBe(isHeld)
  })

  it('holds responses only where it asks for a side or a kind', () => {
    expect(holds('~c FETCH', response)).toBe(false)
    expect(holds('~c FETCH & ~side server', response)).toBe(true)
    expect(holds('~k response', response)).toBe(true)
    expect(holds('~k push', response)).toBe(false)
    expect(holds('~k push', push)).toBe(true)
    expect(holds('~k push & ~c EXISTS', push)).toBe(true)
  })

  it('takes in no command of which the beginning says that it does not fit', () => {
    expect(make('~c STORE').mayHold(command)).toBe(false)
    expect(make('~c FETCH').mayHold(command)).toBe(true)
    // Whether the text is there shows only at the end.
    expect(make('nowhere').mayHold(command)).toBe(true)
  })

  it('is refused with the place of the fault', () => {
    const made = makeFilterBreakpoint({ filter: '~c (', timeoutMillis: 10 }, () => undefined)
    expect(made).toMatchObject({ ok: false, text: expect.stringMatching(/^at \d+: /) })
  })

  it.each([
    ['~f error', '~f asks for findings, which are made of messages that have gone on'],
    ['~t >1s', '~t asks how long a command took, which nobody knows while it can be held'],
    ['~k finding', '~k finding is no message: exchange, response and push can be held'],
    ['~c STOR', 'no command is called STOR, did you mean STORE?'],
  ])('is refused where it can hold nothing: %s', (filter, text) => {
    expect(makeFilterBreakpoint({ filter, timeoutMillis: 10 }, () => undefined)).toEqual({ ok: false, text })
  })

  it('may hold commands that only a vendor knows', () => {
    expect(
      makeFilterBreakpoint({ filter: '~c XAPPLEPUSHSERVICE', timeoutMillis: 10 }, () => undefined).ok,
    ).toBe(true)
    expect(makeFilterBreakpoint({ filter: '~c X-VENDOR', timeoutMillis: 10 }, () => undefined).ok).toBe(true)
  })
})
