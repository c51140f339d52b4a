/** What a check sees of the message at hand, and how it tells a finding; it does not know which check looks. */

import { printable } from '../imap/printable.ts'
import { describeMessage } from '../imap/redact.ts'
import type { ProxyEvent } from '../relay/event.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { Check } from './check.ts'
import type { Culprit, FindingEvent, FindingLevel } from './finding.ts'
import type { History } from './model/history.ts'
import type { SessionModel } from './model/session-model.ts'

export interface Telling {
  /** One sentence about this case; it may hold words of peers, which are made printable. */
  readonly text: string
  /** Where it is not the check's own. */
  readonly level?: FindingLevel
  readonly side?: Culprit
  /** Lines that show it, before the message at hand; printable already, such as `C a1 NOOP`. */
  readonly before?: readonly string[]
  /** The same, of what came between the command and the message at hand. */
  readonly meanwhile?: readonly string[]
}

/** Findings of one check told of one session; a peer that errs ten thousand times is known by then. */
const TOLD = 10
/** Characters of a finding's sentence, and of each line of evidence. */
const SHOWN = 300

/** One for each session: its fields change from message to message. */
export class Scene {
  readonly model: SessionModel
  readonly history: History
  /** Milliseconds, on the events' clock. */
  at = 0
  event: ProxyEvent | undefined
  /** The exchange that the message belongs to. */
  exchange: Exchange | undefined
  /** The exchange that imaptap itself answered last: what it was told then is not the server's. */
  ownAnswer: number | undefined
  readonly #found: FindingEvent[] = []
  readonly #told = new Map<string, number>()
  readonly #suppressed: ReadonlySet<string>

  constructor(model: SessionModel, history: History, suppressed: ReadonlySet<string>) {
    this.model = model
    this.history = history
    this.#suppressed = suppressed
  }

  raise(check: Check, telling: Telling): void {
    // What belongs to which command nobody knows any more: nothing can be proved.
    if (this.model.isOverrun && check.side === 'server') return
    if (check.needsBeginning && !this.model.isHeardWhole) return
    if (this.#suppressed.has(check.id) || this.#suppressed.has(check.name)) return
    const told = this.#told.get(check.id) ?? 0
    if (told >= TOLD) return
    this.#told.set(check.id, told + 1)
    this.#found.push({
      kind: 'finding',
      session: this.model.id,
      at: this.at,
      finding: {
        id: check.id,
        name: check.name,
        level: this.#levelOf(check, telling),
        side: telling.side ?? check.side,
        text: printable(telling.text, SHOWN),
        reference: check.reference,
        advice: check.advice,
        evidence: [...(telling.before ?? []), ...this.#evidence(telling.meanwhile ?? [])].slice(0, EVIDENCE),
        exchange: this.exchange?.id,
      },
    })
  }

  /** The exchange at hand was completed by imaptap. */
  get isOwnAnswer(): boolean {
    return this.exchange !== undefined && this.exchange.id === this.ownAnswer
  }

  /** What was found since this was last asked. */
  take(): readonly FindingEvent[] {
    return this.#found.length === 0 ? nothing : this.#found.splice(0)
  }

  #levelOf(check: Check, telling: Telling): FindingLevel {
    const { serverKind } = this.model
    return (serverKind && check.noise?.[serverKind]) ?? telling.level ?? check.level
  }

  /** The message at hand as a check may keep it for a later finding. */
  lines(): string[] {
    const { event } = this
    if (event?.kind !== 'message') return []
    const mark = event.side === 'client' ? 'C' : 'S'
    return describeMessage(event.message, { hidesAll: event.hidesAll, limit: SHOWN }).map(
      (line) => `${mark} ${line}`,
    )
  }

  /** The command, what came behind it, and the message at hand. */
  #evidence(meanwhile: readonly string[]): string[] {
    const { event, exchange } = this
    const isOwn = event?.kind === 'message' && event.message.kind === 'command'
    const command =
      exchange && !isOwn ? [`C ${exchange.tag} ${exchange.name} ${exchange.args}`.trimEnd()] : []
    command.push(...meanwhile)
    if (event?.kind === 'unreadable')
      return [...command, `${event.side === 'client' ? 'C' : 'S'} ${event.shown}`]
    if (event?.kind === 'exchange-completed') {
      const { tag, status, text } = event.exchange
      if (status === 'aborted' || this.isOwnAnswer) return command
      return [...command, `S ${tag} ${status ?? ''} ${text ?? ''}`.trimEnd()]
    }
    return [...command, ...this.lines()]
  }
}

/** Lines of evidence: what needs more is not minimal. */
const EVIDENCE = 12
const nothing: readonly FindingEvent[] = []
