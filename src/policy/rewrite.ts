/** Changes one thing in a response and keeps the rest; decides nothing. */

import type { ResponseText } from '../imap/response-text.ts'
import type { Response } from '../imap/responses/index.ts'

/** The same response with other capabilities, in the place where it had its own. */
export function withCapabilities(response: Response, capabilities: readonly string[]): Response {
  if (response.kind === 'continuation') return response
  if (response.kind === 'tagged') return { ...response, text: withCode(response.text, capabilities) }
  const { data } = response
  if (data.name === 'CAPABILITY') return { kind: 'untagged', data: { ...data, capabilities } }
  if (data.name !== 'OK' && data.name !== 'PREAUTH') return response
  return { kind: 'untagged', data: { ...data, text: withCode(data.text, capabilities) } }
}

function withCode(text: ResponseText, capabilities: readonly string[]): ResponseText {
  return { ...text, code: { name: 'CAPABILITY', capabilities } }
}
