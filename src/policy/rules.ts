/** The rules that every session runs under: which capabilities are hidden, and what the client's own leg offers. */

import { capabilitiesOf } from '../imap/announced-capabilities.ts'
import type { Response } from '../imap/responses/index.ts'
import type { CompressMode } from '../relay/compression.ts'
import type { CommandFacts, CommandVerdict, Decider, LegFacts, ResponseVerdict } from '../relay/verdict.ts'
import { forward } from '../relay/verdict.ts'
import { layeredMechanisms } from '../session/sasl.ts'
import { isAuthenticated } from '../session/state.ts'
import { adaptCompress, decideCompress } from './compress-rule.ts'
import { withCapabilities } from './rewrite.ts'

export interface RuleOptions {
  /** Beside the built-in ones; `*` at the end or the beginning stands for anything. */
  readonly hideCapabilities: readonly string[]
  /** `follow` when undefined. */
  readonly compress?: CompressMode | undefined
}

interface Hidden {
  readonly pattern: string
  readonly reason: string
}

const deflateOnly = 'imaptap reads DEFLATE only'
const unbindable = 'its security layer or channel binding cannot survive interception'

/** What cannot work behind a proxy that reads: hidden unless the operator's server never had it. */
const builtIn: readonly Hidden[] = [
  { pattern: 'COMPRESS=*', reason: deflateOnly },
  { pattern: 'AUTH=*-PLUS', reason: unbindable },
  ...layeredMechanisms.map((mechanism) => ({ pattern: `AUTH=${mechanism}`, reason: unbindable })),
]

export function makeRules(options: RuleOptions): Decider {
  const asked = options.hideCapabilities.map((pattern) => ({
    pattern: pattern.toUpperCase(),
    reason: 'asked for by --hide-capability',
  }))
  return new Rules([...asked, ...builtIn], options.compress ?? 'follow')
}

class Rules implements Decider {
  readonly #hidden: readonly Hidden[]
  readonly #compress: CompressMode

  constructor(hidden: readonly Hidden[], compress: CompressMode) {
    this.#hidden = hidden
    this.#compress = compress
  }

  /** Only what would make the stream unreadable is refused: the rest is hidden, and a client that insists may try. */
  decideCommand(facts: CommandFacts, legs: LegFacts): CommandVerdict {
    const { name, message } = facts
    if (name === 'COMPRESS') return decideCompress(this.#compress, facts, legs)
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
    const kept = this.#hide(adaptCompress(this.#compress, adapted, legs, notes), notes)
    const isSame = kept.length === announced.length && kept.every((name, at) => name === announced[at])
    if (isSame) return forward
    return { kind: 'replace', response: withCapabilities(response, kept), rule: 'capabilities', notes }
  }

  #hide(capabilities: readonly string[], notes: string[]): string[] {
    return capabilities.filter((name) => {
      const hidden = this.#hidden.find((rule) => isHidden(rule, name.toUpperCase()))
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

/** Of the ways to compress one can be read, and the mode decides about that. */
function isHidden({ pattern, reason }: Hidden, name: string): boolean {
  return isMatch(pattern, name) && !(name === 'COMPRESS=DEFLATE' && reason === deflateOnly)
}

/** `*` stands for anything, at the pattern's end or after its `=`. */
function isMatch(pattern: string, name: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return pattern === name
  const head = pattern.slice(0, star)
  const tail = pattern.slice(star + 1)
  return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail)
}
