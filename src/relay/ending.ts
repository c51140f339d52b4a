/** In words, why a session that both sides have left is over; knows no lanes. */

import type { Side } from '../imap/raw-message.ts'
import type { Session } from '../session/session.ts'

/** `last` ended behind the other. */
export function whoEnded(session: Session, last: Side): string {
  if (session.state === 'logout') return whoLeft(session)
  return last === 'server' ? 'the client closed the connection' : 'upstream closed the connection'
}

/** Once farewells were said it does not matter who cut the line. */
export function whoLeft({ hasLoggedOut }: Session): string {
  return hasLoggedOut ? 'logout' : 'upstream said BYE'
}

/** What to say of a session that is cut for good. */
export const outOfStep = 'the session was cut: what is compressed and what is not could not be told any more'
export const beforeTls = 'the session was cut: octets sent before TLS must have no effect after it'
export const checkPath =
  'somebody on the path may be injecting responses: use imaps:// where the server has it'
