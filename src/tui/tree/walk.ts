/** Takes a message apart into words, strings, literals and lists with their places; knows what none of them means. */

import { endOfText, startOfAnnouncement } from '../../imap/line-end.ts'
import { BACKSLASH, DQUOTE, latin1, LBRACKET, LPAREN, PLUS, RBRACKET, RPAREN, SP } from '../../imap/octets.ts'
import type { RawPart } from '../../imap/raw-message.ts'
import { decodeText } from '../../imap/utf8.ts'
import { isHidden, newNode, type NodeKind, type Specimen, type TreeNode } from './node.ts'

/** Nodes made of one message: more than anybody opens, and a megabyte of `() () ()` ends here. */
export const NODES = 20_000
/** Parentheses within parentheses; what is deeper stays in one piece. */
export const DEPTH = 64
/** Octets of a value that its node shows. */
const SHOWN = 240

type Literal = Extract<RawPart, { kind: 'literal' }>

/** The syntax alone: every node but the message is a token or a list. */
export function walk(specimen: Specimen): TreeNode {
  return new Walk(specimen).run()
}

class Walk {
  readonly #specimen: Specimen
  readonly #root: TreeNode
  /** Open lists, the message first. */
  readonly #open: TreeNode[]
  #nodes = 0
  /** Octets before the current line. */
  #base = 0
  #text = ''
  #at = 0
  #end = 0
  /** From here on the line has no more closing brackets. */
  #bracketsEnd = Infinity

  constructor(specimen: Specimen) {
    this.#specimen = specimen
    this.#root = newNode('message', 0, specimen.message.raw.octets)
    this.#open = [this.#root]
  }

