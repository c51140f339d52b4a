/** Makes the two lanes of a session: transparent ones, or guarded ones where somebody decides about all that is said. */

import type { Side } from '../imap/raw-message.ts'
import { ClientLane, type ClientPort } from './client-lane.ts'
import type { Conversation } from './conversation.ts'
import type { Effect } from './effect.ts'
import { GuardedClientLane } from './guarded-client-lane.ts'
import { GuardedServerLane } from './guarded-server-lane.ts'
import { GuardedSession } from './guarded-session.ts'
import type { Guard } from './guard.ts'
import type { Holds } from './holds.ts'
import type { Input } from './input.ts'
import type { ClientLaneSurface, ServerLaneSurface } from './lane-surface.ts'
import type { LaneParts } from './lane-parts.ts'
import type { OwnVoice } from './own-voice.ts'
import type { RelayOptions } from './relay-options.ts'
import { ServerLane, type ServerPort } from './server-lane.ts'

export interface Lanes {
  readonly client: ClientLaneSurface
  readonly server: ServerLaneSurface
  /** Time has passed, or a record was made, that a command waited for; or another policy holds. Nothing else is taken. */
  take(input: Input): void
}

export interface LanesPort {
  readonly options: RelayOptions
  readonly talk: Conversation
  readonly holds: Holds
  readonly client: ClientPort
  readonly server: ServerPort
  effect(effect: Effect): void
  /** Made behind the lanes, since it speaks through one of them. */
  voice(): OwnVoice
  close(reason: string, tell?: string, code?: string): void
}

export function makeLanes(port: LanesPort): Lanes {
  const { guard } = port.options
  if (guard) return makeGuardedLanes(port, guard)
  return {
    client: new ClientLane(port.client, partsOf(port, 'client')),
    server: new ServerLane(port.server, partsOf(port, 'server')),
    take: () => {},
  }
}

function makeGuardedLanes(port: LanesPort, guard: Guard): Lanes {
  const { options, talk, holds } = port
  const session = new GuardedSession(talk, {
    session: options.session,
    guard,
    isAudited: options.isAudited ?? false,
    makeTag: () => options.makeTag(),
    makeTicket: () => holds.makeTicket(),
    effect: (effect) => port.effect(effect),
    complete: (exchange, answer) => port.voice().complete(exchange, answer),
    say: (text) => port.voice().say(text),
    close: (reason, tell, code) => port.close(reason, tell, code),
  })
  const client = new GuardedClientLane(port.client, session, partsOf(port, 'client'))
  return {
    client,
    server: new GuardedServerLane(port.server, session, partsOf(port, 'server')),
    take(input) {
      if (input.kind === 'waited') client.waited(input.ticket)
      if (input.kind === 'reconsidered') session.reconsider()
      if (input.kind === 'recorded') client.recorded(input.ticket, input.isDurable)
    },
  }
}

function partsOf(port: LanesPort, from: Side): LaneParts {
  const { talk, holds } = port
  const { digesters, kept } = port.options
  const to = from === 'client' ? 'server' : 'client'
  const send = (octets: Uint8Array): void => port.effect({ kind: 'send', to, octets })
  return { talk, gate: holds[from], send, makeDigester: digesters[from], kept }
}
