/** Plays a trace of findings through the real engine of a session and gives what the checks found; no sockets. */

import { FindingsEngine } from '../../../src/findings/engine.ts'
import type { FindingEvent, ObservedEvent } from '../../../src/findings/finding.ts'
import type { Side } from '../../../src/imap/raw-message.ts'
import { readTrace, type TraceNote, type TraceStep } from '../../../src/imap/trace.ts'
import { makeRules } from '../../../src/policy/rules.ts'
import type { EventBody, ProxyEvent } from '../../../src/relay/event.ts'
import type { Input } from '../../../src/relay/input.ts'
import { Relay } from '../../../src/relay/relay.ts'

/**
 * A trace of findings is a trace (`src/imap/trace.ts`) whose comments steer the play:
 *
 *     # raises: S01 S02         all that it raises, once each, in any order; nothing behind the colon: nothing
 *     # cleartext               at the top: the client's leg begins in the clear, from 192.0.2.7
 *     # upstream: imaps://imap.gmail.com
 *     # upstream-starttls      at the top: imaptap asks upstream for TLS itself, with the tag Tsecret
 *     # facts: client TLSv1.3  TLS facts of a leg that nobody else hears of
 *     # hide: IDLE COMPRESS*    capabilities that a rule hides
 *     # after: 30m              time goes by (ms, s, m, h, d); each line takes 10 ms
 *     # secured: server TLSv1.2 the TLS facts of a leg; for the client behind STARTTLS it goes on reading
 *     # closed: client          this side ends
 *     # reconnect               the session ends, and another of the same client begins; the history stays
 */
export interface FindingTrace {
  readonly raises: readonly string[]
  readonly found: readonly FindingEvent[]
  readonly events: readonly ObservedEvent[]
}

export interface Cut {
  /** Octets of each chunk; a whole line when undefined. */
  readonly chunk?: number
  /** Hears each event at once. */
  readonly listen?: (event: ProxyEvent) => void
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 }

export function playFindings(
  text: string,
  { chunk = Number.MAX_SAFE_INTEGER, listen }: Cut = {},
): FindingTrace {
  const trace = readTrace(text)
  if ('text' in trace) throw new Error(`line ${trace.line}: ${trace.text}`)
  const player = new Player(trace.notes, chunk, listen)
  const parts = [...trace.steps, ...trace.notes].sort((a, b) => a.line - b.line)
  for (const part of parts) {
    if ('octets' in part) player.send(part)
    else player.steer(part.text)
  }
  player.end()
  return { raises: words(trace.notes, 'raises') ?? [], found: player.found, events: player.events }
}

class Player {
  readonly found: FindingEvent[] = []
  readonly events: ObservedEvent[] = []
  readonly #engine = new FindingsEngine()
  readonly #chunk: number
  readonly #listen: Cut['listen']
  readonly #isCleartext: boolean
  readonly #upstream: string
  readonly #startsTls: boolean
  readonly #hidden: readonly string[]
  #relay: Relay
  #session = 0
  #now = 0

  constructor(notes: readonly TraceNote[], chunk: number, listen: Cut['listen']) {
    this.#chunk = chunk
    this.#listen = listen
    this.#isCleartext = notes.some(({ text }) => text === 'cleartext')
    this.#upstream = words(notes, 'upstream')?.[0] ?? 'imaps://mail.example.com:993'
    this.#startsTls = notes.some(({ text }) => text === 'upstream-starttls')
    this.#hidden = words(notes, 'hide') ?? []
    this.#relay = this.#open()
  }

  send({ from, octets }: TraceStep): void {
    this.#now += 10
    for (let at = 0; at < octets.length; at += this.#chunk)
      this.#input({ kind: 'received', from, octets: octets.slice(at, at + this.#chunk) })
  }

  steer(text: string): void {
    const [key = '', value = ''] = text.split(/:\s*/u, 2)
    if (key === 'after') this.#now += readTime(value)
    else if (key === 'secured') this.#secure(value)
    else if (key === 'facts') this.#tell(securedBy(...readFacts(value)))
    else if (key === 'closed') this.#input({ kind: 'ended', side: value === 'client' ? 'client' : 'server' })
    else if (key === 'reconnect') this.#reconnect()
  }

  end(): void {
    this.#input({ kind: 'ended', side: 'client' })
    this.#input({ kind: 'ended', side: 'server' })
  }

  #open(): Relay {
    this.#session += 1
    const relay = new Relay({
      session: `S${this.#session}`,
      decider: makeRules({ hideCapabilities: this.#hidden, compress: 'follow' }),
      interests: { messages: true },
      isClientSecure: !this.#isCleartext,
      startsUpstreamTls: this.#startsTls,
      makeTag: () => 'Tsecret',
      digesters: { client: () => undefined, server: () => undefined },
    })
    this.#tell({
      kind: 'opened',
      address: { host: '192.0.2.7', port: 50_000 + this.#session },
      listener: this.#isCleartext ? 'imap://192.0.2.1:143' : 'imaps://192.0.2.1:993',
      upstream: this.#upstream,
      view: relay.view,
    })
    if (this.#upstream.startsWith('imaps:')) this.#tell(securedBy('server', 'TLSv1.3'))
    if (!this.#isCleartext) this.#tell(securedBy('client', 'TLSv1.3'))
    this.#relay = relay
    this.#input({ kind: 'connected' })
    return relay
  }

  #reconnect(): void {
    this.end()
    this.#now += 1_000
    this.#open()
  }

  #secure(value: string): void {
    const [side, version] = readFacts(value)
    this.#tell(securedBy(side, version))
    if (side === 'client' || this.#startsTls) this.#input({ kind: 'secured', side })
  }

  #input(input: Input extends infer T ? (T extends Input ? Omit<T, 'at'> : never) : never): void {
    for (const effect of this.#relay.handle({ ...input, at: this.#now }))
      if (effect.kind === 'emit') this.#observe(effect.event)
  }

  #tell(body: EventBody): void {
    this.#observe({ session: `S${this.#session}`, at: this.#now, ...body })
  }

  #observe(event: ProxyEvent): void {
    this.events.push(event)
    this.#listen?.(event)
    const found = this.#engine.observe(event)
    this.found.push(...found)
    this.events.push(...found)
  }
}

function securedBy(side: Side, version: string): EventBody {
  const tls = { version, cipher: 'TLS_AES_256_GCM_SHA384', name: 'mail.example.com', isResumed: false }
  return { kind: 'secured', side, tls: { ...tls, certificate: 'CN=mail.example.com' } }
}

function readFacts(text: string): [Side, string] {
  const [side, version = 'TLSv1.3'] = text.split(' ')
  return [side === 'server' ? 'server' : 'client', version]
}

function readTime(text: string): number {
  const found = /^(\d+)(ms|s|m|h|d)$/u.exec(text.trim())
  if (!found) throw new Error(`no time: ${text}`)
  return Number(found[1]) * (units[found[2] ?? ''] ?? 1)
}

/** The words behind a key, over all notes with it; undefined where there is none. */
function words(notes: readonly TraceNote[], key: string): readonly string[] | undefined {
  const found = notes.filter(({ text }) => text.startsWith(`${key}:`))
  if (found.length === 0) return undefined
  return found.flatMap(({ text }) =>
    text
      .slice(key.length + 1)
      .split(' ')
      .filter(Boolean),
  )
}

/** For messages of failing tests. */
export const tell = ({ finding }: FindingEvent): string =>
  `${finding.id} ${finding.level} ${finding.side}: ${finding.text}\n    ${finding.evidence.join('\n    ')}`
