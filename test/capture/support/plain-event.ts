/** Events as plain values that can be compared: live exchanges and views as they are now, octets as text. */

import type { ObservedEvent } from '../../../src/findings/finding.ts'
import { latin1 } from '../../../src/imap/octets.ts'
import type { Message } from '../../../src/imap/message.ts'
import { printable } from '../../../src/imap/printable.ts'
import type { RawMessage } from '../../../src/imap/raw-message.ts'
import type { Exchange } from '../../../src/session/exchanges.ts'
import type { SessionView } from '../../../src/session/session.ts'

export function plainEvent(event: ObservedEvent): Record<string, unknown> {
  const plain: Record<string, unknown> = { ...event }
  if ('message' in event) plain['message'] = plainMessage(event.message)
  if ('sent' in event && event.sent) plain['sent'] = plainMessage(event.sent)
  if ('exchange' in event && event.exchange) plain['exchange'] = plainExchange(event.exchange)
  if ('view' in event) plain['view'] = plainView(event.view)
  return plain
}

export function plainMessage(message: Message): unknown {
  const { kind, reading, raw } = message
  return { kind, isUtf8: reading.isUtf8, raw: plainRaw(raw) }
}

function plainRaw({ from, parts, octets }: RawMessage): unknown {
  const plain = parts.map((part) => ({ ...part, octets: part.octets && latin1(part.octets) }))
  return { from, parts: plain, octets }
}

/** Everything but its command, which is its message's own record. */
function plainExchange(exchange: Exchange): unknown {
  const { id, tag, name, args, openedAt, firstOctetAt, completedAt, octetsIn, octetsOut, heldMillis } =
    exchange
  const { untagged, status, code, codeArgs, user, text, attribution } = exchange
  const times = { openedAt, firstOctetAt, completedAt, heldMillis }
  const sizes = { octetsIn, octetsOut, untagged }
  // What a peer may put anything into is printable behind a record.
  const words = { tag: printable(tag), name: printable(name), args }
  return { id, ...words, ...times, ...sizes, status, code, codeArgs, user, text, attribution }
}

function plainView(view: SessionView): unknown {
  const { state, user, client, server, mailbox, capabilities, enabled, isIdle } = view
  return {
    state,
    user,
    client,
    server,
    mailbox: mailbox && { ...mailbox },
    capabilities: [...capabilities],
    enabled: [...enabled],
    isIdle,
  }
}
