/** Pairs commands with their responses, also when they are pipelined; knows no sockets and no policy. */

import { limits } from '../imap/limits.ts'
import type { Message } from '../imap/message.ts'
import { describeCommand, REDACTED } from '../imap/redact.ts'

/** A command with its responses. Times are milliseconds of the monotonic clock that the engine's inputs carry. */
export interface Exchange {
  /** Unique within the session, from 1. */
  readonly id: number
  /** `‹redacted›` where the line was not readable before authentication: it may be a password out of place. */
  readonly tag: string
  /** Upper case, `UID FETCH` for UID forms, `?` when the word is no command we know and nobody is authenticated. */
  readonly name: string
  /** The command, once all of it has come; undefined where a literal of it was refused, or where it is huge. */
  readonly message: Message | undefined
  /** The arguments as one printable line: credentials and literals replaced, control octets escaped, bounded. */
  readonly args: string
  readonly openedAt: number
  /** When the first octet that answers it arrived. */
  readonly firstOctetAt: number | undefined
  readonly completedAt: number | undefined
  /** Milliseconds of these that its messages, or others before them in the server's lane, were held at a breakpoint. */
  readonly heldMillis: number
  /** Octets from the client: the command, its literals, and what it sent in continuations. */
  readonly octetsIn: number
  /** Octets from the server that were attributed to it, the completion included. */
  readonly octetsOut: number
  /** Untagged responses attributed to it. */
  readonly untagged: number
  /** `aborted`: the session ended first. */
  readonly status: 'OK' | 'NO' | 'BAD' | 'aborted' | undefined
  /** The word of the completion's response code, upper case. */
  readonly code: string | undefined
  /** What stands behind the code's word, printable: `1795235455 1` for APPENDUID. */
  readonly codeArgs: string | undefined
  /** Whom a LOGIN or AUTHENTICATE named, also when it failed; printable. */
  readonly user: string | undefined
  /** The completion's human text, printable. */
  readonly text: string | undefined
  /** `shared` once another command was in flight beside it: untagged responses may then belong to either. */
  readonly attribution: 'certain' | 'shared'
}

/** The same while it is open: the session room writes it, everybody else reads an Exchange. */
export class OpenExchange implements Exchange {
  readonly id: number
  readonly #wireTag: string
  readonly #wireName: string
  tag: string
  name: string
  message: Message | undefined
  readonly openedAt: number
  firstOctetAt: number | undefined
  completedAt: number | undefined
  heldMillis = 0
  octetsIn = 0
  octetsOut = 0
  untagged = 0
  status: Exchange['status']
  code: string | undefined
  codeArgs: string | undefined
  user: string | undefined
  text: string | undefined
  attribution: Exchange['attribution'] = 'certain'
  /** Observers have heard of it. */
  isAnnounced = false
  /** The line may be a credential out of place: nothing of it is shown. */
  isHidden = false
  #args: string | undefined
  #heldUntil = 0

  constructor(id: number, wireTag: string, name: string, openedAt: number) {
    this.id = id
    this.#wireTag = wireTag
    this.#wireName = name
    this.tag = wireTag
    this.name = name
    this.openedAt = openedAt
  }

  /** The tag as it stood on the wire: no field, so that who prints an exchange does not print what is redacted. */
  get wireTag(): string {
    return this.#wireTag
  }

  /** The word as it stood on the wire, upper case: what is done about a command does not depend on what may be shown. */
  get wireName(): string {
    return this.#wireName
  }

  /** Keeps the command until its answer comes; of a huge one only the words for it. */
  keep(message: Message): void {
    this.message = message
    if (message.raw.octets <= limits.commandKept) return
    this.#args = this.args
    this.message = undefined
  }

  /** Made when somebody looks: most exchanges are looked at once, after they have ended. */
  get args(): string {
    if (this.#args !== undefined) return this.#args
    if (!this.message) return this.isHidden ? REDACTED : ''
    return (this.#args = describeCommand(this.message.raw, { hidesAll: this.isHidden, limit: SHOWN }))
  }

  /** The client gets this much in answer. */
  noteAnswered(octets: number, at: number): void {
    this.firstOctetAt ??= at
    this.octetsOut += octets
  }

  /** Both lanes may hold at once: the time of both is counted once. */
  noteHeld(from: number, to: number): void {
    const since = Math.max(from, this.openedAt, this.#heldUntil)
    this.heldMillis += Math.max(0, to - since)
    this.#heldUntil = to
  }

  hide(): void {
    this.isHidden = true
    this.tag = REDACTED
    this.name = '?'
  }
}

/** Characters of a command's arguments that are shown. */
const SHOWN = 1_000

export class Exchanges {
  #opened = 0
  /** In the order in which the commands were begun, which is how most servers answer. */
  readonly #inFlight = new Map<string, OpenExchange>()
  /** Opened with a tag that was still in flight: they wait for the older one's completion. */
  #duplicates: OpenExchange[] = []
  #oldest: OpenExchange | undefined

  get pending(): number {
    return this.#inFlight.size + this.#duplicates.length
  }

  /** The command that untagged responses are attributed to. */
  get oldest(): OpenExchange | undefined {
    return this.#oldest
  }

  /** Undefined when as many are in flight as are kept. */
  open(wireTag: string, name: string, at: number): OpenExchange | undefined {
    if (this.pending >= limits.exchangesInFlight) return undefined
    this.#opened += 1
    const exchange = new OpenExchange(this.#opened, wireTag, name, at)
    if (this.#inFlight.size > 0) this.#markShared(exchange)
    if (this.#inFlight.has(wireTag)) this.#duplicates.push(exchange)
    else this.#inFlight.set(wireTag, exchange)
    this.#oldest ??= exchange
    return exchange
  }

  find(wireTag: string): OpenExchange | undefined {
    return this.#inFlight.get(wireTag)
  }

  complete(exchange: OpenExchange): void {
    if (this.#inFlight.get(exchange.wireTag) === exchange) this.#release(exchange.wireTag)
    // Answered here while an older command of the same tag is still open.
    else this.#duplicates = this.#duplicates.filter((duplicate) => duplicate !== exchange)
    if (this.#oldest === exchange) this.#oldest = this.#next()
  }

  /** The server's lane stood still: nobody's answer went on, but `kept` was none of the server's yet. */
  noteHeld(from: number, to: number, kept: OpenExchange | undefined): void {
    for (const exchanges of [this.#inFlight.values(), this.#duplicates]) {
      for (const exchange of exchanges) if (exchange !== kept) exchange.noteHeld(from, to)
    }
  }

  /** Everything still in flight, oldest first; they are in flight no more. */
  abort(): OpenExchange[] {
    const open = [...this.#inFlight.values(), ...this.#duplicates]
    this.#inFlight.clear()
    this.#duplicates = []
    this.#oldest = undefined
    return open
  }

  #release(wireTag: string): void {
    this.#inFlight.delete(wireTag)
    if (this.#duplicates.length === 0) return
    const at = this.#duplicates.findIndex((duplicate) => duplicate.wireTag === wireTag)
    const [next] = at < 0 ? [] : this.#duplicates.splice(at, 1)
    if (next) this.#inFlight.set(wireTag, next)
  }

  #next(): OpenExchange | undefined {
    for (const exchange of this.#inFlight.values()) return exchange
    return undefined
  }

  #markShared(exchange: OpenExchange): void {
    exchange.attribution = 'shared'
    // Whoever is in flight beside others was marked when the second came; only the first may still be certain.
    if (this.#oldest) this.#oldest.attribution = 'shared'
  }
}
