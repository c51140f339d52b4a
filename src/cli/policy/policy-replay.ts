/** Puts what was recorded before a policy, command by command, as if it had held then; it adds nothing up and prints nothing. */

import { isLoopback } from '../../config/endpoint-url.ts'
import { readListenUrl } from '../../config/listen-url.ts'
import { readCommand, commandName, writeCommand, type Command } from '../../imap/commands/index.ts'
import { strict, strictUtf8 } from '../../imap/cursor.ts'
import type { Message } from '../../imap/message.ts'
import { concat, latin1, octetsOf } from '../../imap/octets.ts'
import { lineMessage, type RawMessage } from '../../imap/raw-message.ts'
import { readResponse, type Response } from '../../imap/responses/index.ts'
import { Secret } from '../../imap/secret.ts'
import type { ObservedEvent } from '../../findings/finding.ts'
import type { CurrentPolicy } from '../../policy/guard-host.ts'
import type { SessionId, TlsFacts } from '../../relay/event.ts'
import type { Decided, Guard, GuardedCommand, GuardedLegs, GuardVerdict } from '../../relay/guard.ts'
import { nameOfResponse } from '../../relay/response-name.ts'
import { largestLiteralOf, messageOctetsOf } from '../../relay/streamed-append.ts'
import type { Exchange } from '../../session/exchanges.ts'
import type { SessionView } from '../../session/session.ts'
import { enforced, namesHidden, TrialGuards, wallTimeOf } from './open-policy.ts'

/** What the policy would have done with one recorded command. */
export interface Judged {
  readonly session: SessionId
  readonly at: number
  readonly exchange: Exchange
  readonly effect: JudgedEffect
  readonly rule: string
  readonly why: string
  /** Rules that only run dry, and fitted. */
  readonly dryRuns: readonly Decided[]
  /** Not all of it was recorded, or the server would have been asked something that nobody asked then. */
  readonly isGuess: boolean
}

/** `hide`: answered as if the mailbox did not exist. */
export type JudgedEffect = 'allow' | 'deny' | 'hide' | 'rewrite' | 'hold' | 'delay' | 'close'

interface Recorded {
  readonly guard: Guard
  view: SessionView
  readonly tls: { client: TlsFacts | undefined }
  /** What the guard keeps with commands that went on, by exchange. */
  readonly memories: Map<number, unknown>
  /** Exchanges whose responses would never have come. */
  readonly refused: Set<number>
  isOver: boolean
}

/** Commands in flight whose memory is kept: more than a proxy lets be. */
const IN_FLIGHT = 2_000
/** Questions that a guard may ask before it decides. */
const QUESTIONS = 8

export class PolicyReplay {
  readonly #current: CurrentPolicy
  readonly #wallTimeOf: (at: number) => number
  readonly #sessions = new Map<SessionId, Recorded>()

  constructor(current: CurrentPolicy, wallTimeOf_: (at: number) => number) {
    this.#current = enforced(current)
    this.#wallTimeOf = wallTimeOf_
  }

  /** Undefined for what is no command. */
  take(event: ObservedEvent): Judged | undefined {
    if (event.kind === 'opened') return this.#open(event)
    const known = this.#sessions.get(event.session)
    if (!known) return undefined
    if (event.kind === 'secured' && event.side === 'client') known.tls.client = event.tls
    const judged = event.kind === 'message' ? takeMessage(known, event) : undefined
    if (event.kind === 'exchange-completed') settleLogin(known, event)
    if ('view' in event) known.view = event.view
    if (event.kind === 'closed') this.#close(event.session, event.at)
    return judged
  }

  #open(event: Extract<ObservedEvent, { kind: 'opened' }>): undefined {
    const { session, at, address, listener, view } = event
    const tls: Recorded['tls'] = { client: undefined }
    const guards = new TrialGuards(this.#current, wallTimeOf(new Date(this.#wallTimeOf(at))))
    const origin = { session, address, listener, isLoopback: isOnLoopback(listener), tls: () => tls.client }
    const guard = guards.make(origin, at)
    if (!guard) return
    this.#sessions.set(session, { guard, view, tls, memories: new Map(), refused: new Set(), isOver: false })
  }

