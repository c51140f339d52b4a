/** Gives a session the guard that the application makes for it, to decide or only to say what it would; knows no policy. */

import { isLoopback } from '../config/endpoint-url.ts'
import type { SessionOrigin } from '../relay/guard.ts'
import type { RelayOptions } from '../relay/relay-options.ts'
import type { ConnectionContext } from './connection-context.ts'

type Guarding = Pick<RelayOptions, 'guard' | 'dryGuard' | 'isAudited'>

export function guardSession(
  { makeGuard, recorder, listen, listenerUrl }: ConnectionContext,
  origin: Pick<SessionOrigin, 'session' | 'address' | 'tls'>,
): Guarding {
  const made = makeGuard?.({ ...origin, listener: listenerUrl, isLoopback: isLoopback(listen.host) })
  if (!made) return {}
  if (!made.isEnforced) return { dryGuard: made.guard }
  return { guard: made.guard, isAudited: recorder !== undefined }
}
