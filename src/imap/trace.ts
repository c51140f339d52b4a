/** Conversations written down as text, `C:` and `S:` line by line: text to octets of each side, in order. */

import { octetsOf } from './octets.ts'
import type { Side } from './raw-message.ts'
import { encodeText } from './utf8.ts'

/** Something that a line of the text says was sent. */
export interface TraceStep {
  /** 1 for the first line of the text. */
  readonly line: number
  readonly from: Side
  readonly octets: Uint8Array
}

/** `# key: value` or a remark, above or between the steps; and `= ...`, what is expected of the message before it. */
export interface TraceNote {
  readonly line: number
  readonly kind: 'comment' | 'expectation'
  readonly text: string
}

export interface Trace {
  readonly steps: readonly TraceStep[]
  readonly notes: readonly TraceNote[]
}

export interface TraceProblem {
  readonly line: number
  readonly text: string
}

/**
 * Reads the text of a trace.
 *
 *     # a comment
 *     C: a NOOP                 one line of the client's, ended by CR LF
 *     S: * 3 EXISTS
 *     S| a OK done\n            exact octets, no line end added: \r \n \t \\ and \xHH are escapes
 *     = {"ok":true}             an expectation, for tests
 *
 * A line without octets, `C:`, is an empty line. Anything else is a problem, and names its line.
 */
export function readTrace(text: string): Trace | TraceProblem {
  const steps: TraceStep[] = []
  const notes: TraceNote[] = []
  // Some editors put a byte order mark in front.
  for (const [index, written] of text
    .replace(/^\ufeff/u, '')
    .split('\n')
    .entries()) {
    const line = index + 1
    const row = written.endsWith('\r') ? written.slice(0, -1) : written
    const mark = row.slice(0, 2)
    const rest = row.charAt(2) === ' ' ? row.slice(3) : row.slice(2)
    if (row.trim() === '') continue
    if (mark === 'C:' || mark === 'S:') steps.push(step(line, mark, `${rest}\r\n`))
    else if (mark === 'C|' || mark === 'S|') {
      const exact = unescape(rest)
      if (exact === undefined) return { line, text: 'an escape that is none of \\r \\n \\t \\\\ \\xHH' }
      steps.push(step(line, mark, exact))
    } else if (row.startsWith('#')) notes.push({ line, kind: 'comment', text: row.slice(1).trim() })
    else if (row.startsWith('=')) notes.push({ line, kind: 'expectation', text: row.slice(1).trim() })
    else return { line, text: 'expected C: or S: (or C| S| # =) at the beginning of the line' }
  }
  return { steps, notes }
}

function step(line: number, mark: string, text: string): TraceStep {
  return { line, from: mark.startsWith('C') ? 'client' : 'server', octets: octetsOf(encodeText(text)) }
}

/** `\xHH` is an octet: those above 127 become the unit that stands for it in texts (see `utf8.ts`). */
function unescape(text: string): string | undefined {
  let isSound = true
  const exact = text.replace(/\\(x[0-9a-fA-F]{2}|[\s\S]?)/gu, (whole, escape: string) => {
    if (escape.startsWith('x') && escape.length === 3) {
      const octet = Number.parseInt(escape.slice(1), 16)
      return String.fromCharCode(octet < 0x80 ? octet : 0xdc00 + octet)
    }
    const plain = { r: '\r', n: '\n', t: '\t', '\\': '\\' }[escape]
    if (plain === undefined) isSound = false
    return plain ?? whole
  })
  return isSound ? exact : undefined
}
