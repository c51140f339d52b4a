/** Properties: holding every message and letting each go on changes nothing of what the two sides say to each other. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { Framer } from '../../src/imap/framer.ts'
import { octetsOf } from '../../src/imap/octets.ts'
import type { Side } from '../../src/imap/raw-message.ts'
import type { CompressMode } from '../../src/relay/compression.ts'
import type { HoldRule, Ruling } from '../../src/relay/hold-rule.ts'
import { CodedShell, turnOver } from '../support/coded-shell.ts'
import {
  completedExchanges,
  conversation,
  cuts,
  longConversation,
  otherSide,
  playTurns,
  said,
  type Conversation,
} from '../support/conversations.ts'
import { Dialogue, type PlayOptions } from '../support/play.ts'

const holdsAll: HoldRule = { mayHold: () => true, hold: () => 1 }
const holdsNothing: HoldRule = { mayHold: () => true, hold: () => undefined }
const sides = ['client', 'server'] as const

const holding = (hold: HoldRule): PlayOptions => ({ interests: { messages: true, hold } })

/** Lets everything go on, also what comes to be held by that. */
function forwardAll(talk: Dialogue): void {
  const isReleased = (): Set<number> => new Set(talk.of('released').map(({ ticket }) => ticket))
  for (;;) {
    const done = isReleased()
    const held = talk.of('held').filter(({ ticket }) => !done.has(ticket))
    if (held.length === 0) return
    for (const { ticket } of held) talk.input({ kind: 'ruled', ticket, ruling: { kind: 'forward' } })
  }
}

function end(talk: Dialogue): void {
  for (const side of sides) talk.input({ kind: 'ended', side })
}

/** No `+` is due, so that nothing of the one side's octets depends on what we say ourselves. */
const waitsForNobody = (turns: Conversation): boolean => !/\{ *\d+ *\}\s*\n/u.test(said(turns, 'client'))

const rules: readonly (readonly [string, HoldRule])[] = [
  ['held and forwarded', holdsAll],
  ['taken in whole and not held', holdsNothing],
]

describe.each(rules)(
  'with every message %s, each side receives octet for octet what the other sent',
  (_, hold) => {
    const expectUntouched = (turns: Conversation, sizes: readonly number[]): void => {
      const talk = playTurns(turns, sizes, { ...holding(hold), onTurn: forwardAll })
      end(talk)
      for (const side of sides) {
        const arrived = talk.take(otherSide(side))
        expect(arrived.length, `octets from the ${side}`).toBe(said(turns, side).length)
        expect(arrived === said(turns, side), `what the ${side} sent arrives as it was`).toBe(true)
      }
    }

    it('whatever they say and however it is cut, where the client waits for nobody', () => {
      fc.assert(fc.property(conversation.filter(waitsForNobody), cuts, expectUntouched), { numRuns: 1_000 })
    })

    it('also when lines pass every limit on what is held', () => {
      const sizes = cuts.map((some) => some.map((size) => size * 3_500))
      fc.assert(fc.property(longConversation.filter(waitsForNobody), sizes, expectUntouched), { numRuns: 40 })
    })

    it('and nothing is ever thrown, whoever waits for what', () => {
      fc.assert(
        fc.property(conversation, cuts, (turns, sizes) => {
          const talk = playTurns(turns, sizes, { ...holding(hold), onTurn: forwardAll })
          end(talk)
          expect(talk.relay.isClosed).toBe(true)
          expect(new Set(talk.of('released').map(({ ticket }) => ticket)).size).toBe(talk.of('held').length)
          for (const { exchange } of talk.of('exchange-completed')) expect(exchange.status).toBeDefined()
        }),
        { numRuns: 1_000 },
      )
    })
  },
)

// Clients and servers that wait for each other.

interface Script {
  readonly word: string
  readonly literals: readonly { readonly text: string; readonly waits: boolean }[]
  /** The server refuses it at its first `+`. */
  readonly isRefused: boolean
}

