/** What of a session may be shown and what may be a credential out of place; decides by what was said, shows nothing itself. */

import type { Message } from '../imap/message.ts'
import { latin1, PLUS, STAR } from '../imap/octets.ts'
import { takesCredentials } from '../imap/redact.ts'
import { decodeText } from '../imap/utf8.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import type { Session } from '../session/session.ts'

export class Discretion {
  readonly #session: Session
  /** Octets of a refused literal that may still come. */
  #doubtful = 0
  /** Some did come. */
  #hasDoubted = false

  constructor(session: Session) {
    this.#session = session
  }

  /** Before login an odd line may be a credential out of place, and behind a refused literal it may be that. */
  get isDistrusting(): boolean {
    return !this.#session.isAuthenticated || this.#doubtful > 0
  }

  /**
   * A command was refused in the middle: what comes next may be the rest of it all the same, a password or a mail,
   * taken for commands. Of a command with credentials nobody knows how many lines that are.
   */
  doubt(exchange: OpenExchange, octets: number): void {
    this.#doubtful = takesCredentials(exchange.name) ? Number.POSITIVE_INFINITY : octets
  }

  /** A command that makes sense shows that the client took no for an answer. */
  settleDoubt(message: Message): void {
    if (this.#doubtful === 0) return
    const hidesAll = this.hidesLine(message)
    this.#doubtful = hidesAll ? Math.max(0, this.#doubtful - message.raw.octets) : 0
    if (hidesAll) this.#hasDoubted = true
  }

  /** An odd line's echo is as odd: servers answer a line without a command with its first word as the tag. */
  hidesLine(message: Message): boolean {
    if (message.kind === 'idle-done') return !isDone(message)
    if (!this.isDistrusting) return false
    if (message.kind === 'response') return message.raw.parts.length > 0 && !isUntagged(message)
    return message.kind === 'command' && isOdd(message)
  }

  /** Whether a message that belongs to this exchange is hidden whole. */
  hidesMessage(message: Message, exchange: OpenExchange | undefined): boolean {
    if (message.kind === 'sasl-data') return true
    if (message.kind !== 'response') return this.hidesLine(message)
    if (isContinuation(message)) return this.#session.continuations.isAuthenticating
    if (this.mayEcho(message, exchange)) return true
    if (isUntagged(message)) return false
    return exchange ? exchange.isHidden : this.isDistrusting || this.#hasDoubted
  }

  /** Some servers repeat what they did not understand. */
  mayEcho(message: Message, exchange: OpenExchange | undefined): boolean {
    const isSafe = this.#session.isAuthenticated && !this.#hasDoubted
    if (isSafe && (exchange === undefined || !takesCredentials(exchange.name))) return false
    return isBad(message) || hasPassword(message, exchange)
  }
}

/** A server that says which password was wrong. */
function hasPassword(message: Message, exchange: OpenExchange | undefined): boolean {
  const command = exchange?.name === 'LOGIN' ? exchange.message?.command() : undefined
  const [line] = message.raw.parts
  if (!command?.ok || command.value.name !== 'LOGIN' || line?.kind !== 'line') return false
  const password = command.value.password.reveal()
  return password.length > 2 && decodeText(latin1(line.octets)).includes(password)
}

/** Unreadable, unknown, or known as a word only: what stands behind it may be anything. */
export function isOdd(message: Message): boolean {
  const command = message.command()
  return !command.ok || command.value.name === 'unknown' || 'values' in command.value
}

export function isDone({ raw }: Message): boolean {
  const [line] = raw.parts
  return line?.kind === 'line' && latin1(line.octets).trim().toUpperCase() === 'DONE'
}

/** `BAD`, tagged or not, whether or not the rest can be read. */
export function isBad(message: Message): boolean {
  const [line] = message.raw.parts
  if (message.kind !== 'response' || line?.kind !== 'line') return false
  return /^[^ ]+ +BAD(?![^ \r\n])/iu.test(latin1(line.octets, 0, Math.min(line.octets.length, 4096)))
}

function firstOctet(message: Message): number | undefined {
  const [line] = message.raw.parts
  return line?.kind === 'line' ? line.octets[0] : undefined
}

const isUntagged = (message: Message): boolean => firstOctet(message) === STAR
const isContinuation = (message: Message): boolean => firstOctet(message) === PLUS
