/** The rules that every session runs under: which capabilities are hidden, and what the client's own leg offers. */

import { capabilitiesOf } from '../imap/announced-capabilities.ts'
import type { Response } from '../imap/responses/index.ts'
import type { CompressMode } from '../relay/compression.ts'
import type { CommandFacts, CommandVerdict, Decider, LegFacts, ResponseVerdict } from '../relay/verdict.ts'
import { forward } from '../relay/verdict.ts'
import { isAuthenticated } from '../session/state.ts'
import { builtIn, deflateOnly, fitsCapability, type HiddenPattern } from './capability-pattern.ts'
import { adaptCompress, decideCompress } from './compress-rule.ts'
import { withCapabilities } from './rewrite.ts'

export interface RuleOptions {
  /** Beside the built-in ones; `*` at the end or the beginning stands for anything. */
  readonly hideCapabilities: readonly string[]
  /** `follow` when undefined. */
  readonly compress?: CompressMode | undefined
  /** Why they are hidden, for the notes. */
  readonly reason?: string | undefined
}

export function makeRules(options: RuleOptions): Decider {
  const asked = options.hideCapabilities.map((pattern) => ({
    pattern: pattern.toUpperCase(),
    reason: options.reason ?? 'asked for by --hide-capability',
  }))
  return new Rules([...asked, ...builtIn], options.compress ?? 'follow')
}

class Rules implements Decider {
  readonly #hidden: readonly HiddenPattern[]
  readonly #compress: CompressMode

  constructor(hidden: readonly HiddenPattern[], compress: CompressMode) {
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
    const hidden = builtIn.find(({ pattern }) => fitsCapability(pattern, `AUTH=${mechanism}`))
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
function isHidden({ pattern, reason }: HiddenPattern, name: string): boolean {
  return fitsCapability(pattern, name) && !(name === 'COMPRESS=DEFLATE' && reason === deflateOnly)
}
