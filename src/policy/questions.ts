/** What has to be asked of the server before a command can be decided, and what was learned of it. */

import type { PolicyDocument } from '../config/policy-document.ts'
import type { Command } from '../imap/commands/index.ts'
import type { UntaggedData } from '../imap/responses/index.ts'
import type { GuardedCommand, GuardVerdict, SessionOrigin } from '../relay/guard.ts'
import type { SessionView } from '../session/session.ts'
import { isAuthenticated } from '../session/state.ts'
import { asksUnmeasured, PartSearch, structureQuestion, type LargePart } from './attachments.ts'
import { makeForwardingId } from './id-fields.ts'
import type { Needs } from './needs.ts'
import { refuse } from './refusals.ts'
import { namespaceQuestion, separatorQuestion, type ServerNames } from './server-names.ts'

export type Question =
  | { readonly kind: 'ask'; readonly command: Command }
  | { readonly kind: 'refuse'; readonly verdict: GuardVerdict }

export interface QuestionFacts {
  readonly needs: Needs
  readonly document: PolicyDocument
  readonly view: SessionView
}

export class Questions {
  readonly #names: ServerNames
  readonly #origin: SessionOrigin
  /** Whether STARTTLS could still come when the server was told: behind it another upstream may have to be told again. */
  #toldUnder: boolean | undefined
  /** The exchange whose messages were looked at, and what was found. */
  #parts:
    | { readonly exchange: number; readonly search: PartSearch; status: 'OK' | 'NO' | 'BAD' | undefined }
    | undefined

  constructor(names: ServerNames, origin: SessionOrigin) {
    this.#names = names
    this.#origin = origin
  }

  /** Undefined once all is known. */
  next({ command, legs }: GuardedCommand, facts: QuestionFacts): Question | undefined {
    const { view, document, needs } = facts
    if (isLogin(command)) return this.#tellOrigin(document, legs.canStartTls)
    if (!isAuthenticated(view.state)) return undefined
    if (needs.accesses.length > 0 && !this.#names.isKnown) return ask(separatorQuestion)
    // Whatever is announced: some announce less before the login and nothing behind it, and one that does not know it says BAD.
    if (needs.accesses.length > 0 && !this.#names.areNamespacesKnown) return ask(namespaceQuestion)
    return undefined
  }

  learn(data: UntaggedData): void {
    if (data.name === 'FETCH' || data.name === 'UIDFETCH') this.#parts?.search.learn(data)
    else this.#names.learn(data)
  }

  learned(status: 'OK' | 'NO' | 'BAD', asked: Command): void {
    if (asked.name === 'LIST') this.#names.giveUp()
    // Only now: a question waits until nothing else is in flight, and is put again then.
    if (asked.name === 'NAMESPACE') this.#names.settleNamespaces()
    if (asked.name === 'FETCH' && this.#parts) this.#parts.status = status
  }

  /** An ID before login, for servers that take our word (RFC 2971). */
  #tellOrigin({ id }: PolicyDocument, canStartTls: boolean): Question | undefined {
    if (this.#toldUnder === canStartTls) return undefined
    this.#toldUnder = canStartTls
    const told = makeForwardingId('', id, this.#origin)
    return told && ask(told)
  }

  /**
   * Whether a command that may go on gives out a part that is too large; asked last, so that of a denied one nothing is
   * asked. What goes on is for the messages that were looked at.
   */
  measure(guarded: GuardedCommand, command: Command, most: number | undefined): Measured {
    if (most === undefined) return { kind: 'pass', command }
    if (guarded.messageOctets > most) return unlookedInto(guarded.messageOctets, most)
    if (command.name !== 'FETCH') return asksUnmeasured(command) ? unmeasured : { kind: 'pass', command }
    const question = structureQuestion(command)
    if (!question) return { kind: 'pass', command }
    const { id } = guarded.exchange
    // Without a status nobody was asked yet: the question waits until nothing else is in flight, and comes here again.
    if (this.#parts?.exchange !== id || this.#parts.status === undefined) {
      this.#parts = { exchange: id, search: new PartSearch(command, most), status: undefined }
      return ask(question)
    }
    const { search, status } = this.#parts
    this.#parts = undefined
    if (search.found) return tooLarge(search.found, most)
    if (status !== 'OK' || search.isOdd) return unsaid
    const narrowed = search.narrow(command)
    return narrowed ? { kind: 'pass', command: narrowed } : unmeasured
  }

  /** Its rules were asked before, and its question was answered since. */
  isMeasured(guarded: GuardedCommand): boolean {
    return this.#parts?.exchange === guarded.exchange.id
  }
}

export type Measured = Question | { readonly kind: 'pass'; readonly command: Command }

function tooLarge({ message, octets }: LargePart, most: number): Measured {
  const text = 'a message has an attachment that is too large'
  const why = `attachmentOctets: message ${message} has a part of ${octets} of ${most} octets`
  return refuseContent('LIMIT', text, why)
}

/** Nobody looks into a message that streams past: what is no larger than an attachment may be has none that is. */
function unlookedInto(octets: number, most: number): Measured {
  const text = 'a message this large may have an attachment that is too large'
  return refuseContent(
    'LIMIT',
    text,
    `attachmentOctets: a message of ${octets} octets, and ${most} are the most`,
  )
}

function refuseContent(code: string, text: string, why: string): Measured {
  const verdict = refuse({ kind: 'answer', status: 'NO', code, text }, { rule: 'limit', why })
  return { kind: 'refuse', verdict }
}

const unsaid = refuseContent(
  'LIMIT',
  'the server did not say how large the attachments of these messages are',
  'attachmentOctets: the server did not say what the messages hold',
)
const unmeasured = refuseContent(
  'CANNOT',
  'messages are given out by FETCH alone here, which tells of large attachments first',
  'attachmentOctets: nobody could say before how large what it gives out is',
)

const ask = (command: Command): Question => ({ kind: 'ask', command })
const isLogin = ({ name }: Command): boolean => name === 'LOGIN' || name === 'AUTHENTICATE'
