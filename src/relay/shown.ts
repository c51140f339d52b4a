/** How much of a peer's words is shown, and how: printable, bounded, without tokens; decides nothing about what may be shown. */

import type { Fault } from '../imap/fault.ts'
import type { Message } from '../imap/message.ts'
import { printable } from '../imap/printable.ts'
import type { Side } from '../imap/raw-message.ts'
import { describeMessage } from '../imap/redact.ts'
import type { ResponseCode } from '../imap/response-code.ts'
import { codeArguments } from '../imap/response-code.ts'
import { hideUrlTokens } from '../imap/url-token.ts'

/** Characters of an unreadable line that are shown. */
const SHOWN = 1_000
/** Characters of a response code's arguments that are shown. */
const CODE_SHOWN = 200

/** A server's words; the URLs in them may be as good as a password (RFC 4467). */
export const showText = (text: string): string => printable(hideUrlTokens(text), SHOWN)

/** What stands behind a code's word; undefined where nothing does. */
export const showCodeArguments = (code: ResponseCode): string | undefined =>
  printable(hideUrlTokens(codeArguments(code)), CODE_SHOWN) || undefined

/** The first line of a message. */
export const showMessage = (message: Message, hidesAll: boolean): string =>
  describeMessage(message, { hidesAll, limit: SHOWN })[0] ?? ''

export const tooLong = (side: Side): Fault => ({
  rule: 'message-too-long',
  at: 0,
  text: 'the message is longer than is kept for reading',
  side,
})