  run(): TreeNode {
    const { parts } = this.#specimen.message.raw
    for (const [index, part] of parts.entries()) {
      const next = parts[index + 1]
      if (part.kind === 'line') this.#walkLine(part.octets, next?.kind === 'literal' ? next : undefined)
      if (this.#nodes > NODES) break
    }
    for (const node of this.#open.splice(1)) node.to = this.#root.to
    return this.#root
  }

  #walkLine(octets: Uint8Array, literal: Literal | undefined): void {
    this.#text = latin1(octets)
    this.#at = 0
    this.#end = literal ? startOfAnnouncement(this.#text) : endOfText(this.#text)
    this.#bracketsEnd = Infinity
    while (this.#at < this.#end && this.#nodes <= NODES) this.#takeNext()
    if (literal) this.#takeLiteral(literal)
    this.#base += octets.length + (literal?.announced.size ?? 0)
    if (this.#nodes > NODES) this.#top().children.push(this.#rest())
  }

  #takeNext(): void {
    if (this.#isText()) return this.#take('text', this.#end)
    const unit = this.#text.charCodeAt(this.#at)
    if (unit === SP) this.#at++
    else if (unit === LPAREN) this.#openList()
    else if (unit === RPAREN) this.#closeList()
    else if (unit === LBRACKET && this.#isBeforeCode()) this.#push('code')
    else if (unit === RBRACKET && this.#top().kind === 'code') this.#pop()
    else if (unit === DQUOTE) this.#take('string', this.#closingQuote())
    else this.#take('atom', this.#endOfAtom())
  }

  /** What a status response says behind its code, and all that stands behind a `+`. */
  #isText(): boolean {
    if (this.#top() !== this.#root || this.#text.charCodeAt(this.#at) === SP) return false
    const { kind, raw } = this.#specimen.message
    if (kind === 'sasl-data') return true
    if (raw.from === 'client' || this.#isBeforeCode()) return false
    const [first, second] = this.#root.children
    if (first?.text === '+') return true
    return statusWord.test(second?.text ?? '')
  }

  /** A bracket opens a code only as the first thing behind `OK`, `NO`, `BAD`, `BYE`, `PREAUTH` or `+`. */
  #isBeforeCode(): boolean {
    if (this.#top() !== this.#root || this.#specimen.message.raw.from === 'client') return false
    if (this.#text.charCodeAt(this.#at) !== LBRACKET) return false
    const { length } = this.#root.children
    if (this.#root.children[0]?.text === String.fromCharCode(PLUS)) return length === 1
    return length === 2 && statusWord.test(this.#root.children[1]?.text ?? '')
  }

  #openList(): void {
    if (this.#open.length < DEPTH) return this.#push('list')
    this.#take('rest', this.#closingParenthesis())
  }

  #push(kind: NodeKind): void {
    const node = newNode(kind, this.#base + this.#at, this.#root.to)
    this.#add(node)
    this.#open.push(node)
    this.#at++
  }

  #closeList(): void {
    if (this.#top().kind !== 'list') return this.#take('atom', this.#at + 1)
    this.#pop()
  }

  #pop(): void {
    this.#at++
    const node = this.#open.pop()
    if (node) node.to = this.#base + this.#at
  }

  #take(kind: NodeKind, end: number): void {
    const from = this.#base + this.#at
    const to = this.#base + end
    this.#add(newNode(kind, from, to, this.#show(kind, end)))
    this.#at = end
  }

  #show(kind: NodeKind, end: number): string {
    const range = { from: this.#base + this.#at, to: this.#base + end }
    if (kind === 'rest') return 'nested deeper than is shown'
    if (isHidden(range, this.#specimen.hidden)) return `‹redacted ${end - this.#at}›`
    return shorten(this.#text.slice(this.#at, Math.min(end, this.#at + SHOWN)), end - this.#at)
  }

  #takeLiteral(literal: Literal): void {
    const { announced, octets } = literal
    const from = this.#base + this.#end
    const content = this.#base + this.#text.length
    const to = content + announced.size
    const size = `${announced.isBinary ? '~' : ''}{${announced.size}}`
    this.#add(newNode('literal', from, to, size + this.#preview(octets, { from: content, to })))
  }

  /** The beginning of a literal that is short enough to be a name or a subject. */
  #preview(octets: Uint8Array | undefined, range: { from: number; to: number }): string {
    if (isHidden(range, this.#specimen.hidden)) return ' ‹redacted›'
    if (octets === undefined || octets.length > SHOWN || octets.length === 0) return ''
    return ` ${decodeText(latin1(octets))}`
  }

  #closingQuote(): number {
    for (let at = this.#at + 1; at < this.#end; at++) {
      const unit = this.#text.charCodeAt(at)
      if (unit === BACKSLASH) at++
      // One in front of more text is seen to stand inside: servers forget to escape it.
      else if (unit === DQUOTE && (at + 1 === this.#end || ' )"]'.includes(this.#text.charAt(at + 1))))
        return at + 1
    }
    return this.#end
  }

  #endOfAtom(): number {
    const isCode = this.#top().kind === 'code'
    for (let at = this.#at; at < this.#end; at++) {
      const unit = this.#text.charCodeAt(at)
      if (unit === SP || unit === LPAREN || unit === RPAREN) return Math.max(at, this.#at + 1)
      if (isCode && unit === RBRACKET) return at
      // `BODY[HEADER.FIELDS (DATE FROM)]` is one word.
      if (!isCode && unit === LBRACKET) at = this.#closingBracket(at)
    }
    return this.#end
  }

  /** Where the bracket closes, or where it stands when none does; the line is searched in vain once. */
  #closingBracket(at: number): number {
    if (at >= this.#bracketsEnd) return at
    const close = this.#text.indexOf(']', at)
    if (close >= 0 && close < this.#end) return close
    this.#bracketsEnd = at
    return at
  }

  #closingParenthesis(): number {
    let depth = 0
    for (let at = this.#at; at < this.#end; at++) {
      const unit = this.#text.charCodeAt(at)
      if (unit === LPAREN) depth++
      else if (unit === RPAREN && --depth === 0) return at + 1
    }
    return this.#end
  }

  #rest(): TreeNode {
    const from = this.#base + this.#at - this.#text.length
    return newNode('rest', Math.max(0, from), this.#root.to, 'more than is taken apart')
  }

  #add(node: TreeNode): void {
    this.#nodes++
    this.#top().children.push(node)
  }

  #top(): TreeNode {
    return this.#open.at(-1) ?? this.#root
  }
}

const statusWord = /^(?:OK|NO|BAD|BYE|PREAUTH)$/i

function shorten(octets: string, size: number): string {
  const text = decodeText(octets)
  return size > octets.length ? `${text}…` : text
}