  #close(session: SessionId, at: number): void {
    this.#sessions.get(session)?.guard.end(at)
    this.#sessions.delete(session)
  }
}

function isOnLoopback(listener: string): boolean {
  const read = readListenUrl(listener)
  return read.ok && isLoopback(read.value.host)
}

type MessageEvent = Extract<ObservedEvent, { kind: 'message' }>

function takeMessage(known: Recorded, event: MessageEvent): Judged | undefined {
  if (event.isOurs === true || known.isOver) return undefined
  if (event.side === 'server') return hearResponse(known, event)
  const { message, exchange, session, at } = event
  if (!exchange || message.kind !== 'command') return undefined
  const read = readCommand(
    whole(message.raw),
    known.view.enabled.includes('UTF8=ACCEPT') ? strictUtf8 : strict,
  )
  if (!read.ok) {
    const why = `not in the grammar: ${read.fault.text}`
    known.refused.add(exchange.id)
    return {
      session,
      at,
      exchange,
      effect: 'deny',
      rule: 'strict',
      why,
      dryRuns: [],
      isGuess: isPartial(message),
    }
  }
  return { session, at, exchange, ...decide(known, read.value, event, exchange) }
}

type Verdict = Pick<Judged, 'effect' | 'rule' | 'why' | 'dryRuns' | 'isGuess'>

function decide(
  known: Recorded,
  command: Command,
  { message, at }: MessageEvent,
  exchange: Exchange,
): Verdict {
  const guarded: GuardedCommand = {
    command,
    name: commandName(command),
    octets: message.raw.octets,
    largestLiteral: largestLiteralOf(message.raw),
    messageOctets: messageOctetsOf(command),
    exchange,
    legs: legsOf(known),
    at,
  }
  const { verdict, isGuess } = askGuard(known.guard, guarded)
  settle(known, exchange.id, verdict)
  const dryRuns = verdict.decided.filter((one) => one.isDryRun)
  const last = verdict.decided.findLast((one) => !one.isDryRun)
  const effect = effectOf(verdict, isGuess ? asGuessed(command, verdict) : command)
  // Also what a person agrees to first: the server refuses it.
  if (namesNobody(verdict)) known.refused.add(exchange.id)
  if (effect === 'hide') return { effect, rule: 'visibility', why: 'the mailbox is hidden', dryRuns, isGuess }
  const rule = (effect === 'rewrite' ? rewriterOf(verdict.decided) : undefined) ?? last?.rule ?? ''
  return { effect, rule, why: last?.why ?? '', dryRuns, isGuess: isGuess || isPartial(message) }
}

const rewriterOf = (decided: readonly Decided[]): string | undefined =>
  decided.find((one) => one.effect === 'rewrite' && !one.isDryRun)?.rule

/** What it asks the server first is answered as most servers do; what messages hold, nobody knows any more. */
function askGuard(
  guard: Guard,
  guarded: GuardedCommand,
): { readonly verdict: GuardVerdict; readonly isGuess: boolean } {
  let isGuess = false
  for (let asked = 0; asked < QUESTIONS; asked++) {
    const verdict = guard.decide(guarded)
    if (verdict.action.kind !== 'ask-first') return { verdict, isGuess }
    const answer = usualAnswers[verdict.action.command.name]
    if (answer) guard.learn(answer)
    if (verdict.action.command.name === 'FETCH') isGuess = true
    guard.learned('OK', verdict.action.command)
  }
  throw new Error('a guard asks without end')
}

type Untagged = Extract<Response, { readonly kind: 'untagged' }>['data']

const usualAnswers: Readonly<Record<string, Untagged | undefined>> = {
  LIST: readData('* LIST (\\Noselect) "/" ""'),
  NAMESPACE: readData('* NAMESPACE (("" "/")) NIL NIL'),
}

function readData(line: string): Untagged | undefined {
  const response = readResponse(lineMessage('server', octetsOf(`${line}\r\n`)))
  return response.ok && response.value.kind === 'untagged' ? response.value.data : undefined
}

