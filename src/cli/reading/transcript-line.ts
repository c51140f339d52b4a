/** One line of a transcript for each thing that happened; everything in it is printable, and it knows no order of things. */

import type { Finding, FindingLevel } from '../../findings/finding.ts'
import { noteText } from '../../filter/subject-of.ts'
import { printable } from '../../imap/printable.ts'
import { describeMessage } from '../../imap/redact.ts'
import { isRefusal } from '../../relay/decided-words.ts'
import type { ProxyEvent } from '../../relay/event.ts'
import { timesOf } from '../../session/exchange-times.ts'
import type { Exchange } from '../../session/exchanges.ts'
import { exactDuration, octets, timeOfDay } from '../../tui/format.ts'
import type { Paint } from './paint.ts'

/** Characters of a command, a response or a note that are shown: two lines of a wide terminal. */
const SHOWN = 300

export type NoteEvent = Parameters<typeof noteText>[0]

/** What may stand in a line, whoever wrote the capture. */
const safe = (text: string): string => printable(text, SHOWN)

export class TranscriptLines {
  readonly #paint: Paint
  readonly #wallTimeOf: (at: number) => number

  constructor(paint: Paint, wallTimeOf: (at: number) => number) {
    this.#paint = paint
    this.#wallTimeOf = wallTimeOf
  }

  /** The command with its answer; the time is that of the command. */
  exchange(session: string, exchange: Exchange): string {
    const { tag, name, args, openedAt } = exchange
    const command = `${safe(tag)} ${this.#paint('bold', safe(name))} ${safe(args)}`.trimEnd()
    return `${this.#head(session, openedAt)} ${command} -> ${this.#answer(exchange)}`
  }

  push(session: string, event: Extract<ProxyEvent, { kind: 'message' }>): string {
    const { message, hidesAll, at } = event
    const text = describeMessage(message, { hidesAll, limit: SHOWN }).join(' ')
    return `${this.#head(session, at)} ${this.#paint('green', '<-')} ${safe(text)}`
  }

  note(event: NoteEvent): string {
    const advice = 'advice' in event ? `; ${safe(event.advice)}` : ''
    const text = `-- ${safe(noteText(event))}${advice}`
    return `${this.#head(event.session, event.at)} ${this.#paint(isBad(event) ? 'yellow' : 'dim', text)}`
  }

  /** A line of imaptap's own that no note event tells. */
  beside({ session, at }: Pick<ProxyEvent, 'session' | 'at'>, text: string): string {
    return `${this.#head(session, at)} ${this.#paint('dim', `-- ${safe(text)}`)}`
  }

  finding(session: string, at: number, finding: Finding): string {
    return `${this.#head(session, at)} ${this.#finding(finding)}`
  }

  /** Below the line of its exchange. */
  findingBelow(finding: Finding): string {
    return `${' '.repeat(TIME)} ${this.#finding(finding)}`
  }

  /** More findings than are kept for one exchange. */
  moreBelow(count: number): string {
    return `${' '.repeat(TIME)} and ${count} more`
  }

  /** `12:01:04.110 S1   `. */
  #head(session: string, at: number): string {
    const time = timeOfDay(this.#wallTimeOf(at))
    return `${this.#paint('dim', time)} ${this.#paint('cyan', safe(session).padEnd(5))}`
  }

  #finding({ id, name, level, side, text }: Finding): string {
    const mark = this.#paint(styles[level], `${level} ${safe(id)}`)
    return `${mark} ${safe(name)} (${side}): ${safe(text)}`
  }

  #answer(exchange: Exchange): string {
    const { status = 'no answer', code, text, untagged, octetsOut, attribution } = exchange
    const withCode = safe(code === undefined ? status : `${status} [${code}]`)
    const shown = this.#paint(status === 'OK' ? 'green' : 'red', withCode)
    // That a command was completed is said by the OK; why not is worth its space.
    const reason = status === 'OK' || text === undefined ? '' : ` ${safe(text)}`
    const parts = [
      ...(untagged > 0 ? [`${untagged} untagged`] : []),
      octets(octetsOut),
      ...timesWords(exchange),
      ...(attribution === 'shared' ? ['shared'] : []),
    ]
    return `${shown}${reason}  ${this.#paint('dim', parts.join('  '))}`
  }
}

/** Columns of a time with the session behind it. */
const TIME = 18

function isBad(event: NoteEvent): boolean {
  if (event.kind === 'decided') return isRefusal(event.decided)
  return event.kind === 'tls-failed' || event.kind === 'unreadable' || event.kind === 'warning'
}

const styles = { error: 'red', warning: 'yellow', note: 'blue' } as const satisfies Record<
  FindingLevel,
  string
>

/** How long until the first octet, and from then on; one time where there is no difference; behind it, what was held. */
function timesWords(exchange: Exchange): readonly string[] {
  const times = timesOf(exchange)
  if (!times) return []
  const { name, firstOctetAt, heldMillis } = exchange
  const held = heldMillis > 0 ? [`held ${exactDuration(heldMillis)}`] : []
  if (name === 'IDLE' || firstOctetAt === undefined || times.transfer < 0.1)
    return [exactDuration(times.took), ...held]
  return [`wait ${exactDuration(times.wait)}`, `transfer ${exactDuration(times.transfer)}`, ...held]
}
