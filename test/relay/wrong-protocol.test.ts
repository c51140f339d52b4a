import { describe, expect, it } from 'vitest'

import { octetsOf } from '../../src/imap/octets.ts'
import { explainClient, explainGreeting } from '../../src/relay/wrong-protocol.ts'

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

describe("a client's first octets", () => {
  it.each([
    ['\x16\x03\x01', 'the client speaks TLS to a cleartext port'],
    ['GET / HTTP/1.1\r\n', 'the client speaks HTTP'],
    ['CONNECT x:443 HTTP/1.0\r\n', 'the client speaks HTTP'],
  ])('%j', (text, reason) => {
    expect(explainClient(octetsOf(text))?.reason).toBe(reason)
  })

  it.each(['a NOOP\r\n', 'GET GET\r\n', 'GET /\r\n', '', 'a'])('%j may be IMAP', (text) => {
    expect(explainClient(octetsOf(text))).toBeUndefined()
  })
})
