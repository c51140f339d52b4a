import { describe, expect, it } from 'vitest'

import { Assembler } from '../../src/imap/assembler.ts'
import type { Expectation } from '../../src/imap/expectation.ts'
import { limits } from '../../src/imap/limits.ts'
import { latin1, octetsOf } from '../../src/imap/octets.ts'
import { Lane } from '../../src/relay/lane.ts'
import { playLoggedIn } from '../support/play.ts'

/** A lane that is told what to expect and what to do with a line. */
class ToldLane extends Lane {
  expected: Expectation | 'undecided' | 'stopped' = 'response'
  passesPartial = false
  readonly opaque: string[] = []
  readonly seen: string[] = []
  readonly sent: string[]

  constructor() {
    const sent: string[] = []
    super('server', (octets) => sent.push(latin1(octets)), new Assembler('server'))
    this.sent = sent
  }

  give(text: string): this {
    this.receive(octetsOf(text))
    return this
  }

  protected override expects(): Expectation | 'undecided' | 'stopped' {
    return this.expected
  }

  protected override take(): void {
    const text = latin1(this.framer.source, this.framer.start, this.framer.end)
    this.seen.push(text)
    if (text.startsWith('drop')) this.drop()
    else if (text.startsWith('change')) this.substitute([octetsOf('x'), octetsOf('y\r\n')])
    else this.pass()
    if (text.startsWith('wait')) this.expected = 'undecided'
    if (text.startsWith('stop')) this.expected = 'stopped'
  }

  protected override mayPassPartial(): boolean {
    return this.passesPartial
  }

  protected override onOpaque(reason: string): void {
    this.opaque.push(reason)
  }
}

describe('a lane passes on', () => {
  it('a run of untouched lines in one piece', () => {
    expect(new ToldLane().give('a\r\nb\r\nc\r\n').sent).toEqual(['a\r\nb\r\nc\r\n'])
  })

  it('a line that came in pieces, once its end is there', () => {
    const lane = new ToldLane().give('a').give('b')
    expect(lane.sent).toEqual([])
    expect(lane.give('c\r\nd').sent.join('')).toBe('abc\r\n')
    expect(lane.unframed).toBe(1)
  })

  it('the beginning of a line that nothing waits for, and each octet once', () => {
    const lane = new ToldLane()
    lane.passesPartial = true
    expect(lane.give('ab').give('c').sent).toEqual(['ab', 'c'])
    expect(lane.give('d\r\ne').sent.join('')).toBe('abcd\r\ne')
    expect(lane.seen).toEqual(['abcd\r\n'])
  })

  it('the beginning of a line that is longer than is held', () => {
    const lane = new ToldLane().give('x'.repeat(limits.lineHeld - 1))
    expect(lane.sent).toEqual([])
    expect(lane.give('y').sent.join('')).toHaveLength(limits.lineHeld)
  })

  it('other octets in place of a line, and nothing in place of another', () => {
    expect(new ToldLane().give('a\r\nchange\r\nb\r\ndrop\r\nc\r\n').sent.join('')).toBe(
      'a\r\nxy\r\nb\r\nc\r\n',
    )
  })

  it('what is left when its side has ended', () => {
    const lane = new ToldLane().give('a\r\nb')
    lane.finish()
    expect(lane.sent.join('')).toBe('a\r\nb')
  })
})

describe('while it is undecided what comes next', () => {
  it('octets go on at once, and are framed later without going on again', () => {
    const lane = new ToldLane().give('wait\r\nb\r\nc')
    expect(lane.sent.join('')).toBe('wait\r\nb\r\nc')
    lane.give('d\r\n')
    expect(lane.sent.join('')).toBe('wait\r\nb\r\ncd\r\n')
    expect(lane.seen).toEqual(['wait\r\n'])
    lane.expected = 'response'
    lane.advance()
    expect(lane.seen).toEqual(['wait\r\n', 'b\r\n', 'cd\r\n'])
    expect(lane.sent.join('')).toBe('wait\r\nb\r\ncd\r\n')
  })

  it('also when one wait follows another', () => {
    const lane = new ToldLane().give('wait 1\r\nwait 2\r\n')
    for (const next of ['wait 3\r\nx', 'y\r\n', 'z\r\n']) {
      lane.expected = 'response'
      lane.advance()
      lane.give(next)
    }
    lane.expected = 'response'
    lane.advance()
    expect(lane.sent.join('')).toBe('wait 1\r\nwait 2\r\nwait 3\r\nxy\r\nz\r\n')
    expect(lane.seen.join('')).toBe(lane.sent.join(''))
  })

  it('a peer that sends ahead more than is kept is passed on unread, which is said once', () => {
    const lane = new ToldLane().give('wait\r\n')
    lane.give('x'.repeat(limits.undecidedOctets)).give('y').give('z')
    expect(lane.sent.join('')).toHaveLength(limits.undecidedOctets + 8)
    expect(lane.opaque).toEqual(['more was sent ahead than is kept'])
    lane.expected = 'response'
    lane.advance()
    expect(lane.seen).toEqual(['wait\r\n'])
  })
})

describe('while nothing may go on', () => {
  it('octets wait', () => {
    const lane = new ToldLane().give('stop\r\na\r\n').give('b\r\n')
    expect(lane.sent.join('')).toBe('stop\r\n')
    expect(lane.unframed).toBe(6)
    lane.expected = 'response'
    lane.advance()
    expect(lane.sent.join('')).toBe('stop\r\na\r\nb\r\n')
  })
})

describe('octets of our own', () => {
  it('go between two messages', () => {
    const lane = new ToldLane().give('* 1 FETCH (BODY[] {3}\r\nab')
    lane.inject(octetsOf('own\r\n'))
    expect(lane.sent.join('')).toBe('* 1 FETCH (BODY[] {3}\r\nab')
    lane.give('c)\r\nd\r\n')
    expect(lane.sent.join('')).toBe('* 1 FETCH (BODY[] {3}\r\nabc)\r\nown\r\nd\r\n')
  })

  it('go at once where no line has gone on in part', () => {
    const lane = new ToldLane().give('a')
    lane.inject(octetsOf('own\r\n'))
    expect(lane.give('b\r\n').sent.join('')).toBe('own\r\nab\r\n')
  })

  it('wait for the end of a line that has gone on in part', () => {
    const lane = new ToldLane()
    lane.passesPartial = true
    lane.give('a').inject(octetsOf('own\r\n'))
    expect(lane.give('b\r\n').sent.join('')).toBe('ab\r\nown\r\n')
  })
})

describe("a client's octets ahead of a continuation request", () => {
  it.each(['a APPEND x {6}', 'a LOGIN {6}', 'a AUTHENTICATE PLAIN', 'a IDLE'])(
    'pass at once behind %s',
    (command) => {
      const talk = playLoggedIn().client(command).toServer(command)
      for (const octet of 'abc\r\nd') {
        talk.raw('client', octet)
        expect(talk.take('server')).toBe(octet)
      }
    },
  )
})
