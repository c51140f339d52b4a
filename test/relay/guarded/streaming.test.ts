/** Messages too large to be kept, under a policy; and clients that never stop. */

import { describe, expect, it } from 'vitest'

import { octetsOf } from '../../../src/imap/octets.ts'
import { allow, decidedBy, deny, makeDenying, makeGuard, playGuarded, playInside } from './support.ts'

const size = 200_000
const message = 'Subject: x\r\n\r\n'.padEnd(size, 'y\r\nb DELETE Secret\r\n').slice(0, size)

describe.each([Number.MAX_SAFE_INTEGER, 1000, 7])('a large APPEND, in chunks of %d octets', (chunk) => {
  const inside = (guard = makeGuard()) => playInside(guard, { chunk })

  it('is decided about by its head, and streams behind the server’s word for it', () => {
    const { dialogue, guard } = inside()
    dialogue
      .client(`a APPEND INBOX (\\Seen) {${size}}`)
      .toServer(`a APPEND INBOX (\\Seen) {${size}}`)
      .toClient()
    dialogue.server('+ go on').toClient('+ imaptap takes the literal')
    dialogue.raw('client', message)
    expect(dialogue.take('server')).toBe(message)
    dialogue.client('').toServer('').server('a OK done').toClient('a OK done')
    expect(guard.commands[0]?.messageOctets).toBe(size)
  })

  it('waits for it also where the client does not', () => {
    const { dialogue } = inside()
    dialogue.client(`a APPEND INBOX {${size}+}`).raw('client', message).client('', 'c NOOP')
    dialogue.toServer(`a APPEND INBOX {${size}}`).server('+ go on')
    expect(dialogue.take('server')).toBe(`${message}\r\nc NOOP\r\n`)
    dialogue.toClient()
  })

  it('threat 23: is cut off at a NUL, unless it is a literal8', () => {
    const nul = `${message.slice(0, -1)}\0`
    const { dialogue } = inside()
    dialogue.client(`a APPEND INBOX {${size}+}`).toServer(`a APPEND INBOX {${size}}`)
    dialogue.server('+ go on').raw('client', nul)
    expect(dialogue.take('server')).not.toContain('\0')
    expect(dialogue.take('client')).toMatch(/^\* BYE .*\r\n$/u)
    const other = inside().dialogue
    other.client(`a APPEND INBOX ~{${size}+}`).toServer(`a APPEND INBOX ~{${size}}`)
    other.server('+ go on').raw('client', nul)
    expect(other.take('server')).toBe(nul)
  })

  it('as the guard rewrote it', () => {
    const guard = makeGuard({
      decide: (facts) => {
        const { command } = facts
        if (command.name !== 'APPEND') return allow(facts)
        const [first] = command.messages
        const data = first?.data
        return data
          ? {
              ...allow(facts),
              action: { kind: 'forward', command: { ...command, mailbox: 'A b', messages: [{ data }] } },
            }
          : deny()
      },
    })
    const { dialogue } = inside(guard)
    dialogue.client(`a APPEND INBOX (\\Seen) {${size}}`).toServer(`a APPEND "A b" {${size}}`)
  })

  it('that is denied is not asked for', () => {
    const { dialogue } = inside(makeDenying('APPEND'))
    dialogue
      .client(`a APPEND INBOX {${size}}`, 'b NOOP')
      .toClient('a NO [NOPERM] not allowed here')
      .toServer('b NOOP')
  })

  it('that is denied and comes all the same is for nobody', () => {
    const { dialogue, guard } = inside(makeDenying('APPEND'))
    dialogue.client(`a APPEND INBOX {${size}+}`).raw('client', message).client('', 'b NOOP')
    dialogue.toClient('a NO [NOPERM] not allowed here').toServer('b NOOP')
    expect(guard.decided).toEqual(['APPEND', 'NOOP'])
  })

  it('that the server refuses is not asked for', () => {
    const { dialogue } = inside()
    dialogue.client(`a APPEND INBOX {${size}}`).server('a NO [TRYCREATE] no').toClient('a NO [TRYCREATE] no')
    dialogue.client('b NOOP').toServer(`a APPEND INBOX {${size}}`, 'b NOOP')
  })

  it.each([' {5+}', ' (\\Seen) {5}', 'b DELETE Secret', ' '])(
    'has its end behind it and nothing else, or the session is cut before its end goes upstream: %j',
    (line) => {
      const { dialogue } = inside()
      dialogue.client(`a APPEND INBOX {${size}+}`).raw('client', message).client(line).server('+ go')
      expect(dialogue.take('server')).toBe(`a APPEND INBOX {${size}}\r\n${message}`)
      expect(dialogue.acts).toContain('close')
    },
  )

  it('that the server answers in the middle is cut off', () => {
    const { dialogue } = inside()
    dialogue.client(`a APPEND INBOX {${size}}`).server('+ go').raw('client', message.slice(0, 1000))
    dialogue.server('a NO enough').raw('client', message.slice(1000))
    expect(dialogue.take('server')).toBe(`a APPEND INBOX {${size}}\r\n${message.slice(0, 1000)}`)
    expect(dialogue.acts).toContain('close')
  })

  it('that ends with the session is never finished', () => {
    const { dialogue } = inside()
    dialogue.client(`a APPEND INBOX {${size}}`).server('+ go').raw('client', message.slice(0, 1000))
    dialogue.input({ kind: 'ended', side: 'client' })
    expect(dialogue.take('server')).toBe(`a APPEND INBOX {${size}}\r\n${message.slice(0, 1000)}`)
    expect(dialogue.acts).toContain('end server')
  })
})

