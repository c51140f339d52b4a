/** What the intercept screen keeps: which messages are held, until when, and what was made of them; holds nothing itself. */

import type { ObservedEvent } from '../../findings/finding.ts'
import { Message } from '../../imap/message.ts'
import { concat, latin1, none, octetsOf } from '../../imap/octets.ts'
import { decodeText, encodeText } from '../../imap/utf8.ts'
import type { HeldFor, SessionId, Ticket } from '../../relay/event.ts'
import { checkEdited } from '../../relay/edited.ts'
import { KeptMessage, type Describe } from '../kept-message.ts'
import type { SessionRow } from '../state.ts'
import { newCursor, type ListCursor } from './list-cursor.ts'

/** Messages shown at once; the proxy holds no more of one viewer. */
const HELD_KEPT = 500

/** What would go on in its place, or why nothing of it can. */
export type Checked =
  | { readonly ok: true; readonly octets: Uint8Array }
  | { readonly ok: false; readonly text: string }

export interface Draft {
  readonly text: string
  readonly checked: Checked
}

export interface HeldMessage {
  readonly session: SessionId
  readonly ticket: Ticket
  readonly side: 'client' | 'server'
  readonly at: number
  /** On the events' clock. */
  readonly deadline: number
  /** A policy asks for it, not a breakpoint. */
  readonly approval: HeldFor | undefined
  /** `A31 UID STORE`, or the word of a response. */
  readonly label: string
  readonly message: KeptMessage
  /** A copy with all its octets; absent where it cannot be edited. */
  readonly original: Message | undefined
  draft: Draft | undefined
}

export interface InterceptState {
  /** What holds, as it was set; undefined lets everything go on. */
  source: string | undefined
  /** How long a message is held at most. */
  timeoutMillis: number
  held: HeldMessage[]
  readonly cursor: ListCursor
  /** The one that is edited in place: others come and go meanwhile, and so may it. */
  editing: HeldMessage | undefined
}

/** Most clients give up after a minute. */
const TIMEOUT = 60_000

export function initialIntercept(): InterceptState {
  return { source: undefined, timeoutMillis: TIMEOUT, held: [], cursor: newCursor(), editing: undefined }
}

export function keepHeld(
  state: InterceptState,
  event: ObservedEvent,
  about: { readonly session: SessionRow; readonly describe: Describe },
): void {
  switch (event.kind) {
    case 'held':
      if (state.held.length < HELD_KEPT) state.held.push(heldOf(event, about.describe))
      about.session.held++
      return
    case 'released':
      about.session.held = Math.max(0, about.session.held - 1)
      return drop(state, (one) => one.session === event.session && one.ticket === event.ticket)
    case 'closed':
      about.session.held = 0
      if (state.held.length > 0) drop(state, (one) => one.session === event.session)
  }
}

/** The cursor stays on its message: a key that was meant for one must not rule another. */
function drop(state: InterceptState, isGone: (held: HeldMessage) => boolean): void {
  const goneAbove = state.held.slice(0, state.cursor.at).filter(isGone).length
  state.held = state.held.filter((one) => !isGone(one))
  state.cursor.at = Math.max(0, Math.min(state.held.length - 1, state.cursor.at - goneAbove))
}

function heldOf(event: Extract<ObservedEvent, { kind: 'held' }>, describe: Describe): HeldMessage {
  const { session, ticket, side, at, deadline, message, exchange, hidesAll, isEditable, approval } = event
  const kept = new KeptMessage(message, { at, hidesAll, isOurs: false, describe })
  // What holds a credential is never taken out to be edited.
  const isOpen = isEditable && !hidesAll && (kept.specimen()?.hidden.length ?? 1) === 0
  const label = exchange ? `${exchange.tag} ${exchange.name}` : ''
  const original = isOpen ? copyOf(message) : undefined
  return { session, ticket, side, at, deadline, approval, label, message: kept, original, draft: undefined }
}

/** The octets of a server's message hold only while the event is told. */
function copyOf({ raw, kind, reading }: Message): Message {
  const parts = raw.parts.map((part) => (part.octets ? { ...part, octets: part.octets.slice() } : part))
  return new Message({ ...raw, parts }, kind, reading)
}

export function heldAt({ held, cursor }: InterceptState): HeldMessage | undefined {
  return held[cursor.at]
}

/** Undefined where it went on meanwhile. */
export function editedHeld({ held, editing }: InterceptState): HeldMessage | undefined {
  return editing && held.includes(editing) ? editing : undefined
}

/** The message as a person edits it: lines and literals as they stand on the wire, decoded. */
export function editableText({ original, draft }: HeldMessage): string | undefined {
  if (draft) return draft.text
  if (!original || original.raw.parts.some((part) => part.octets === undefined)) return undefined
  return decodeText(original.raw.parts.map((part) => latin1(part.octets ?? none)).join(''))
}

export function setDraft(held: HeldMessage, text: string): void {
  const { original } = held
  if (original) held.draft = { text, checked: check(original, text) }
}

function check(original: Message, text: string): Checked {
  const edited = checkEdited(original, octetsOf(encodeText(text)), original.reading)
  if (!edited.ok) return edited
  return { ok: true, octets: concat(edited.message.raw.parts.map((part) => part.octets ?? none)) }
}
