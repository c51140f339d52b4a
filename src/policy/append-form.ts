/** Forms of a message that servers lose their place in the stream over: those that they do not have; knows no mailbox. */

import type { AppendMessage } from '../imap/append-message.ts'
import type { Command } from '../imap/commands/index.ts'
import type { GuardAnswer } from '../relay/guard.ts'
import type { SessionView } from '../session/session.ts'

/** Undefined where the server knows where the message ends, whether it takes it or not. */
export function checkAppendForm(
  command: Command,
  { enabled, capabilities }: Pick<SessionView, 'enabled' | 'capabilities'>,
): GuardAnswer | undefined {
  if (command.name !== 'APPEND' && command.name !== 'REPLACE') return undefined
  const messages = command.name === 'APPEND' ? command.messages : [command.message]
  if (messages.some(isOdd)) return refusal('unknown message data')
  const takesUtf8 = enabled.some((word) => /^UTF8=(?:ACCEPT|ONLY)$/iu.test(word))
  if (!takesUtf8 && messages.some(({ data }) => data.kind === 'utf8'))
    return refusal('UTF8=ACCEPT is not enabled')
  // A server that has told nothing may have anything.
  if (capabilities.length === 0 || capabilities.some((word) => /^ANNOTATE-EXPERIMENT-1$/iu.test(word)))
    return undefined
  return messages.some(isAnnotated) ? refusal('the server has no annotations of messages') : undefined
}

/** Dovecot refuses it, and takes the next line for the literal in it all the same. */
const isOdd = ({ options, data }: AppendMessage): boolean =>
  data.kind === 'extension' ||
  (data.kind === 'catenate' && data.parts.some((part) => part.kind === 'unknown')) ||
  options?.some(({ name }) => name === 'unknown') === true

const isAnnotated = ({ options }: AppendMessage): boolean =>
  options?.some(({ name }) => name === 'ANNOTATION') === true

/** Dovecot waits for what it does not have forever. */
const refusal = (text: string): GuardAnswer => ({ kind: 'answer', status: 'BAD', text })