it('a small one is kept and decided about as a whole', () => {
  const { dialogue, guard } = playInside()
  dialogue.client('a APPEND INBOX {5}').toServer().toClient('+ imaptap takes the literal')
  dialogue.raw('client', 'hello\r\n').toServer('a APPEND INBOX {5}').server('+ go').toServer('hello')
  expect(guard.commands[0]?.messageOctets).toBe(5)
})

it('several messages are kept, as long as all of them can be', () => {
  const { dialogue, guard } = playInside()
  const body = 'z'.repeat(1000)
  dialogue
    .raw('client', `a APPEND INBOX {1000+}\r\n${body} {1000+}\r\n${body}\r\n`)
    .toServer('a APPEND INBOX {1000}')
  dialogue.server('+').toServer(`${body} {1000}`).server('+').toServer(body)
  expect(guard.commands[0]?.messageOctets).toBe(1000)
})

describe('what is too large to be kept and no message', () => {
  it('is refused where the client waits', () => {
    const { dialogue, guard } = playInside()
    dialogue.client('a SEARCH TEXT {2000000}').toServer()
    expect(dialogue.take('client')).toMatch(/^a NO \[TOOBIG\] [^\r]*\r\n$/u)
    dialogue.client('b NOOP').toServer('b NOOP')
    expect(guard.refused.map(({ reason }) => reason)).toEqual(['too-large'])
  })

  it('cuts the session where it does not', () => {
    const { dialogue } = playInside()
    dialogue.client('a SEARCH TEXT {2000000+}').toServer()
    expect(dialogue.take('client')).toMatch(/^a NO \[TOOBIG\] [^\r]*\r\n\* BYE \[TOOBIG\] /u)
    expect(dialogue.acts).toContain('close')
  })

  it('is less before a login', () => {
    const { dialogue } = playGuarded()
    dialogue.client('a LOGIN {70000+}')
    expect(dialogue.take('client')).toMatch(/^a NO \[TOOBIG\] [^\r]*\r\n\* BYE \[TOOBIG\] /u)
  })
})

describe('a client that never stops', () => {
  it('sends a line without an end: it is cut off', () => {
    const { dialogue } = playInside()
    let sent = 0
    while (!dialogue.relay.isClosed && sent < 10_000_000) {
      dialogue.raw('client', 'x'.repeat(64 * 1024))
      sent += 64 * 1024
    }
    expect(sent).toBeLessThan(1_300_000)
    dialogue.toServer()
  })

  it('sends literal after literal: it is cut off', () => {
    const { dialogue } = playInside()
    dialogue.raw('client', 'a SEARCH')
    const literal = ` TEXT {100000+}\r\n${'x'.repeat(100_000)}`
    let sent = 0
    while (!dialogue.relay.isClosed && sent < 100) {
      dialogue.raw('client', literal)
      sent += 1
    }
    expect(sent).toBeLessThan(12)
    expect(dialogue.take('client')).toMatch(/\* BYE \[TOOBIG\] /u)
  })

  it('sends literals of no octets: it is cut off', () => {
    const { dialogue } = playInside()
    dialogue.raw('client', 'a SEARCH').raw('client', ' TEXT {0+}\r\n'.repeat(20_000))
    expect(dialogue.relay.isClosed).toBe(true)
  })

  it('sends command after command: a hundred are in flight, and it is asked to wait', () => {
    const { dialogue, guard } = playInside()
    for (let at = 0; at < 30_000; at++) dialogue.raw('client', `t${at} NOOP\r\n`)
    expect(guard.decided).toHaveLength(100)
    expect(dialogue.acts).toEqual(['pause client'])
    dialogue.server('t0 OK')
    expect(guard.decided).toHaveLength(101)
  })

  it('sends lines that are no commands: it is cut off', () => {
    const { dialogue } = playInside()
    dialogue.raw('client', '* x\r\n'.repeat(100))
    expect(dialogue.relay.isClosed).toBe(true)
    expect(dialogue.take('client').length).toBeLessThan(2000)
  })

  it('does so behind a command that waits: it is asked to wait', () => {
    const guard = makeGuard({
      decide: (facts) => ({
        action: { kind: 'forward', command: facts.command },
        decided: [decidedBy('x')],
        delay: 10,
      }),
    })
    const { dialogue } = playGuarded(guard)
    dialogue.client('a NOOP')
    for (let at = 0; at < 8; at++)
      dialogue.input({ kind: 'received', from: 'client', octets: octetsOf('x'.repeat(50_000)) })
    expect(dialogue.acts).toEqual(['wait', 'pause client'])
    dialogue.toServer()
  })
})
