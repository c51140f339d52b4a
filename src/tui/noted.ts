/** An event beside the conversation as its row keeps it, so that a file can tell it again; knows no row. */

import type { EventBody, ReleasedHow } from '../relay/event.ts'
import { KeptMessage, type Describe } from './kept-message.ts'
import type { Pair } from './transcript.ts'

type EventOf<Kind extends EventBody['kind']> = Extract<EventBody, { kind: Kind }>

/** Plain data; a message only as it is kept. */
export type Noted =
  | EventOf<'secured' | 'tls-failed' | 'unreadable' | 'rewritten' | 'warning' | 'released'>
  | (Omit<EventOf<'held'>, 'message' | 'exchange'> & {
      readonly message: KeptMessage
      readonly pair: Pair | undefined
    })

/** The octets of a server's message hold only while the event is told. */
export function noteHeld(
  event: EventOf<'held'> & { readonly at: number },
  { pair, describe }: { readonly pair: Pair | undefined; readonly describe: Describe },
): Noted {
  const { message, at, hidesAll, kind, ticket, side, isEditable, deadline } = event
  const kept = new KeptMessage(message, { at, hidesAll, isOurs: false, describe })
  return { kind, ticket, side, isEditable, deadline, hidesAll, message: kept, pair }
}

/** How a held message went on. */
export const releasedWords: Readonly<Record<ReleasedHow, string>> = {
  forwarded: 'it went on as it was',
  edited: 'it went on as it was edited',
  answered: 'it was answered here, and never went on',
  expired: 'its time was up, and it went on as it was',
  gone: 'its session ended first',
}

/** What is held; tags and names are printable already. */
export function heldWords({ side, exchange }: Pick<EventOf<'held'>, 'side' | 'exchange'>): string {
  const command = exchange ? `${exchange.tag} ${exchange.name}` : ''
  if (side === 'client') return `the command ${command}`.trimEnd()
  return exchange ? `a response to ${command}` : 'what the server says by itself'
}
