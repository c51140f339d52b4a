/** How the URL of the upstream is read, and that a password in it is never repeated. */

import { describe, expect, it } from 'vitest'
import { readUpstreamUrl, writeUpstreamUrl } from '../../src/config/upstream-url.ts'

function faultOf(text: string): string {
  const read = readUpstreamUrl(text)
  return read.ok ? 'no fault' : read.message
}

describe('an upstream URL', () => {
  it.each([
    ['imaps://imap.example.com', 'imaps', 'imap.example.com', 993],
    ['imap+starttls://10.0.0.5', 'imap+starttls', '10.0.0.5', 143],
    ['imap://localhost', 'imap', 'localhost', 143],
    ['imaps://[2001:db8::1]:1993', 'imaps', '2001:db8::1', 1993],
    ['IMAPS://Imap.Example.COM/', 'imaps', 'imap.example.com', 993],
    ['imaps://my_imap-1:65535', 'imaps', 'my_imap-1', 65_535],
    ['imaps://pošta.example', 'imaps', 'xn--pota-h6a.example', 993],
  ])('reads %s', (text, protocol, host, port) => {
    expect(readUpstreamUrl(text)).toEqual({ ok: true, value: { protocol, host, port } })
  })

  it.each([
    ['', 'needs a protocol in front, like imaps://imap.example.com'],
    ['imap.example.com:993', 'needs a protocol in front, like imaps://imap.example.com:993'],
    ['imapss://x', 'must start with imaps://, imap+starttls:// or imap://, did you mean imaps?'],
    ['https://x', 'must start with imaps://, imap+starttls:// or imap://'],
    ['imaps://', 'has no host; write it like imaps://imap.example.com'],
    ['imaps://:993', 'has no host; write it like imaps://imap.example.com'],
    ['imaps://x:0', 'needs a port between 1 and 65535'],
    ['imaps://x:65536', 'needs a port between 1 and 65535'],
    ['imaps://x:', 'needs a port between 1 and 65535'],
    ['imaps://x:9e2', 'needs a port between 1 and 65535'],
    ['imaps://x/INBOX', 'must end after the host and port, like imaps://imap.example.com'],
    ['imaps://x?y', 'must end after the host and port, like imaps://imap.example.com'],
    ['imaps://2001:db8::1', 'needs brackets around an IPv6 address: imaps://[2001:db8::1]'],
    ['imaps://[2001:db8::zz]', 'has a host that is neither a name nor an address'],
    ['imaps://a b', 'has a host that is neither a name nor an address'],
    ['imaps://-x', 'has a host that is neither a name nor an address'],
    ['imaps://a\u001b[31m', 'has no readable host; write it like imaps://imap.example.com'],
    ['imaps://*', 'needs one host, not *'],
  ])('refuses %j', (text, message) => {
    expect(faultOf(text)).toBe(message)
  })

  it.each([
    'imaps://bob:hunter2@imap.example.com',
    'imaps://bob:hunter2@',
    'imaps://bob@corp:hunter2@imap.example.com/x',
    'hunter2@imap.example.com',
    'https://bob:hunter2@x',
  ])('refuses credentials without repeating them: %s', (text) => {
    expect(faultOf(text)).toContain('must not carry a user name or password')
    expect(faultOf(text)).not.toContain('hunter2')
  })

  it.each(['imaps://[2001:db8::1]:1993', 'imap+starttls://10.0.0.5:143'])(
    'is written as read: %s',
    (text) => {
      const read = readUpstreamUrl(text)
      expect(read.ok && writeUpstreamUrl(read.value)).toBe(text)
    },
  )
})
