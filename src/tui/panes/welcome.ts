/** What is shown before the first session: where it listens, how to connect, how to trust the CA. */

import { sanitize } from '../sanitize.ts'
import { blank, fitSpans, line, mark, text, type Line, type Style } from '../span.ts'
import type { State } from '../state.ts'
import { wrap } from '../width.ts'

interface Paragraph {
  readonly lead: string
  readonly words: string
  readonly style: Style
}

/** Exactly `height` lines. */
export function renderWelcome(state: State, height: number): Line[] {
  const lines = paragraphs(state).flatMap((one) => renderParagraph(one, state.columns))
  const gap = Math.max(0, Math.min(3, Math.floor((height - lines.length) / 3)))
  const whole = [...Array.from({ length: gap }, () => blank), ...lines]
  while (whole.length < height) whole.push(blank)
  return whole.slice(0, height)
}

function paragraphs({ info }: State): Paragraph[] {
  const gap: Paragraph = { lead: '', words: '', style: 'plain' }
  return [
    { lead: '', words: 'Waiting for the first client.', style: 'strong' },
    gap,
    ...info.listen.map((words): Paragraph => ({ lead: 'listening  ', words, style: 'accent' })),
    { lead: 'upstream   ', words: info.upstream, style: 'accent' },
    ...(info.capture === undefined
      ? []
      : [{ lead: 'capture    ', words: info.capture, style: 'accent' } as const]),
    ...(info.warnings ?? []).map((words): Paragraph => ({ lead: 'warning    ', words, style: 'warn' })),
    gap,
    step('1. ', 'Point a mail client at the address above; user and password stay as they are.'),
    step('2. ', 'Let the client trust the local CA: `imaptap ca export` writes it.'),
    ...(info.caPath === undefined ? [] : [{ lead: '   ', words: info.caPath, style: 'dim' } as const]),
    step('3. ', 'Its session appears here. Enter opens the transcript, ? shows all keys.'),
  ]
}

function step(lead: string, words: string): Paragraph {
  return { lead, words, style: 'plain' }
}

/** Lines after the first hang below the words, not below the lead. */
function renderParagraph({ lead, words, style }: Paragraph, columns: number): Line[] {
  const indent = columns >= 60 ? 4 : 1
  const lines = wrap(sanitize(words), columns - 2 * indent - lead.length)
  return lines.map((part, at) => {
    const start = ' '.repeat(indent) + (at === 0 ? lead : ' '.repeat(lead.length))
    return line(...fitSpans([mark(start, 'dim'), text(part, style)], columns))
  })
}
