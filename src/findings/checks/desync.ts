/** Checks of a conversation that is out of step, and of messages made to exhaust who reads them (RFC 9051 section 2.2.2, RFC 7888). */

import type { Fault } from '../../imap/fault.ts'
import type { ProxyEvent } from '../../relay/event.ts'
import type { Check, SeenCompletion } from '../check.ts'
import type { Scene } from '../scene.ts'
import { keepText } from '../model/kept-text.ts'
import { knowsTags } from './attribution.ts'

type MessageEvent = Extract<ProxyEvent, { readonly kind: 'message' }>

interface Step {
  /** Lines of the client's that are no commands: a server may answer each by its first word. */
  stray: number
  /** The command whose literal was refused, until a later command is understood. */
  refused: string | undefined
  /** Tags that may have been given up at an untagged BAD, and are completed all the same (Cyrus). */
  readonly rejected: Set<string>
}

const makeStep = (): Step => ({ stray: 0, refused: undefined, rejected: new Set() })
/** Tags that one session remembers of these. */
const REJECTED = 20

/** Refused before all of it was there, or with a literal in it: its octets may come all the same. */
function isRefusedLiteral({ response, work, event }: SeenCompletion): boolean {
  const { exchange } = event
  if (response.status === 'OK' || !exchange) return false
  if (!work) return exchange.message === undefined
  return exchange.message?.raw.parts.some(({ kind }) => kind === 'literal') ?? false
}

function noteStep(scene: Scene, seen: SeenCompletion): void {
  const step = scene.model.note(makeStep)
  if (isRefusedLiteral(seen)) step.refused = seen.event.exchange?.name
  else if (seen.work && seen.response.status === 'OK') step.refused = undefined
}

const strayCompletion: Check = {
  id: 'X09',
  name: 'stray-completion',
  level: 'error',
  side: 'server',
  title: 'A completion came for a tag that is not in progress, or before its command was whole',
  reference: 'RFC 9051 section 2.2.2',
  advice: 'Client and server are out of step: look for a proxy in between, and end the connection.',
  clientData({ model }, { message }) {
    // A line without a tag, or one that nobody can read.
    if (message.kind === 'command') model.note(makeStep).stray += 1
  },
  untagged: {
    BAD({ model, exchange }) {
      const { rejected } = model.note(makeStep)
      // The command may have ended in the middle: then it is known as an exchange only.
      const tag = exchange?.tag ?? model.oldest?.tag
      if (tag !== undefined && rejected.size < REJECTED) rejected.add(keepText(tag))
    },
  },
  completions: {
    '*'(scene, seen) {
      const { response, work, event } = seen
      if (work || !knowsTags(scene.model)) return
      const step = scene.model.note(makeStep)
      if (step.refused !== undefined) return
      if (!event.exchange) {
        if (step.rejected.delete(keepText(response.tag))) return
        if (step.stray > 0) step.stray -= 1
        else if (!scene.model.hasMissed)
          scene.raise(strayCompletion, {
            text: `${response.status} came for ${event.hidesAll ? 'a tag' : `tag ${response.tag}`}, which is not in progress`,
          })
      } else if (response.status === 'OK' && event.exchange.message === undefined)
        scene.raise(strayCompletion, {
          text: `OK came for ${event.exchange.name} ${event.exchange.tag} before its literal had ended`,
        })
    },
  },
}

const literalAsCommands: Check = {
  id: 'X10',
  name: 'literal-read-as-commands',
  level: 'error',
  side: 'server',
  title: 'The server refused a literal and then read its octets as commands',
  reference: 'RFC 7888 section 4',
  advice:
    'The server must take the octets of a literal that needs no leave even when it refuses the command.',
  completions: {
    '*'(scene, seen) {
      const { refused, stray } = scene.model.note(makeStep)
      // Lines that the client did send beside its commands may be answered like this.
      const isUnknown = seen.event.exchange === undefined && stray === 0
      if (refused !== undefined && seen.response.status === 'BAD' && isUnknown)
        scene.raise(literalAsCommands, {
          text: `BAD came for a tag that was never sent, behind the refusal of ${refused} with its literal`,
        })
      noteStep(scene, seen)
    },
  },
}

/** Octets of one literal beyond which no mail is meant: providers take 150 MB at most. */
const LITERAL = 1024 ** 3
/** What readers of `imap/` say of numbers and depths that no peer has a use for. */
const rules = new Set(['number-too-large', 'nested-too-deep', 'literal-too-large'])
/** Sizes of 32 bits are outgrown, and harmless. */
const isHarmless = ({ text }: Fault): boolean => text.includes('32 bits')

function judgeFault(scene: Scene, fault: Fault): void {
  if (!rules.has(fault.rule) || isHarmless(fault)) return
  scene.raise(excess, { text: `the ${fault.side} sent ${fault.text}`, side: fault.side })
}

function judgeLiterals(scene: Scene, { side, message }: MessageEvent): void {
  for (const part of message.raw.parts)
    if (part.kind === 'literal' && part.announced.size > LITERAL)
      scene.raise(excess, { text: `the ${side} sent a literal of ${part.announced.size} octets`, side })
}

const excess: Check = {
  id: 'X11',
  name: 'excess',
  level: 'warning',
  side: 'server',
  title: 'A number, a literal or nesting goes beyond all that mail needs',
  reference: 'RFC 9051 section 9',
  advice: 'Treat the peer with distrust: such messages are made to exhaust who reads them.',
  literals: judgeLiterals,
  bent(scene, quirks) {
    for (const quirk of quirks) judgeFault(scene, quirk)
  },
  unreadable(scene, { fault }) {
    judgeFault(scene, fault)
  },
}

export const desyncChecks: readonly Check[] = [strayCompletion, literalAsCommands, excess]
