import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { limits } from '../../src/imap/limits.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import {
  completedExchanges,
  conversation,
  cuts,
  longConversation,
  otherSide,
  playTurns,
  said,
  whole,
  type Conversation,
} from '../support/conversations.ts'
import type { Dialogue } from '../support/play.ts'

const sides = ['client', 'server'] as const

function end(talk: Dialogue): void {
  for (const side of sides) talk.input({ kind: 'ended', side })
}

/** Both sides received exactly what the other sent. */
function expectUntouched(turns: Conversation, sizes: readonly number[]): void {
  const talk = playTurns(turns, sizes)
  end(talk)
  for (const side of sides) {
    // One comparison of the whole: a difference in a megabyte is not for printing.
    const arrived = talk.take(otherSide(side))
    const sent = said(turns, side)
    expect(arrived.length, `octets from the ${side}`).toBe(sent.length)
    expect(arrived === sent, `what the ${side} sent arrives as it was`).toBe(true)
  }
}

/** What has not gone on yet may only be the beginning of one line, or a client's octets ahead of the greeting. */
function expectNothingStuck(turns: Conversation, sizes: readonly number[]): void {
  const sent: Record<Side, string> = { client: '', server: '' }
  const passed: Record<Side, string> = { client: '', server: '' }
  playTurns(turns, sizes, {
    onTurn: (talk, { from, text }) => {
      sent[from] += text
      for (const side of sides) passed[side] += talk.take(otherSide(side))
      for (const side of sides) {
        const held = sent[side].slice(passed[side].length)
        expect(sent[side].startsWith(passed[side]), `what the ${side} sent arrives in order`).toBe(true)
        if (side === 'client' && !sent.server.includes('\n')) continue
        expect(held.includes('\n'), `a whole line of the ${side} is stuck`).toBe(false)
        expect(held.length, `octets of the ${side} that wait`).toBeLessThan(limits.lineHeld)
      }
    },
  })
}

describe('with no rule that applies, each side receives octet for octet what the other sent', () => {
  it('whatever they say and however it is cut', () => {
    fc.assert(fc.property(conversation, cuts, expectUntouched), { numRuns: 1_500 })
  })

  it('octet by octet', () => {
    fc.assert(
      fc.property(conversation, (turns) => expectUntouched(turns, [1])),
      { numRuns: 300 },
    )
  })

  it('also when lines pass every limit on what is held', () => {
    const sizes = cuts.map((some) => some.map((size) => size * 3_500))
    fc.assert(fc.property(longConversation, sizes, expectUntouched), { numRuns: 40 })
  })
})

describe('nothing is held but a line that has begun', () => {
  it('whatever they say and however it is cut', () => {
    fc.assert(fc.property(conversation, cuts, expectNothingStuck), { numRuns: 800 })
  })

  it('also when lines pass every limit on what is held', () => {
    const sizes = cuts.map((some) => some.map((size) => size * 3_500))
    fc.assert(fc.property(longConversation, sizes, expectNothingStuck), { numRuns: 30 })
  })
})

describe('what observers hear does not depend on the cuts', () => {
  it('in any conversation', () => {
    fc.assert(
      fc.property(conversation, cuts, (turns, sizes) => {
        const cut = playTurns(turns, sizes)
        const uncut = playTurns(turns, whole)
        for (const talk of [cut, uncut]) end(talk)
        expect(completedExchanges(cut)).toEqual(completedExchanges(uncut))
        expect({ ...cut.of('closed')[0]?.totals }).toEqual({ ...uncut.of('closed')[0]?.totals })
        const faults = (talk: Dialogue): unknown[] =>
          talk.of('unreadable').map(({ fault, shown }) => [fault, shown])
        expect(faults(cut)).toEqual(faults(uncut))
        expect(cut.relay.view).toEqual(uncut.relay.view)
      }),
      { numRuns: 800 },
    )
  })
})

describe('the generator', () => {
  it('reaches what the properties are about', () => {
    const seen = new Set<string>()
    const sample = fc.sample(conversation, { numRuns: 1_500, seed: 7 })
    for (const turns of sample) {
      const talk = playTurns(turns, whole)
      for (const { exchange } of talk.of('exchange-completed'))
        seen.add(`${exchange.name} ${exchange.status}`)
      for (const { fault } of talk.of('unreadable')) seen.add(fault.side)
      if (talk.relay.view.isIdle) seen.add('idle')
      seen.add(talk.relay.view.state)
    }
    const due = [
      'AUTHENTICATE OK',
      'IDLE OK',
      'APPEND NO',
      'client',
      'server',
      'idle',
      'authenticated',
      'logout',
    ]
    expect(due.filter((what) => !seen.has(what))).toEqual([])
  })
})
