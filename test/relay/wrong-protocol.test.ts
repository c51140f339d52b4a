import { describe, expect, it } from 'vitest'

import { octetsOf } from '../../src/imap/octets.ts'
import { ClientOpening, explainGreeting } from '../../src/relay/wrong-protocol.ts'
import { play } from '../support/play.ts'
import { makeGuard, playGuarded } from './guarded/support.ts'

describe("a server's first line", () => {
  it.each([
    ['220 mail ESMTP', 'SMTP'],
    ['421-too busy', 'SMTP'],
    ['+OK POP3', 'POP3'],
    ['-ERR no', 'POP3'],
    ['HTTP/1.1 400 Bad Request', 'HTTP'],
    ['SSH-2.0-OpenSSH', 'SSH'],
    ['\x15\x03\x01', 'TLS from the first octet'],
  ])('%j is of %s', (line, protocol) => {
    expect(explainGreeting(line)?.reason).toBe(`upstream speaks ${protocol}, not IMAP`)
    expect(explainGreeting(line)?.advice).toMatch(/port of --upstream/)
  })

  it.each(['* OK hi', '* BYE', '220', '2200 x', '+ OK', 'HTTP', ''])('%j is none that is known', (line) => {
    expect(explainGreeting(line)).toBeUndefined()
  })
})

const explain = (...chunks: string[]) => {
  const opening = new ClientOpening()
  return chunks.map((chunk) => opening.take(octetsOf(chunk))).find((found) => found !== undefined)
}

describe("a client's first octets", () => {
  it.each([
    ['\x16\x03\x01', 'the client speaks TLS to a cleartext port'],
    ['GET / HTTP/1.1\r\n', 'the client speaks HTTP'],
    ['CONNECT x:443 HTTP/1.0\r\n', 'the client speaks HTTP'],
    ['PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n', 'a PROXY header came from an address that may send none'],
    ['\r\n\r\n\0\r\nQUIT\n\x21', 'a PROXY header came from an address that may send none'],
  ])('%j', (text, reason) => {
    expect(explain(text)?.reason).toBe(reason)
    expect(explain(...text.split(''))?.reason, 'octet by octet').toBe(reason)
  })

  it.each(['a NOOP\r\n', '\r\n\r\na NOOP\r\n', 'PROXY NOOP\r\n', 'GET GET\r\n', 'GET /\r\n', '', 'a'])(
    '%j may be IMAP',
    (text) => {
      expect(explain(text)).toBeUndefined()
    },
  )

  it('are only the first line: what a mail says of HTTP is nobody else', () => {
    expect(explain('a APPEND x {20}\r\n', 'GET / HTTP/1.1\r\n')).toBeUndefined()
  })
})

describe('a browser that is made to talk to this port under TLS (ALPACA)', () => {
  const http = 'POST / HTTP/1.1\r\nHost: x\r\n\r\na NOOP\r\n'

  it('is cut under a policy', () => {
    const { dialogue } = playGuarded()
    dialogue.raw('client', http).toServer()
    expect(dialogue.acts).toContain('close')
  })

  it('is cut under a policy behind STARTTLS too', () => {
    const { dialogue } = playGuarded(makeGuard(), { isClientSecure: false })
    dialogue.client('s STARTTLS').input({ kind: 'secured', side: 'client' }).raw('client', http).toServer()
    expect(dialogue.acts).toContain('close')
  })

  it('is passed on as it is without one', () => {
    const dialogue = play()
    dialogue.raw('client', http)
    expect(dialogue.take('server')).toBe(http)
  })
})
