/** How the URL of a listener is read. */

import { expect, it } from 'vitest'
import { readListenUrl, writeListenUrl } from '../../src/config/listen-url.ts'

it.each([
  ['imap://127.0.0.1', 'imap', '127.0.0.1', 143],
  ['imaps://[::1]', 'imaps', '::1', 993],
  ['imaps://0.0.0.0:0', 'imaps', '0.0.0.0', 0],
  ['imap://*:1143', 'imap', '::', 1143],
])('a listen URL such as %s is read', (text, protocol, host, port) => {
  expect(readListenUrl(text)).toEqual({ ok: true, value: { protocol, host, port } })
})

it('a listener on STARTTLS is told that imap:// offers it', () => {
  const read = readListenUrl('imap+starttls://127.0.0.1:1143')
  expect(read).toEqual({ ok: false, message: 'must start with imap:// here: it offers STARTTLS by itself' })
})

it('a listen URL with credentials is refused', () => {
  expect(readListenUrl('imaps://a:b@127.0.0.1')).toMatchObject({ ok: false })
})

it('a listener on IPv6 is written with brackets', () => {
  expect(writeListenUrl({ protocol: 'imaps', host: '::1', port: 1993 })).toBe('imaps://[::1]:1993')
})
