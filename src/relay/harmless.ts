/** Which commands leave nothing behind at a server, so that it need not be dialled again when the client starts TLS. */

import type { Message } from '../imap/message.ts'

const harmless = new Set(['CAPABILITY', 'NOOP', 'LOGOUT', 'STARTTLS'])

/** Of what may hold more than it seems, a literal or arguments, nobody knows what a server makes. */
export function isHarmless(name: string, message: Message | undefined): boolean {
  return harmless.has(name) && message?.raw.parts.length === 1 && message.command().ok
}
