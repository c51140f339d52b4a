/** Makes a breakpoint of a filter in words; it does not know who set it, and holds nothing itself. */

import { suggest } from '../config/nearest-word.ts'
import { explainHoldless, knownCommands, unknownCommands } from '../filter/doubt.ts'
import { explainFault, parseFilter, type Filter } from '../filter/filter.ts'
import { SessionFacts, subjectOf } from '../filter/subject-of.ts'
import type { Subject } from '../filter/subject.ts'
import type { SessionId } from '../relay/event.ts'
import type { HeadFacts, HoldFacts } from '../relay/hold-rule.ts'
import type { Breakpoint } from './breakpoints.ts'

export interface FilterRule {
  /** In the words of the filter language. */
  readonly filter: string
  readonly timeoutMillis: number
}

/** What a session's opening told, which no later fact repeats. */
export interface Origin {
  readonly address: string
  readonly upstream: string
}

export type MadeBreakpoint =
  | { readonly ok: true; readonly breakpoint: Breakpoint }
  | { readonly ok: false; readonly text: string }

/**
 * A command is held, not the many responses that belong to it: those only where the filter asks for a side or a kind.
 */
export function makeFilterBreakpoint(
  { filter: source, timeoutMillis }: FilterRule,
  originOf: (session: SessionId) => Origin | undefined,
): MadeBreakpoint {
  const parsed = parseFilter(source)
  if (!parsed.ok) return { ok: false, text: explainFault(parsed) }
  const { filter } = parsed
  const problem = explainHoldless(filter) ?? explainTypo(filter)
  if (problem !== undefined) return { ok: false, text: problem }
  const meansResponses = filter.uses.has('side') || filter.uses.has('k')
  const factsOf = ({ session, view }: HeadFacts): SessionFacts => {
    const facts = new SessionFacts(session)
    const origin = originOf(session)
    facts.address = origin?.address
    facts.upstream = origin?.upstream
    facts.see(view)
    return facts
  }
  return {
    ok: true,
    breakpoint: {
      timeoutMillis,
      mayHold: (head) => {
        if (head.side === 'server' && !meansResponses) return false
        return !isSettled(filter, head) || filter.matches(headSubject(head, factsOf(head)))
      },
      holds: (facts) => {
        const subject = wholeSubject(facts, factsOf(facts))
        return subject !== undefined && filter.matches(subject)
      },
    },
  }
}

/** A command that nobody knows may be a vendor's own, unless it is nearly a known one. */
function explainTypo(filter: Filter): string | undefined {
  for (const name of unknownCommands(filter)) {
    const meant = suggest(name, knownCommands())
    if (meant !== '') return `no command is called ${name}${meant}`
  }
  return undefined
}

/** Words about what shows only when all of a message is there. */
const wholeWords = ['text', 'x', 'o']
/** And of a response also these. */
const responseWords = [...wholeWords, 's', 'code', 't', 'f']

/** The beginning of the message decides. */
function isSettled({ uses }: Filter, { side }: HeadFacts): boolean {
  const open = side === 'client' ? wholeWords : responseWords
  return !open.some((word) => uses.has(word))
}

function headSubject({ session, side, name, exchange }: HeadFacts, facts: SessionFacts): Subject {
  const { user, client, address, upstream, mailbox, state } = facts
  const answers = exchange ? 'response' : 'push'
  return {
    kind: side === 'client' ? 'exchange' : answers,
    session,
    side,
    command: exchange?.name ?? name,
    tag: exchange?.tag,
    user,
    client,
    address,
    upstream,
    mailbox,
    state,
    text: () => '',
  }
}

/** As a list of messages would show it. */
function wholeSubject(facts: HoldFacts, known: SessionFacts): Subject | undefined {
  const { session, side, message, exchange, hidesAll } = facts
  const at = exchange?.openedAt ?? 0
  return subjectOf(
    { kind: 'message', session, at, side, message, hidesAll, ...(exchange && { exchange }) },
    known,
  )
}
