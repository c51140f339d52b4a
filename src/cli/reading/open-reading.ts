/** Opens captures for the commands that read them: with a progress bar, and a word on what is torn; knows no command. */

import type { Writable } from 'node:stream'
import { readCapture, type CaptureReading, type ReadOptions } from '../../capture/read-capture.ts'
import { explainFault, parseFilter, type Filter } from '../../filter/filter.ts'
import { printable } from '../../imap/printable.ts'
import { exitCodes } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import type { Output } from '../options.ts'
import { explainNothing, SessionChoice } from './known-words.ts'
import { ProgressBar } from './progress-bar.ts'

export interface ReadingWorld {
  readonly out: Writable & { readonly isTTY?: boolean }
  readonly err: Output & { readonly isTTY?: boolean }
  readonly env: Readonly<Record<string, string | undefined>>
}

export interface WantedReading extends ReadOptions {
  /** What is printed goes to the same terminal while it is read: a bar would stand in its way. */
  readonly printsAlong?: boolean
}

export interface Reading extends CaptureReading {
  /** Takes the bar away; to be called in any case. */
  close(): void
}

export function openReading(
  files: readonly string[],
  wanted: WantedReading,
  { out, err }: ReadingWorld,
): Reading {
  const { printsAlong = false, ...options } = wanted
  const hasBar = err.isTTY === true && !(printsAlong && out.isTTY === true)
  const bar = hasBar ? new ProgressBar(err) : undefined
  const reading = readCapture(files, {
    ...options,
    onProgress: (done, total) => bar?.show(done, total),
    onTorn: ({ path, line }) => {
      bar?.clear()
      err.write(`imaptap: ${printable(path)}:${line}: the end is missing; all before it was read\n`)
    },
  })
  return {
    clock: reading.clock,
    batches: () => reading.batches(),
    [Symbol.asyncIterator]: () => reading[Symbol.asyncIterator](),
    close: () => bar?.clear(),
  }
}

/** `S01,c22` and `S01 C22` as they are compared. */
export function readIds(texts: readonly string[] | undefined): readonly string[] {
  const words = (texts ?? []).flatMap((text) => text.split(/[\s,]+/u)).filter((word) => word !== '')
  return words.map((word) => (/^[a-z]\d+$/iu.test(word) ? word.toUpperCase() : word.toLowerCase()))
}

export const usage = (message: string, advice: string): Failure =>
  new Failure(message, exitCodes.usage, advice)

/** The filter of a command line; none fits all. */
export function requireFilter(source = ''): Filter {
  const parsed = parseFilter(source)
  if (parsed.ok) return parsed.filter
  throw usage(`--filter: ${explainFault(parsed)}`, 'see: imaptap help filter')
}

/** Of sessions that nobody wants not even the lines are parsed; of one that is not there a person is told at the end. */
export function chooseSessions(names: readonly string[] | undefined): {
  readonly wanted: Pick<ReadOptions, 'wantsSession'>
  requireFound(): void
} {
  if (names === undefined) return { wanted: {}, requireFound: () => undefined }
  const choice = new SessionChoice(names)
  return {
    wanted: { wantsSession: (session) => choice.wants(session) },
    requireFound: () => choice.requireFound(),
  }
}

/** What is chosen of nothing is nothing: a person is told why, beside the data. */
export function tellNothing(filter: Filter, count: number, err: Output): void {
  if (filter.isEmpty || count > 0) return
  err.write(`imaptap: ${explainNothing(filter)}\n`)
}
