/** CAPABILITY and ENABLED (RFC 9051 sections 7.2.1 and 7.2.2): words, in the order and case they came in. */

import type { Cursor } from '../cursor.ts'
import { readAtom } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export interface CapabilityData {
  readonly name: 'CAPABILITY' | 'ENABLED'
  readonly capabilities: readonly string[]
}

export const capability: UntaggedForm<CapabilityData> = {
  names: ['CAPABILITY', 'ENABLED'],
  isNumbered: false,
  read(cursor, { name }) {
    const capabilities = readCapabilities(cursor)
    // RFC 9051 section 9, `capability-data`, and RFC 1730 for IMAP4 alone.
    if (name === 'CAPABILITY' && !capabilities.some((word) => /^IMAP4(?:rev[12])?$/iu.test(word)))
      cursor.quirk('missing-revision', 'no revision of IMAP among the capabilities')
    return { name, capabilities }
  },
  write(writer, { name, capabilities }) {
    writer.word([name, ...capabilities].join(' '))
  },
}

/** Up to the end; some servers end the line with a space. */
function readCapabilities(cursor: Cursor): string[] {
  const capabilities: string[] = []
  while (cursor.hasMore()) {
    cursor.readSpace()
    const word = readAtom(cursor)
    if (word === '+') joinPlus(cursor, capabilities)
    else capabilities.push(word)
  }
  return capabilities
}

/** `LITERAL +` is seen in place of `LITERAL+`. */
function joinPlus(cursor: Cursor, capabilities: string[]): void {
  cursor.quirk('split-capability', 'a space inside a capability')
  capabilities.push(`${capabilities.pop() ?? ''}+`)
}
