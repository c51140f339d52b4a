/** One message exactly as it stood on the wire: its lines and literals, in order, not yet understood. */

export type Side = 'client' | 'server'

/** `{n}`, `{n+}`, `~{n}`, `~{n+}` at the end of a line (RFC 9051 section 4.3, RFC 7888, RFC 3516). */
export interface LiteralAnnouncement {
  /** Octets announced, 0 to 2^53 - 1. */
  readonly size: number
  /** True when the sender waits for a continuation request before it sends the octets. */
  readonly isSynchronizing: boolean
  /** True for literal8, `~{n}`. */
  readonly isBinary: boolean
}

export type RawPart =
  /** A line with its line end. Every line but the last ends in the announcement of the literal behind it. */
  | { readonly kind: 'line'; readonly octets: Uint8Array }
  /** The octets are absent when the literal was streamed past (see `limits.literalKept`). */
  | {
      readonly kind: 'literal'
      readonly announced: LiteralAnnouncement
      readonly octets?: Uint8Array
      /** Short hex digest of a literal, where one was asked for. */
      readonly digest?: string
    }

export interface RawMessage {
  readonly from: Side
  readonly parts: readonly RawPart[]
  /** Size on the wire, literals included. */
  readonly octets: number
}

/** A raw message of one line; `line` must end in its line end. */
export function lineMessage(from: Side, line: Uint8Array): RawMessage {
  return { from, parts: [{ kind: 'line', octets: line }], octets: line.length }
}
