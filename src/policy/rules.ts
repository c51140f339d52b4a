/** The rules that every session runs under: which capabilities are hidden, and STARTTLS as the client's own leg has it. */

import { capabilitiesOf } from '../imap/announced-capabilities.ts'
import type { Response } from '../imap/responses/index.ts'
import type { CommandFacts, CommandVerdict, Decider, LegFacts, ResponseVerdict } from '../relay/verdict.ts'
import { forward } from '../relay/verdict.ts'
import { layeredMechanisms } from '../session/sasl.ts'
import { isAuthenticated } from '../session/state.ts'
import { withCapabilities } from './rewrite.ts'

export interface RuleOptions {
  /** Beside the built-in ones; `*` at the end or the beginning stands for anything. */
  readonly hideCapabilities: readonly string[]
}

interface Hidden {
  readonly pattern: string
  readonly reason: string
}

const unreadable = 'imaptap cannot read through it'
const unbindable = 'its security layer or channel binding cannot survive interception'

/** What cannot work behind a proxy that reads: hidden unless the operator's server never had it. */
const builtIn: readonly Hidden[] = [
  { pattern: 'COMPRESS=*', reason: unreadable },
  { pattern: 'AUTH=*-PLUS', reason: unbindable },
  ...layeredMechanisms.map((mechanism) => ({ pattern: `AUTH=${mechanism}`, reason: unbindable })),
]

export function makeRules(options: RuleOptions): Decider {
  const asked = options.hideCapabilities.map((pattern) => ({
    pattern: pattern.toUpperCase(),
    reason: 'asked for by --hide-capability',
  }))
  return new Rules([...asked, ...builtIn])
}

class Rules implements Decider {
  readonly #hidden: readonly Hidden[]

  constructor(hidden: readonly Hidden[]) {
    this.#hidden = hidden
  }

  /** Only what would make the stream unreadable is refused: the rest is hidden, and a client that insists may try. */
  decideCommand({ name, message }: CommandFacts): CommandVerdict {
    if (name === 'COMPRESS') return refuse('COMPRESS', 'compression is not available here', unreadable)
    if (name !== 'AUTHENTICATE') return forward
    const command = message?.command()
    if (!command?.ok || command.value.name !== 'AUTHENTICATE') return forward
    const { mechanism } = command.value
    const hidden = builtIn.find(({ pattern }) => isMatch(pattern, `AUTH=${mechanism}`))
    return hidden
      ? refuse(`AUTH=${mechanism}`, 'this mechanism is not available here', hidden.reason)
      : forward
  }

  decideResponse(response: Response, legs: LegFacts): ResponseVerdict {
    const announced = capabilitiesOf(response)
    if (!announced) return forward
    const notes: string[] = []
    const adapted = adaptStartTls(announced, legs)
    if (adapted.length > announced.length)
      notes.push("STARTTLS is offered: imaptap answers it on the client's leg")
    if (adapted.length < announced.length)
      notes.push("STARTTLS is hidden: the client's leg has no use for it")
    const kept = this.#hide(adapted, notes)
    const isSame = kept.length === announced.length && kept.every((name, at) => name === announced[at])
    if (isSame) return forward
    return { kind: 'replace', response: withCapabilities(response, kept), rule: 'capabilities', notes }
  }

  #hide(capabilities: readonly string[], notes: string[]): string[] {
    return capabilities.filter((name) => {
      const hidden = this.#hidden.find(({ pattern }) => isMatch(pattern, name.toUpperCase()))
      if (hidden) notes.push(`${name.toUpperCase()} is hidden: ${hidden.reason}`)
      return !hidden
    })
  }
}

/** STARTTLS is between the client and us, whatever upstream's own leg has. */
function adaptStartTls(capabilities: readonly string[], { canStartTls, view }: LegFacts): readonly string[] {
  const isOffered = canStartTls && !isAuthenticated(view.state)
  const has = capabilities.some((name) => name.toUpperCase() === 'STARTTLS')
  if (isOffered === has) return capabilities
  return isOffered
    ? [...capabilities, 'STARTTLS']
    : capabilities.filter((name) => name.toUpperCase() !== 'STARTTLS')
}

function refuse(what: string, text: string, reason: string): CommandVerdict {
  return {
    kind: 'answer',
    status: 'NO',
    code: 'CANNOT',
    text,
    rule: 'capabilities',
    note: `${what} was refused: ${reason}`,
  }
}

/** `*` stands for anything, at the pattern's end or after its `=`. */
function isMatch(pattern: string, name: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === name
  const head = pattern.slice(0, star)
  const tail = pattern.slice(star + 1)
  return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail)
}
