/** What a completion says and what it changes for the octets behind it; knows no session. */

import type { Response, TaggedResponse } from '../imap/responses/index.ts'
import type { Exchange } from '../session/exchanges.ts'
import { mayAddLayer } from '../session/sasl.ts'

/** Untagged BAD completes as well: the command whose tag the server could not read (RFC 9051 section 7.1.3). */
export function completionOf(
  response: Response | undefined,
): Pick<TaggedResponse, 'status' | 'text'> | undefined {
  if (response?.kind === 'tagged') return response
  const isBad = response?.kind === 'untagged' && response.data.name === 'BAD'
  return isBad ? { status: 'BAD', text: response.data.text } : undefined
}

/** Why the octets behind this completion are no IMAP any more, where they are not. */
export function whyUnreadable(exchange: Exchange): string | undefined {
  if (exchange.status !== 'OK') return undefined
  const command = exchange.name === 'AUTHENTICATE' ? exchange.message?.command() : undefined
  const isLayered =
    command?.ok && command.value.name === 'AUTHENTICATE' && mayAddLayer(command.value.mechanism)
  return isLayered ? 'a SASL security layer may stand over it from here on' : undefined
}

/** What is announced while this is open is for behind it. */
export const isLogin = ({ name }: Exchange): boolean => name === 'LOGIN' || name === 'AUTHENTICATE'
