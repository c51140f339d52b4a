/** What stands behind a line's text: its line end, or an announcement and its line end; knows no message. */

import { CR, LBRACE, LF, TILDE } from './octets.ts'
import type { LiteralAnnouncement, Side } from './raw-message.ts'

/** The rule that is bent, and one sentence on it. */
export type Oddity = readonly [rule: string, text: string]

const bareLf: Oddity = ['bare-lf', 'a line ends in LF without CR']

/** Before the line end, of which CR LF, LF and CR CR LF are seen. */
export function endOfText(text: string): number {
  let end = text.length
  if (end > 0 && text.charCodeAt(end - 1) === LF) end--
  while (end > 0 && text.charCodeAt(end - 1) === CR) end--
  return end
}

/** Before the announcement that ends the line, its tilde included. */
export function startOfAnnouncement(text: string): number {
  const brace = text.lastIndexOf(String.fromCharCode(LBRACE))
  if (brace < 0) return endOfText(text)
  return brace > 0 && text.charCodeAt(brace - 1) === TILDE ? brace - 1 : brace
}

/** What is odd about the line end behind `end`, if anything. */
export function oddityOfLineEnd(text: string, end: number, allowsLf: boolean): Oddity | undefined {
  if (text.length - end === 2 && text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF)
    return undefined
  if (text.length === end) return ['missing-line-end', 'the last line has no line end']
  if (text.length - end > 1) return ['extra-cr', 'more than one CR at the line end']
  return allowsLf ? undefined : bareLf
}

interface AnnouncedLine {
  readonly text: string
  /** Where the announcement begins. */
  readonly end: number
  readonly announced: LiteralAnnouncement
  readonly from: Side
  readonly allowsLf: boolean
}

export function odditiesOfAnnouncement({ text, end, announced, from, allowsLf }: AnnouncedLine): Oddity[] {
  const oddities: Oddity[] = []
  const isBare = text.charCodeAt(text.length - 2) !== CR
  if (isBare && !allowsLf) oddities.push(bareLf)
  const close = text.indexOf('}', end)
  if (close + (isBare ? 2 : 3) < text.length)
    oddities.push(['octets-behind-brace', 'octets between a literal and its line end'])
  if (text.slice(end, close).includes(' '))
    oddities.push(['space-in-brace', 'a space inside the braces of a literal'])
  if (!announced.isSynchronizing && from === 'server')
    oddities.push(['plus-from-server', 'a non-synchronizing literal from a server'])
  return oddities
}
