/** An event beside the conversation as its row keeps it, so that a file can tell it again; knows no row. */

import type { EventBody, ReleasedHow } from '../relay/event.ts'
import type { Decided } from '../relay/guard.ts'
import { KeptMessage, type Describe } from './kept-message.ts'
import type { Pair } from './transcript.ts'

type EventOf<Kind extends EventBody['kind']> = Extract<EventBody, { kind: Kind }>

/** Plain data; a message only as it is kept. */
export type Noted =
  | EventOf<'secured' | 'tls-failed' | 'unreadable' | 'rewritten' | 'warning' | 'released'>
  | { readonly kind: 'decided'; readonly decided: Decided; readonly pair: Pair | undefined }
  | (Omit<EventOf<'held'>, 'message' | 'exchange'> & {
      readonly message: KeptMessage
      readonly pair: Pair | undefined
    })

/** The octets of a server's message hold only while the event is told. */
export function noteHeld(
  event: EventOf<'held'> & { readonly at: number },
  { pair, describe }: { readonly pair: Pair | undefined; readonly describe: Describe },
): Noted {
  const { message, at, hidesAll, kind, ticket, side, isEditable, deadline, approval } = event
  const kept = new KeptMessage(message, { at, hidesAll, isOurs: false, describe })
  return {
    kind,
    ticket,
    side,
    isEditable,
    deadline,
    hidesAll,
    message: kept,
    pair,
    ...(approval && { approval }),
  }
}

type Approval = EventOf<'held'>['approval']

/** How a held message went on; `approval` where it waited for one. */
export function releasedText(
  { how, by }: Pick<EventOf<'released'>, 'how' | 'by'>,
  approval: Approval,
): string {
  if (!approval) return `released: ${releasedWords[how]}`
  const words = how === 'expired' ? expiredWords[approval.otherwise] : ruledWords[how]
  return `approval by rule ${approval.rule}: ${words}${by === undefined ? '' : ` (${by})`}`
}

const ruledWords: Readonly<Record<Exclude<ReleasedHow, 'expired'>, string>> = {
  forwarded: 'it was allowed',
  edited: 'it was allowed as it was edited',
  answered: 'it was refused',
  gone: 'its session ended first',
}

const expiredWords = {
  allow: 'nobody ruled in time, and it was allowed',
  deny: 'nobody ruled in time, and it was refused',
} as const

const releasedWords: Readonly<Record<ReleasedHow, string>> = {
  forwarded: 'it went on as it was',
  edited: 'it went on as it was edited',
  answered: 'it was answered here, and never went on',
  expired: 'its time was up, and it went on as it was',
  gone: 'its session ended first',
}

export function heldText(event: Pick<EventOf<'held'>, 'side' | 'exchange' | 'approval'>): string {
  const { approval } = event
  if (!approval) return `held at a breakpoint: ${heldWords(event)}`
  return `waits for approval (rule ${approval.rule}): ${heldWords(event)}`
}

/** What is held; tags and names are printable already. */
function heldWords({ side, exchange }: Pick<EventOf<'held'>, 'side' | 'exchange'>): string {
  const command = exchange ? `${exchange.tag} ${exchange.name}` : ''
  if (side === 'client') return `the command ${command}`.trimEnd()
  return exchange ? `a response to ${command}` : 'what the server says by itself'
}
