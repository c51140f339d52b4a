import { describe, expect, it } from 'vitest'

import { headerOctets, readProxyHeader } from '../../src/net/proxy-protocol.ts'

const read = (text: string) => readProxyHeader(Buffer.from(text, 'latin1'))

interface V2 {
  readonly command?: number
  readonly family?: number
  readonly body: Buffer
}

/** A header of version 2, with its signature and length. */
function v2({ command = 0x21, family = 0x11, body }: V2): Buffer {
  const fixed = Buffer.from([command, family, body.length >> 8, body.length & 0xff])
  return Buffer.concat([Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1'), fixed, body])
}

const ipv4 = Buffer.from([192, 0, 2, 1, 10, 0, 0, 1, 0xd9, 0x03, 0x03, 0xe1])
const ipv6 = Buffer.from('20010db8000000000000000000000001fd000000000000000000000000000009d90303e1', 'hex')
const tlv = Buffer.from([0x02, 0, 4, 0x68, 0x6f, 0x73, 0x74])

describe('a header of version 1', () => {
  it.each([
    ['PROXY TCP4 192.0.2.1 10.0.0.1 55555 993\r\n', { host: '192.0.2.1', port: 55_555 }],
    ['PROXY TCP6 2001:db8::1 fd00::9 1 993\r\n', { host: '2001:db8::1', port: 1 }],
    ['PROXY UNKNOWN\r\n', undefined],
    ['PROXY UNKNOWN whatever stands here\r\n', undefined],
  ])('is read: %j', (text, source) => {
    expect(read(text)).toEqual({ kind: 'header', length: text.length, source })
    expect(read(`${text}a NOOP\r\n`), 'with octets of the client behind it').toEqual(read(text))
    for (let end = 0; end < text.length; end++) expect(read(text.slice(0, end)).kind).toBe('incomplete')
  })

  it.each([
    'PROXY TCP4 192.0.2.1 10.0.0.1 55555\r\n',
    'PROXY TCP4 192.0.2.1 10.0.0.1 55555 993 \r\n',
    'PROXY TCP4  192.0.2.1 10.0.0.1 55555 993\r\n',
    'PROXY TCP4 192.0.2.256 10.0.0.1 55555 993\r\n',
    'PROXY TCP4 2001:db8::1 fd00::9 1 2\r\n',
    'PROXY TCP6 192.0.2.1 10.0.0.1 1 2\r\n',
    'PROXY TCP4 192.0.2.1 10.0.0.1 65536 993\r\n',
    'PROXY TCP4 192.0.2.1 10.0.0.1 0555 993\r\n',
    'PROXY TCP4 192.0.2.1 10.0.0.1 -1 993\r\n',
    'PROXY UDP4 192.0.2.1 10.0.0.1 1 2\r\n',
    'PROXY unknown\r\n',
    'PROXY UNKNOWNS\r\n',
    'PROXY \r\n',
    'PROXY TCP4 192.0.2.1 10.0.0.1 1 2\n\r\n',
    `PROXY UNKNOWN ${'x'.repeat(200)}\r\n`,
    'a NOOP\r\n',
    'proxy TCP4 192.0.2.1 10.0.0.1 1 2\r\n',
    '\x16\x03\x01\x02\x00\x01',
    'PROXZ',
    '\n',
  ])('is refused: %j', (text) => {
    expect(read(text).kind).toBe('fault')
  })
})

describe('a header of version 2', () => {
  it.each([
    ['IPv4', v2({ body: ipv4 }), { host: '192.0.2.1', port: 55_555 }],
    [
      'IPv4 with more behind it',
      v2({ body: Buffer.concat([ipv4, tlv]) }),
      { host: '192.0.2.1', port: 55_555 },
    ],
    ['IPv6', v2({ family: 0x21, body: ipv6 }), { host: '2001:db8::1', port: 55_555 }],
    ['no address', v2({ family: 0x00, body: Buffer.alloc(0) }), undefined],
    ['a Unix socket', v2({ family: 0x31, body: Buffer.alloc(216) }), undefined],
    ['LOCAL, a health check', v2({ command: 0x20, family: 0x00, body: Buffer.alloc(0) }), undefined],
    ['LOCAL, whose address means nothing', v2({ command: 0x20, body: ipv4 }), undefined],
  ])('is read: %s', (_name, octets, source) => {
    expect(readProxyHeader(octets)).toEqual({ kind: 'header', length: octets.length, source })
    const longer = Buffer.concat([octets, Buffer.from('a NOOP\r\n')])
    expect(readProxyHeader(longer)).toEqual({ kind: 'header', length: octets.length, source })
    for (let end = 0; end < octets.length; end++)
      expect(readProxyHeader(octets.subarray(0, end)).kind).toBe('incomplete')
  })

  it.each([
    ['another version', v2({ command: 0x11, body: ipv4 })],
    ['another command', v2({ command: 0x22, body: ipv4 })],
    ['UDP', v2({ family: 0x12, body: ipv4 })],
    ['an address cut short', v2({ body: ipv4.subarray(1) })],
    ['an IPv6 address cut short', v2({ family: 0x21, body: ipv4 })],
    ['a Unix socket cut short', v2({ family: 0x31, body: ipv4 })],
    ['another family', v2({ family: 0x41, body: ipv4 })],
    ['more than any balancer sends', v2({ body: Buffer.alloc(headerOctets) })],
    ['a signature that ends otherwise', Buffer.from('\r\n\r\n\0\r\nQUIT\r', 'latin1')],
  ])('is refused: %s', (_name, octets) => {
    expect(readProxyHeader(octets).kind).toBe('fault')
  })

  it('that is too long is refused before it is taken in', () => {
    const octets = v2({ body: Buffer.alloc(headerOctets) }).subarray(0, 16)
    expect(readProxyHeader(octets).kind).toBe('fault')
  })
})
