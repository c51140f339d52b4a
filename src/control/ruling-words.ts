/** What is to be done with a held message, as it stands in a request; it does not know whether it may be done. */

import type { Ruling } from '../relay/hold-rule.ts'

/** Characters of an answer that a viewer makes up: one line for a person. */
const longestText = 500

/** Octets travel as base64. */
export function writeRuling(ruling: Ruling): object {
  if (ruling.kind !== 'replace') return ruling
  return { kind: 'replace', base64: Buffer.from(ruling.octets).toString('base64') }
}

/** Undefined when it is none. */
export function readRuling(value: unknown): Ruling | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined
  switch (value.kind) {
    case 'forward':
      return { kind: 'forward' }
    case 'replace':
      return readReplacement(value)
    case 'answer':
      return readAnswer(value)
    default:
      return undefined
  }
}

function readReplacement(value: object): Ruling | undefined {
  const isEncoded = 'base64' in value && typeof value.base64 === 'string' && base64.test(value.base64)
  return isEncoded ? { kind: 'replace', octets: Buffer.from(String(value.base64), 'base64') } : undefined
}

const base64 = /^[A-Za-z0-9+/]*={0,2}$/u

/** A text of more than one line would be more than one response. */
function readAnswer(value: object): Ruling | undefined {
  const status = 'status' in value ? value.status : undefined
  const text = 'text' in value ? value.text : undefined
  if (status !== 'NO' && status !== 'BAD') return undefined
  if (typeof text !== 'string' || text.length > longestText || !printableAscii.test(text)) return undefined
  return { kind: 'answer', status, text }
}

const printableAscii = /^[\x20-\x7e]+$/u
