/** Octets of a message as rows of a hex dump, made only for what is in view; knows no tree and no colours. */

import { isHidden, type Range, type Specimen } from './tree/node.ts'

/** A run of octets that are all there, or all not kept. */
interface Run extends Range {
  /** Pieces that make it up, in order; none where the octets streamed past. */
  readonly pieces: readonly { readonly from: number; readonly octets: Uint8Array }[]
  /** The row that it begins with. */
  readonly row: number
  readonly rows: number
}

export interface HexCell {
  readonly at: number
  /** Undefined for a credential. */
  readonly octet: number | undefined
}

export type HexRow =
  | { readonly kind: 'octets'; readonly at: number; readonly cells: readonly HexCell[] }
  /** Octets of a large literal that went past. */
  | { readonly kind: 'gone'; readonly at: number; readonly octets: number }

export class HexDump {
  /** Rows in all. */
  readonly length: number
  readonly #runs: readonly Run[]
  readonly #width: number
  readonly #hidden: readonly Range[]

  /** `width` is the octets of one row. */
  constructor({ message, hidden }: Specimen, width: number) {
    this.#width = width
    this.#hidden = hidden
    this.#runs = makeRuns(message.raw.parts, width)
    this.length = this.#runs.reduce((sum, { rows }) => sum + rows, 0)
  }

  row(index: number): HexRow | undefined {
    const run = this.#runs.findLast(({ row }) => row <= index)
    if (!run || index >= run.row + run.rows) return undefined
    if (run.pieces.length === 0) return { kind: 'gone', at: run.from, octets: run.to - run.from }
    const at = run.from + (index - run.row) * this.#width
    const cells: HexCell[] = []
    for (let octet = at; octet < Math.min(run.to, at + this.#width); octet++)
      cells.push({ at: octet, octet: this.#isHidden(octet) ? undefined : octetAt(run, octet) })
    return { kind: 'octets', at, cells }
  }

  /** The row that shows this octet. */
  rowOf(at: number): number {
    const run = this.#runs.findLast(({ from }) => from <= at)
    if (!run) return 0
    return run.row + (run.pieces.length === 0 ? 0 : Math.floor((at - run.from) / this.#width))
  }

  #isHidden(at: number): boolean {
    return isHidden({ from: at, to: at + 1 }, this.#hidden)
  }
}

function makeRuns(parts: Specimen['message']['raw']['parts'], width: number): Run[] {
  const runs: Run[] = []
  let pieces: { from: number; octets: Uint8Array }[] = []
  let at = 0
  const close = (): void => {
    const [first] = pieces
    if (first) runs.push(runOf({ from: first.from, to: at, pieces }, runs.at(-1), width))
    pieces = []
  }
  for (const part of parts) {
    const size = part.kind === 'line' ? part.octets.length : part.announced.size
    if (part.octets) pieces.push({ from: at, octets: part.octets })
    else close()
    at += size
    if (!part.octets && size > 0)
      runs.push(runOf({ from: at - size, to: at, pieces: [] }, runs.at(-1), width))
  }
  close()
  return runs
}

function runOf(run: Pick<Run, 'from' | 'to' | 'pieces'>, before: Run | undefined, width: number): Run {
  const rows = run.pieces.length === 0 ? 1 : Math.ceil((run.to - run.from) / width)
  return { ...run, row: before ? before.row + before.rows : 0, rows }
}

function octetAt({ pieces }: Run, at: number): number | undefined {
  const piece = pieces.length === 1 ? pieces[0] : pieces.findLast(({ from }) => from <= at)
  return piece?.octets[at - piece.from]
}
