/** Events that are told by one record alone, out of its fields; what is missing in a record is empty. */

import type { Culprit, Finding, FindingLevel } from '../findings/finding.ts'
import type { Fault } from '../imap/fault.ts'
import type { Side } from '../imap/raw-message.ts'
import type { EventBody, ReleasedHow, TlsFacts } from '../relay/event.ts'
import { isFields, listOf, numberOf, optionalNumber, textOf, type Fields } from './fields.ts'

/** An event without its session and time. */
export type Body = EventBody | { readonly kind: 'finding'; readonly finding: Finding }

/** Undefined for a word that no event has. */
export function readPlainBody(kind: string, fields: Fields): Body | undefined {
  switch (kind) {
    case 'secured':
      return { kind, side: readSide(fields), tls: readTls(fieldsOf(fields['tls'])) }
    case 'tls-failed':
      return { kind, side: readSide(fields), ...readAdvice(fields) }
    case 'warning':
      return { kind, ...readAdvice(fields) }
    case 'rewritten':
      return { kind, side: readSide(fields), rule: textOf(fields['rule']), note: textOf(fields['note']) }
    case 'released':
      return { kind, ...readRelease(fields) }
    case 'unreadable':
      return {
        kind,
        side: readSide(fields),
        fault: readFault(fieldsOf(fields['fault'])),
        octets: numberOf(fields['octets']),
        shown: textOf(fields['shown']),
      }
    case 'finding':
      return { kind, finding: readFinding(fieldsOf(fields['finding'])) }
    default:
      return undefined
  }
}

export const readSide = (fields: Fields): Side => (fields['side'] === 'client' ? 'client' : 'server')

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {})

const readAdvice = ({ reason, advice }: Fields): { reason: string; advice: string } => ({
  reason: textOf(reason),
  advice: textOf(advice),
})

const readTls = ({ version, cipher, name, certificate, isResumed }: Fields): TlsFacts => ({
  version: textOf(version),
  cipher: textOf(cipher),
  name: textOf(name),
  certificate: textOf(certificate),
  isResumed: isResumed === true,
})

const hows: readonly ReleasedHow[] = ['forwarded', 'edited', 'answered', 'expired', 'gone']
const readHow = (value: unknown): ReleasedHow => hows.find((how) => how === value) ?? 'gone'

const readRelease = ({ ticket, how, by }: Fields): { ticket: number; how: ReleasedHow; by?: string } => ({
  ticket: numberOf(ticket),
  how: readHow(how),
  ...(typeof by === 'string' && { by }),
})

const readFault = (fields: Fields): Fault => ({
  rule: textOf(fields['rule']),
  at: numberOf(fields['at']),
  text: textOf(fields['text']),
  side: readSide(fields),
})

const levels: readonly FindingLevel[] = ['error', 'warning', 'note']
const culprits: readonly Culprit[] = ['client', 'server', 'proxy']

function readFinding(fields: Fields): Finding {
  const { id, name, level, side, text, reference, advice, evidence, exchange } = fields
  return {
    id: textOf(id),
    name: textOf(name),
    level: levels.find((known) => known === level) ?? 'note',
    side: culprits.find((known) => known === side) ?? 'proxy',
    text: textOf(text),
    reference: textOf(reference),
    advice: textOf(advice),
    evidence: listOf(evidence).map(textOf),
    exchange: optionalNumber(exchange),
  }
}