const script: fc.Arbitrary<Script> = fc.record({
  word: fc.constantFrom('APPEND', 'LOGIN', 'SEARCH', 'XFOO'),
  literals: fc.array(
    fc.record({
      text: fc.string({ maxLength: 12 }).map((text) => text.replaceAll(/[^ -~]/gu, '\n')),
      waits: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  isRefused: fc.boolean(),
})

/** The command in the pieces in which a client sends it. */
function piecesOf({ word, literals }: Script, tag: string): string[] {
  const pieces = [`${tag} ${word}`]
  for (const { text, waits } of literals) {
    const last = pieces.length - 1
    pieces[last] += ` {${text.length}${waits ? '' : '+'}}\r\n`
    if (waits) pieces.push(text)
    else pieces[last] += text
  }
  pieces[pieces.length - 1] += '\r\n'
  return pieces
}

/** Answers as servers do: a `+` for what waits, a completion behind every command. */
class PlainServer {
  received = ''
  readonly #commands = new Framer('client')
  readonly #scripts: readonly Script[]
  #count = 0

  constructor(scripts: readonly Script[]) {
    this.#scripts = scripts
  }

  take(text: string): string {
    if (text === '') return ''
    this.received += text
    let answer = ''
    this.#commands.push(octetsOf(text))
    while (this.#commands.next('command')) answer += this.#answer()
    return answer
  }

  #answer(): string {
    const { kind, announced, isLast } = this.#commands
    if (kind === 'literal' || (announced && !announced.isSynchronizing)) return ''
    if (isLast) return `* ${this.#count} EXISTS\r\nt${this.#count++} OK done\r\n`
    if (!this.#scripts[this.#count]?.isRefused) return '+ go\r\n'
    this.#commands.cancelLiteral()
    return `t${this.#count++} NO no\r\n`
  }
}

/** Both ends follow the protocol; rulings come when nobody has anything to say. */
function converse(
  scripts: readonly Script[],
  hold: HoldRule | undefined,
  chunk: number,
): [Dialogue, string, string] {
  const interests: { messages: boolean; hold?: HoldRule } = { messages: true }
  const talk = new Dialogue({ chunk, interests }).input({ kind: 'connected' }).server('* OK ready')
  talk.take('client')
  if (hold) interests.hold = hold
  const server = new PlainServer(scripts)
  let heard = ''
  const settle = (): string => {
    let fresh = ''
    for (let before = -1; before !== talk.now;) {
      before = talk.now
      const answer = server.take(talk.take('server'))
      if (answer !== '') talk.raw('server', answer)
      fresh += talk.take('client')
      if (answer === '') forwardAll(talk)
    }
    heard += fresh
    return fresh
  }
  for (const [at, one] of scripts.entries()) {
    for (const piece of piecesOf(one, `t${at}`)) {
      talk.raw('client', piece)
      if (new RegExp(`^t${at} `, 'mu').test(settle())) break
    }
  }
  return [talk, server.received, heard]
}

const withoutContinuations = (text: string): string => text.replaceAll(/^\+ .*\r\n/gmu, '')

describe.each(rules)('a client that waits for its literals, with every message %s', (_, hold) => {
  it('is answered as it would be, and the server hears the same', () => {
    const chunk = fc.constantFrom(1, 2, 3, 7, 1_000)
    fc.assert(
      fc.property(fc.array(script, { minLength: 1, maxLength: 6 }), chunk, (scripts, size) => {
        const [plain, received, heard] = converse(scripts, undefined, size)
        const [held, receivedToo, heardToo] = converse(scripts, hold, size)
        expect(receivedToo).toBe(received)
        expect(withoutContinuations(heardToo)).toBe(withoutContinuations(heard))
        const facts = (talk: Dialogue): unknown[] =>
          completedExchanges(talk).map(({ status, code, untagged, octetsOut }) => [
            status,
            code,
            untagged,
            octetsOut,
          ])
        expect(facts(held)).toEqual(facts(plain))
        expect(held.relay.view.state).toBe(plain.relay.view.state)
      }),
      { numRuns: 300 },
    )
  })
})

// Compressed legs.

interface Compressed {
  readonly shell: CodedShell
  readonly forward: () => void
}

/** Logged in, the rule on, and every message let go as soon as a chunk was taken. */
function compress(mode: CompressMode, hold: HoldRule): Compressed {
  const interests: { messages: boolean; hold?: HoldRule } = { messages: false }
  const shell = new CodedShell(mode, interests)
  const forward = (): void => {
    for (const released = new Set<number>(); ;) {
      for (const event of shell.events) if (event.kind === 'released') released.add(event.ticket)
      const held = shell.events.find((event) => event.kind === 'held' && !released.has(event.ticket))
      if (held?.kind !== 'held') return
      shell.rule(held.ticket, { kind: 'forward' })
    }
  }
  shell.say('server', '* PREAUTH [CAPABILITY IMAP4rev1 COMPRESS=DEFLATE] hi\r\n')
  interests.hold = hold
  const say = (from: Side, text: string): void => {
    shell.say(from, text)
    forward()
  }
  say('client', 'p NOOP\r\n')
  say('server', 'p OK done\r\n')
  if (mode !== 'follow' && mode !== 'client') say('server', 'Tsecret OK active\r\n')
  say('client', 'q COMPRESS DEFLATE\r\n')
  if (mode === 'follow') say('server', 'q OK active\r\n')
  for (const side of sides) shell.take(side)
  return { shell, forward }
}

describe.each(rules)('compressed legs with every message %s', (_, hold) => {
  it.each<[CompressMode, readonly Side[]]>([
    ['follow', ['client', 'server']],
    ['client', ['client']],
    ['upstream', ['server']],
    ['both', ['client', 'server']],
  ])('pass octet for octet what the two say: %s', (mode, coded) => {
    fc.assert(
      fc.property(conversation.filter(waitsForNobody), (turns) => {
        const { shell, forward } = compress(mode, hold)
        expect(sides.filter((side) => shell.legs[side].reads === 'deflate')).toEqual(coded)
        for (const { from, text } of turns) {
          shell.say(from, text)
          forward()
        }
        for (const side of sides) shell.end(side)
        expect(shell.hear('server')).toBe(said(turns, 'client'))
        expect(shell.hear('client')).toBe(said(turns, 'server'))
      }),
      { numRuns: 200 },
    )
  })

  it('end where the server agrees to UNAUTHENTICATE, which is not held', () => {
    const { shell, forward } = compress('follow', hold)
    shell.say('client', 'u UNAUTHENTICATE\r\n')
    expect(shell.hear('server')).toBe('u UNAUTHENTICATE\r\n')
    shell.receive('client', 'v NOOP\r\n')
    const answer = 'u OK done\r\n'
    // Both in one segment, the second behind the compression's end.
    shell.receive('server', `${turnOver(answer)}* OK plain again\r\n`)
    forward()
    expect(shell.take('client')).toBe(`${turnOver(answer)}* OK plain again\r\n`)
    expect(shell.take('server')).toBe('v NOOP\r\n')
  })
})

// People who rule as they like.

const edits = ['a NOOP', 'a SELECT {3}\r\nabc', '* 7 EXISTS', 'a OK fine', 'b NO {3', '']
const ruling: fc.Arbitrary<Ruling> = fc.oneof(
  fc.constant<Ruling>({ kind: 'forward' }),
  fc.constantFrom(...edits).map((text): Ruling => ({ kind: 'replace', octets: octetsOf(text) })),
  fc.constantFrom('NO', 'BAD').map((status): Ruling => ({ kind: 'answer', status, text: 'by hand\r\nx OK' })),
)
/** After each turn: rulings on the oldest tickets, and the rule put on or taken off. */
const meddling = fc.array(fc.record({ rulings: fc.array(ruling, { maxLength: 3 }), isOn: fc.boolean() }), {
  minLength: 1,
  maxLength: 10,
})

describe('whatever is ruled, and whenever the rule comes and goes', () => {
  const meddle = (turns: Conversation, sizes: readonly number[], acts: readonly Meddling[]): Dialogue => {
    const interests: { messages: boolean; hold: HoldRule | undefined } = { messages: true, hold: holdsAll }
    let turn = 0
    return playTurns(turns, sizes, {
      interests,
      onTurn: (talk) => {
        const { rulings = [], isOn = true } = acts[turn++ % acts.length] ?? {}
        interests.hold = isOn ? holdsAll : undefined
        for (const one of rulings) ruleOldest(talk, one)
      },
    })
  }

  it('each ticket is released once, and the session ends', () => {
    fc.assert(
      fc.property(conversation, cuts, meddling, (turns, sizes, acts) => {
        const talk = meddle(turns, sizes, acts)
        end(talk)
        expect(talk.relay.isClosed).toBe(true)
        const released = talk.of('released').map(({ ticket }) => ticket)
        expect(released.toSorted(compare)).toEqual(talk.of('held').map(({ ticket }) => ticket))
        // An answer's text cannot become a line of its own.
        expect(talk.take('client')).not.toMatch(/^x OK/mu)
      }),
      { numRuns: 2_000 },
    )
  })

  it('nothing stands still once everything has gone on', () => {
    fc.assert(
      fc.property(conversation, cuts, meddling, (turns, sizes, acts) => {
        const talk = meddle(turns, sizes, acts)
        forwardAll(talk)
        expect(talk.relay.view.state === 'opening' || isMoving(talk)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })
})

/** A server's line ends whatever it had begun, and the next reaches the client. */
function isMoving(talk: Dialogue): boolean {
  if (talk.relay.isClosed) return true
  talk.raw('server', 'x'.repeat(50))
  talk.server('', '* 99 EXISTS')
  forwardAll(talk)
  return talk.take('client').endsWith('* 99 EXISTS\r\n')
}

interface Meddling {
  readonly rulings: readonly Ruling[]
  readonly isOn: boolean
}

function ruleOldest(talk: Dialogue, one: Ruling): void {
  const done = new Set(talk.of('released').map(({ ticket }) => ticket))
  const oldest = talk.of('held').find(({ ticket }) => !done.has(ticket))
  if (oldest) talk.input({ kind: 'ruled', ticket: oldest.ticket, ruling: one })
}

const compare = (a: number, b: number): number => a - b

describe('the generator', () => {
  it('reaches what the properties are about', () => {
    const sample = fc.sample(fc.array(script, { minLength: 1, maxLength: 6 }), { numRuns: 100, seed: 5 })
    const seen = sample.flatMap((scripts) => {
      const [talk] = converse(scripts, holdsAll, 1_000)
      return [
        ...talk.of('held').map(({ side }) => side),
        ...completedExchanges(talk).map(({ status }) => status),
      ]
    })
    expect(new Set(seen)).toEqual(new Set(['client', 'server', 'OK', 'NO']))
  })
})
