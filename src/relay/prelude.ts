/** What is said to upstream before the client may listen: its cleartext greeting and our STARTTLS. */

import { Framer } from '../imap/framer.ts'
import { limits } from '../imap/limits.ts'
import { latin1, octetsOf } from '../imap/octets.ts'
import { explainGreeting } from './wrong-protocol.ts'

export type PreludeStep =
  | { readonly kind: 'more' }
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  /** The server agreed, and nothing was behind its word. */
  | { readonly kind: 'secure' }
  /** The greeting is read; the conversation may begin. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string; readonly advice: string }

/**
 * Nothing that a server says before TLS reaches the client or the session's model, and nothing may follow its tagged
 * OK in the clear: an attacker on the path could have written it (RFC 9051 section 6.2.1 and 11.3).
 */
export class Prelude {
  readonly #framer = new Framer('server')
  readonly #tag: string
  readonly #startsTls: boolean
  #isGreeted = false
  #taken = 0

  /** `tag` must not be guessable: a completion sent ahead of our command must not match it. */
  constructor(tag: string, startsTls: boolean) {
    this.#tag = tag
    this.#startsTls = startsTls
  }

  receive(octets: Uint8Array): PreludeStep {
    this.#taken += octets.length
    if (this.#taken > limits.preludeOctets) return failed('upstream sent too much before TLS', checkPort)
    this.#framer.push(octets)
    let due: PreludeStep = { kind: 'more' }
    while (this.#framer.next('greeting')) {
      const { source, start, end } = this.#framer
      const step = this.#take(latin1(source, start, end).trimEnd())
      // Our command has not gone out yet: nobody who answers it can have seen it.
      if (step.kind === 'secure' && due.kind === 'send') return failed(foretold, distrust)
      if (step.kind === 'send') due = step
      else if (step.kind !== 'more') return step
    }
    return due
  }

  /** What came behind the greeting: the first octets of the conversation. */
  takeRest(): Uint8Array {
    return this.#framer.takeRest()
  }

  #take(line: string): PreludeStep {
    return this.#isGreeted ? this.#takeAnswer(line) : this.#takeGreeting(line)
  }

  #takeGreeting(line: string): PreludeStep {
    if (!/^\* OK(?: |$)/i.test(line)) return refuseGreeting(line)
    this.#isGreeted = true
    if (!this.#startsTls) return { kind: 'ready' }
    return { kind: 'send', octets: octetsOf(`${this.#tag} STARTTLS\r\n`) }
  }

  #takeAnswer(line: string): PreludeStep {
    if (/^\* BYE(?: |$)/i.test(line))
      return failed('upstream said BYE before TLS', 'see the log of the upstream server')
    if (line === '' || line.startsWith('* ')) return { kind: 'more' }
    const [tag, status] = line.split(' ', 2)
    if (tag !== this.#tag) return failed('upstream answered a command that was never sent', distrust)
    if (status?.toUpperCase() !== 'OK') return failed('upstream refuses STARTTLS', refused)
    if (this.#framer.pending > 0)
      return failed('upstream sent octets in the clear behind its STARTTLS answer', distrust)
    return { kind: 'secure' }
  }
}

const foretold = 'upstream answered STARTTLS before it was sent'
const checkPort = 'check the host and port of --upstream'
const distrust = 'somebody on the path may be injecting responses: use imaps:// where the server has it'
const refused =
  'use imaps://HOST:993 if the server has it; only if you accept cleartext to upstream, use imap://HOST:143'

function refuseGreeting(line: string): PreludeStep {
  if (/^\* PREAUTH/i.test(line)) {
    return failed('upstream greets with PREAUTH, where TLS or a login must come first', distrust)
  }
  if (/^\* BYE/i.test(line)) return failed('upstream greets with BYE', 'see the log of the upstream server')
  const wrong = explainGreeting(line)
  return failed(wrong?.reason ?? 'upstream did not greet as an IMAP server does', wrong?.advice ?? checkPort)
}

function failed(reason: string, advice: string): PreludeStep {
  return { kind: 'failed', reason, advice }
}
