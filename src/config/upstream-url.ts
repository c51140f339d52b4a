/** Where the real server is, as a URL: reading and writing it; it does not know how certificates are verified. */

import { readEndpoint, writeEndpoint, type Endpoint, type Read } from './endpoint-url.ts'
import type { Upstream } from './config.ts'

export type UpstreamEndpoint = Endpoint<Upstream['protocol']>

export function readUpstreamUrl(text: string): Read<UpstreamEndpoint> {
  const read = readEndpoint(text, {
    ports: [
      ['imaps', 993],
      ['imap+starttls', 143],
      ['imap', 143],
    ],
    lowestPort: 1,
    example: 'imaps://imap.example.com',
  })
  if (read.ok && read.value.host === '*') return { ok: false, message: 'needs one host, not *' }
  return read
}

export function writeUpstreamUrl(upstream: UpstreamEndpoint): string {
  return writeEndpoint(upstream)
}
