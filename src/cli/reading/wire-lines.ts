/** Messages as the lines that stood on the wire, redacted, or as typed trees; it knows no exchange. */

import type { ObservedEvent } from '../../findings/finding.ts'
import { printable } from '../../imap/printable.ts'
import { describeMessage } from '../../imap/redact.ts'
import type { Message } from '../../imap/message.ts'
import type { ProxyEvent } from '../../relay/event.ts'
import { timeOfDay } from '../../tui/format.ts'
import { toJson, type Json } from '../parse/message-json.ts'
import type { Paint } from './paint.ts'

export type MessageEvent = Extract<ProxyEvent, { kind: 'message' }>

/** Characters of a wire line that are shown. */
const SHOWN = 2_000
/** Characters of one value in a tree, and lines of the tree of one message. */
const VALUE = 200
const LINES = 2_000

export const isMessage = (event: ObservedEvent): event is MessageEvent => event.kind === 'message'

export class WireLines {
  readonly #paint: Paint
  readonly #wallTimeOf: (at: number) => number

  constructor(paint: Paint, wallTimeOf: (at: number) => number) {
    this.#paint = paint
    this.#wallTimeOf = wallTimeOf
  }

  /** Each line of the message; those that went on in its place stand behind a `~`. */
  wire(event: MessageEvent): readonly string[] {
    const { message, sent, isOurs } = event
    const lines = this.#described(event, message, isOurs === true ? '~' : arrow(event.side))
    return sent ? [...lines, ...this.#described(event, sent, '~')] : lines
  }

  /** The first line of the message, and below it what it means. */
  tree(event: MessageEvent): readonly string[] {
    const [first = ''] = this.wire(event)
    return [first, ...treeOf(event).map((line) => `${' '.repeat(INDENT)}${line}`)]
  }

  #described(event: MessageEvent, message: Message, from: string): readonly string[] {
    const { at, session, hidesAll } = event
    const shown = describeMessage(message, { hidesAll, limit: SHOWN })
    const time = this.#paint('dim', timeOfDay(this.#wallTimeOf(at)))
    const head = `${time} ${this.#paint('cyan', printable(session, 40).padEnd(5))} ${this.#paint(colours[from] ?? 'magenta', from)}`
    return (shown.length > 0 ? shown : ['']).map((line) => `${head} ${line}`)
  }
}

const INDENT = 21

const arrow = (side: MessageEvent['side']): string => (side === 'client' ? 'C' : 'S')
const colours: Readonly<Record<string, 'blue' | 'green'>> = { C: 'blue', S: 'green' }

function treeOf(event: MessageEvent): readonly string[] {
  const { message, hidesAll } = event
  if (hidesAll || message.kind === 'sasl-data' || message.kind === 'idle-done') return []
  const parsed = message.kind === 'command' ? message.command() : message.response()
  const faults = [...parsed.quirks, ...(parsed.ok ? [] : [parsed.fault])]
  const told = faults.map(({ rule, at, text }) => printable(`!${at} ${rule}: ${text}`, VALUE))
  // A line that is odd may hold a secret where nobody looks for it: then its one line has to do.
  const isOdd = faults.length > 0 || (message.kind === 'command' && parsed.ok && isUnknown(parsed.value))
  if (!parsed.ok || (isOdd && isRedacted(message))) return told
  const lines: string[] = []
  drawValue(toJson(parsed.value, false), '', lines)
  const rest = lines.length - LINES
  return [...told, ...lines.slice(0, LINES), ...(rest > 0 ? [`... ${rest} more`] : [])]
}

const isUnknown = (value: object): boolean => 'name' in value && value.name === 'unknown'

const isRedacted = (message: Message): boolean =>
  describeMessage(message, { hidesAll: false, limit: SHOWN }).some((line) => line.includes('‹redacted'))

/** Fields one below the other, what is within them further to the right. */
function drawValue(value: Json | undefined, indent: string, lines: string[]): void {
  // What is beyond the limit is counted roughly, and not drawn.
  if (value === undefined || lines.length > 2 * LINES) return
  if (typeof value !== 'object' || value === null || isLeaf(value)) {
    lines.push(`${indent}${leafOf(value)}`)
    return
  }
  const isList = Array.isArray(value)
  for (const [key, inner] of Object.entries<Json | undefined>(value)) {
    if (inner === undefined) continue
    const name = isList ? '-' : `${printable(key, VALUE)}:`
    if (isLeaf(inner)) lines.push(`${indent}${name} ${leafOf(inner)}`)
    else {
      lines.push(`${indent}${name}`)
      drawValue(inner, `${indent}  `, lines)
    }
  }
}

/** Also what is short enough to stand in one line: lists of words, and sizes of secrets. */
function isLeaf(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return true
  const inner = Object.values(value)
  return (
    inner.every((part) => typeof part !== 'object' || part === null) && JSON.stringify(value).length <= LEAF
  )
}

/** Characters of a list or map that stands in one line. */
const LEAF = 70

const leafOf = (value: Json): string =>
  printable(typeof value === 'string' ? value : JSON.stringify(value), VALUE)
