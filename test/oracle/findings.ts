/** What can be wrong after a stream: names of kinds, and one text for a person; it knows no connection. */

import { showStream } from './generator/marks.ts'
import type { Stream } from './generator/stage.ts'

export type FindingKind =
  /** Something secret stood in what a client received. */
  | 'leak'
  /** A response spoke of a canary as of a mailbox that is there. */
  | 'told'
  /** A canary is answered otherwise than a mailbox that does not exist. */
  | 'difference'
  /** The servers themselves say that a canary was changed. */
  | 'truth'
  /** The gateway neither answered nor hung up; not a bypass, but told. */
  | 'hang'

export interface Finding {
  readonly kind: FindingKind
  readonly lane: number
  /** The streams that may be at fault, the likeliest last. */
  readonly streams: readonly Stream[]
  /** What was said first on the connection. */
  readonly prelude: readonly string[]
  readonly detail: string
}

export const isBypass = ({ kind }: Finding): boolean => kind !== 'hang'

const shownStreams = 5

export function describeFinding(finding: Finding, seed: number): string {
  const { kind, lane, streams, prelude, detail } = finding
  const shown = streams.slice(-shownStreams)
  const left = streams.length - shown.length
  return [
    `${isBypass(finding) ? 'BYPASS' : 'HANG'} (${kind}) seed ${seed}, lane ${lane}, stream ${streams.at(-1)?.number ?? '?'}`,
    ...(prelude.length > 0 ? [`  begins: ${prelude.join(' | ')}`] : []),
    ...(left > 0 ? [`  behind ${left} more: ${streams[0]?.number}...`] : []),
    ...shown.map(({ number, family, text }) => `  ${number} (${family}): ${clip(showStream(text), 700)}`),
    `  ${detail.split('\n').join('\n  ')}`,
  ].join('\n')
}

export const clip = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most)}... (${text.length} in all)`