function settle(known: Recorded, id: number, { action, memory }: GuardVerdict): void {
  if (action.kind === 'close') known.isOver = true
  if (action.kind !== 'forward') return void known.refused.add(id)
  known.memories.set(id, memory)
  if (known.memories.size <= IN_FLIGHT) return
  for (const oldest of known.memories.keys()) return void known.memories.delete(oldest)
}

function effectOf(verdict: GuardVerdict, command: Command): JudgedEffect {
  const { action, approval, delay } = verdict
  if (action.kind === 'close') return 'close'
  if (action.kind === 'answer') return 'deny'
  if (approval) return 'hold'
  if (namesNobody(verdict)) return 'hide'
  if (action.kind === 'forward' && action.command !== command && isOther(action.command, command))
    return 'rewrite'
  return delay === undefined ? 'allow' : 'delay'
}

/** What its messages hold is not known any more: nothing can be said of how the set would have been cut. */
const asGuessed = (command: Command, { action }: GuardVerdict): Command =>
  command.name === 'FETCH' && action.kind === 'forward' ? action.command : command

/** A name that nobody has stands in it, in the place of a hidden one. */
const namesNobody = ({ action }: GuardVerdict): boolean =>
  action.kind === 'forward' && namesHidden(latin1(concat(writeCommand(action.command))))

function isOther(one: Command, other: Command): boolean {
  const [first, second] = [one, other].map((command) => Buffer.concat(writeCommand(command)))
  return !first || !second || !first.equals(second)
}

/** What upstream said then, as the guard wants to hear it: which mailbox is selected, who is logged in, what it can do. */
function hearResponse(known: Recorded, { message, exchange, at }: MessageEvent): undefined {
  const [line] = message.raw.parts
  if (line?.kind !== 'line' || message.kind !== 'response') return
  if (exchange && known.refused.has(exchange.id)) return
  const response = known.guard.reads(nameOfResponse(line.octets, 0, line.octets.length))
    ? message.response()
    : undefined
  if (!response?.ok) return
  const isLoginOpen = exchange !== undefined && /^(?:LOGIN|AUTHENTICATE)$/u.test(exchange.name)
  known.guard.filter({
    response: response.value,
    exchange,
    memory: exchange && known.memories.get(exchange.id),
    legs: legsOf(known),
    isLoginOpen: isLoginOpen && response.value.kind === 'untagged',
    at,
  })
}

/** Who logged in by SASL stands in lines that are not kept: their completion tells. */
function settleLogin(known: Recorded, event: Extract<ObservedEvent, { kind: 'exchange-completed' }>): void {
  const { exchange, at } = event
  const { id, name, status, user } = exchange
  const memory = known.memories.get(id)
  known.memories.delete(id)
  if (name !== 'AUTHENTICATE' || status !== 'OK' || user === undefined || known.refused.has(id)) return
  const legs = legsOf(known)
  known.guard.decideSasl({
    mechanism: 'PLAIN',
    step: 0,
    data: new Secret(`\0${user}\0x`),
    exchange,
    legs,
    at,
  })
  const response = readResponse(lineMessage('server', octetsOf('a OK done\r\n')))
  if (response.ok)
    known.guard.filter({ response: response.value, exchange, memory, legs, isLoginOpen: false, at })
}

const legsOf = ({ view }: Recorded): GuardedLegs => ({ view, canStartTls: false, isCompressed: false })

/** A capture leaves out mails and what is long; their sizes are known. */
const isPartial = ({ raw }: Message): boolean =>
  raw.parts.some((part) => part.kind === 'literal' && part.octets === undefined)

function whole(raw: RawMessage): RawMessage {
  const parts = raw.parts.map((part) =>
    part.kind === 'literal' && part.octets === undefined && part.announced.size <= FILLED
      ? { ...part, octets: new Uint8Array(part.announced.size).fill(0x78) }
      : part,
  )
  return { ...raw, parts }
}

/** Octets of a literal that are made up where they were left out; a larger one is read as one that streams. */
const FILLED = 64 * 1024
