/** The shape of one row of the list of extensions: what it adds to the language, and what the proxy does with it. */

/** The registries that words can stand in; each exports the words it knows. */
export type Registry =
  | 'command'
  | 'untagged'
  | 'code'
  | 'fetch attribute'
  | 'fetch item'
  | 'fetch modifier'
  | 'store item'
  | 'store modifier'
  | 'status item'
  | 'select parameter'
  | 'create parameter'
  | 'list option'
  | 'list data'
  | 'search key'
  | 'return option'
  | 'esearch item'
  | 'sort key'
  | 'append data'

export interface Extension {
  /** The capability as servers announce it, or the topic: `CONDSTORE`, `QUOTA=RES-*`, `IMAP4rev1`. Unique. */
  readonly name: string
  /** Other capability names for the same: `X-UNAUTHENTICATE`. */
  readonly aliases?: readonly string[]
  /** `RFC 7162`, several with commas; `vendor: Gmail` or `draft-...` where there is none. */
  readonly source: string
  /** What of it is typed, by registry: each word stands in that registry. Empty for what adds no syntax. */
  readonly reads: Partial<Record<Registry, readonly string[]>>
  /** What else of it is understood, in words: `literals {n+}`, `flags only`. */
  readonly alsoReads?: string
  /** What the proxy does with it, one sentence. */
  readonly proxy: string
}
