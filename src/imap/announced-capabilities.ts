/** Where capabilities are announced: untagged CAPABILITY, and the code of a greeting or completion (RFC 9051 sections 7.1 and 7.2.2). */

import type { ResponseText } from './response-text.ts'
import type { Response } from './responses/index.ts'

/** The capabilities that a response announces: untagged CAPABILITY, or the code of a greeting or completion. */
export function capabilitiesOf(response: Response): readonly string[] | undefined {
  if (response.kind === 'continuation') return undefined
  if (response.kind === 'tagged') return codeCapabilities(response.text)
  const { data } = response
  if (data.name === 'CAPABILITY') return data.capabilities
  return data.name === 'OK' || data.name === 'PREAUTH' ? codeCapabilities(data.text) : undefined
}

function codeCapabilities({ code }: ResponseText): readonly string[] | undefined {
  return code?.name === 'CAPABILITY' ? code.capabilities : undefined
}
