/** CAPABILITY and ENABLED (RFC 9051 sections 7.2.1 and 7.2.2): words, in the order and case they came in. */

import type { Cursor } from '../cursor.ts'
import { readRun } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export interface CapabilityData {
  readonly name: 'CAPABILITY' | 'ENABLED'
  readonly capabilities: readonly string[]
}

export const capability: UntaggedForm<CapabilityData> = {
  names: ['CAPABILITY', 'ENABLED'],
  isNumbered: false,
  read: (cursor, { name }) => ({ name, capabilities: readCapabilities(cursor) }),
  write(writer, { name, capabilities }) {
    writer.word([name, ...capabilities].join(' '))
  },
}

/** Up to the end; some servers end the line with a space. */
function readCapabilities(cursor: Cursor): string[] {
  const capabilities: string[] = []
  while (cursor.hasMore()) {
    cursor.readSpace()
    capabilities.push(readRun(cursor, 0))
  }
  return capabilities
}
