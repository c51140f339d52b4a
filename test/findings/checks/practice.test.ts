/** Whose slowness the time at a breakpoint is: nobody's; the conversations without breakpoints are traces. */

import { describe, expect, it } from 'vitest'

import { RecordDecoder } from '../../../src/capture/decode.ts'
import { RecordEncoder } from '../../../src/capture/record.ts'
import { FindingsEngine } from '../../../src/findings/engine.ts'
import type { Finding } from '../../../src/findings/finding.ts'
import type { ProxyEvent } from '../../../src/relay/event.ts'
import type { HoldRule, Ruling } from '../../../src/relay/hold-rule.ts'
import { LoggedDialogue } from '../../support/logged-dialogue.ts'

const forward: Ruling = { kind: 'forward' }
const refuse: Ruling = { kind: 'answer', status: 'NO', text: 'not today' }
const holdStore: HoldRule = { mayHold: ({ name }) => name === 'STORE', hold: () => 60_000 }
const holdLogin: HoldRule = { mayHold: ({ name }) => name === 'LOGIN', hold: () => 60_000 }

interface Found {
  readonly live: Finding[]
  /** The same over a capture. */
  readonly afterwards: Finding[]
}

class Watched extends LoggedDialogue {
  readonly found: Found
  readonly #hold: { hold?: HoldRule }

  constructor(found: Found) {
    const hold: { messages: boolean; hold?: HoldRule } = { messages: true }
    super(listenerOf(found), { interests: hold })
    this.found = found
    this.#hold = hold
    this.input({ kind: 'connected' }).server('* OK ready')
  }

  logIn(): this {
    return this.client('l LOGIN ann x').server('l OK done').client('s SELECT x').server('s OK done')
  }

  hold(rule: HoldRule): this {
    this.#hold.hold = rule
    return this
  }

  after(millis: number): this {
    this.now += millis
    return this
  }

  rule(ruling: Ruling): this {
    return this.input({ kind: 'ruled', ticket: this.of('held').at(-1)?.ticket ?? 0, ruling })
  }
}

function listenerOf({ live, afterwards }: Found): (event: ProxyEvent) => void {
  const [engine, reader] = [new FindingsEngine(), new FindingsEngine()]
  const [encoder, decoder] = [new RecordEncoder(), new RecordDecoder()]
  return (event) => {
    live.push(...engine.observe(event).map(({ finding }) => finding))
    const told = decoder.decode(encoder.encode(event) ?? '')
    if (told === undefined || told === 'again' || told.kind === 'finding') return
    afterwards.push(...reader.observe(told).map(({ finding }) => finding))
  }
}

const watch = (): Watched => new Watched({ live: [], afterwards: [] })

function only(id: string, { found: { live, afterwards } }: Watched): readonly Finding[] {
  const [these, those] = [live, afterwards].map((all) => all.filter((finding) => finding.id === id))
  expect(those).toEqual(these)
  return these ?? []
}

describe('a slow command', () => {
  it('is none where a breakpoint held it', () => {
    const talk = watch().logIn().hold(holdStore).client('a STORE 1 FLAGS ()').after(30_000)
    talk.rule(forward).after(200).server('a OK done')
    expect(only('P01', talk)).toEqual([])
  })

  it('is none where a breakpoint held its answer', () => {
    const talk = watch().logIn().client('a NOOP').after(200)
    talk.hold({ mayHold: ({ side }) => side === 'server', hold: () => 60_000 })
    talk.server('a OK done').after(30_000).rule(forward)
    expect(talk.of('exchange-completed').at(-1)?.exchange).toMatchObject({ tag: 'a', status: 'OK' })
    expect(only('P01', talk)).toEqual([])
  })

  it('is one all the same where the server was slow besides, and is told with its own time', () => {
    const talk = watch().logIn().hold(holdStore).client('a STORE 1 FLAGS ()').after(30_000)
    talk.rule(forward).after(4_000).server('a OK done')
    expect(only('P01', talk)).toMatchObject([
      { text: expect.stringMatching(/^STORE took 4\.0 s: the server was silent for 4\.0 s,/u) },
    ])
  })

  it('is none that imaptap answered, however slowly the client sent it', () => {
    const talk = watch().logIn()
    talk.hold({ mayHold: ({ name }) => name === 'RENAME', hold: () => 60_000 })
    talk.client('b RENAME {1}').after(5_000).client('x y').after(30_000).rule(refuse)
    expect(talk.of('exchange-completed').at(-1)?.exchange).toMatchObject({ tag: 'b', status: 'NO' })
    expect(only('P01', talk)).toEqual([])
  })
})

describe('what imaptap answered', () => {
  it('is no login that failed', () => {
    const talk = watch().hold(holdLogin)
    for (const tag of ['a', 'b', 'c', 'd']) talk.client(`${tag} LOGIN ann x`).rule(refuse)
    expect(talk.of('exchange-completed')).toHaveLength(4)
    expect(only('P07', talk)).toEqual([])
  })
})

describe('a command without a completion', () => {
  it("is nobody's fault where it was held until shortly before the end", () => {
    const talk = watch().logIn().hold(holdStore).client('a STORE 1 FLAGS ()').after(30_000)
    talk.rule(forward).after(200).input({ kind: 'ended', side: 'server' })
    talk.input({ kind: 'ended', side: 'client' })
    expect(talk.of('exchange-completed').at(-1)?.exchange).toMatchObject({ status: 'aborted' })
    expect(only('S47', talk)).toEqual([])
  })
})
