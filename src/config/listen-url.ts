/** Where clients connect, as a URL: reading and writing it; it does not know whether the port is free. */

import { readEndpoint, writeEndpoint, type Read } from './endpoint-url.ts'
import type { Listen } from './config.ts'

/** `*` becomes `::`, which accepts IPv4 too. */
export function readListenUrl(text: string): Read<Listen> {
  const read = readEndpoint(text, {
    ports: [
      ['imaps', 993],
      ['imap', 143],
    ],
    lowestPort: 0,
    example: 'imaps://127.0.0.1:1993',
  })
  if (!read.ok && /^imap\+starttls:/i.test(text)) {
    return { ok: false, message: 'must start with imap:// here: it offers STARTTLS by itself' }
  }
  if (read.ok && read.value.host === '*') return { ok: true, value: { ...read.value, host: '::' } }
  return read
}

export function writeListenUrl(listen: Listen): string {
  return writeEndpoint(listen)
}
