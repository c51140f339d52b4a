/** Makes events of the pieces that a transcript keeps, with the views that they had; it does not know rows. */

import type { ObservedEvent } from '../findings/finding.ts'
import { commandName } from '../imap/commands/index.ts'
import type { Message } from '../imap/message.ts'
import type { EventBody } from '../relay/event.ts'
import { OpenExchange, type Exchange } from '../session/exchanges.ts'
import { Session, type SessionView } from '../session/session.ts'
import type { KeptMessage } from './kept-message.ts'
import type { SessionRow } from './state.ts'
import type { Noted } from './noted.ts'
import type { Pair } from './transcript.ts'

export type Piece = { readonly at: number } & (
  | { readonly kind: 'begun'; readonly pair: Pair; readonly args: string }
  | { readonly kind: 'message'; readonly pair: Pair | undefined; readonly message: KeptMessage }
  | {
      readonly kind: 'completed'
      readonly pair: Pair
      readonly codeArgs: string | undefined
      readonly text: string
    }
  | { readonly kind: 'noted'; readonly noted: Noted }
)

/** A command as far as it is told. */
interface Begun {
  readonly pair: Pair
  readonly args: string
  /** As a session wants it. */
  readonly owner: OpenExchange
}

export class Retelling {
  readonly #row: SessionRow
  readonly #events: ObservedEvent[] = []
  readonly #begun = new Map<number, Begun>()
  /** Hears the conversation once more: a view is what it makes of it. */
  readonly #session = new Session()

  /** Of a conversation whose beginning is lost only the end of its state is known. */
  constructor(row: SessionRow, isWhole: boolean) {
    this.#row = row
    // Whoever reads it must not take it for a beginning.
    if (!isWhole) recallState(this.#session, row.state === 'opening' ? { ...row, state: 'logout' } : row)
    const { openedAt, client, listener, upstreamUrl } = row
    this.#emit(openedAt, {
      kind: 'opened',
      address: client ?? { host: '', port: 0 },
      listener,
      upstream: upstreamUrl,
      view: this.#view(),
    })
  }

  warn(at: number, reason: string, advice: string): void {
    this.#emit(at, { kind: 'warning', reason, advice })
  }

  /** `untagged` counts the responses of what is completed. */
  tell(piece: Piece, untagged: number): void {
    switch (piece.kind) {
      case 'begun':
        return this.#begin(piece)
      case 'message':
        return this.#tellMessage(piece)
      case 'completed':
        return this.#complete(piece, untagged)
      case 'noted':
        return this.#note(piece)
    }
  }

  finish(): ObservedEvent[] {
    const { closed, octetsIn, octetsOut, commands } = this.#row
    this.#recallEnd()
    if (closed) {
      const totals = { fromClient: octetsIn, fromServer: octetsOut, commands }
      this.#emit(closed.at, { kind: 'closed', reason: closed.reason, totals, view: this.#view() })
    }
    return this.#events
  }

  #begin({ pair, args, at }: Extract<Piece, { kind: 'begun' }>): void {
    if (this.#begun.has(pair.id)) return
    const owner = new OpenExchange(pair.id, pair.tag, pair.name, pair.openedAt)
    const begun: Begun = { pair, args, owner }
    this.#begun.set(pair.id, begun)
    this.#emit(at, { kind: 'exchange-opened', exchange: openExchange(begun) })
  }

  #tellMessage({ message: kept, pair, at }: Extract<Piece, { kind: 'message' }>): void {
    const message = kept.specimen()?.message
    if (!message) return
    const { side, hidesAll, isOurs, isForUs } = kept
    const begun = pair && this.#begun.get(pair.id)
    const sent = kept.sent?.specimen()?.message
    if (begun && message.kind === 'command') begun.owner.keep(message)
    if (begun && side === 'server') begun.owner.firstOctetAt ??= begun.pair.firstOctetAt
    this.#emit(at, {
      kind: 'message',
      side,
      message,
      hidesAll,
      ...(isOurs && { isOurs }),
      ...(isForUs && { isForUs }),
      ...(begun && { exchange: openExchange(begun) }),
      ...(sent && { sent }),
    })
    if (isForUs) return
    if (side === 'client') return this.#hearCommand(at, sent ?? message)
    // A completion changes the view of the exchange that it completes, which is told behind it.
    if (this.#hear(message, isOurs, begun) && !isTagged(message)) this.#emitChange(at)
  }

  #hearCommand(at: number, message: Message): void {
    const command = message.kind === 'command' ? message.command() : undefined
    if (!command?.ok) return
    this.#session.observeCommand(command.value)
    if (commandName(command.value) === 'ID') this.#emitChange(at)
  }

  /** True when something that a view shows has changed. What imaptap said itself says nothing of the server. */
  #hear(message: Message, isOurs: boolean, begun: Begun | undefined): boolean {
    const session = this.#session
    if (isOurs) {
      if (session.state === 'opening') session.greet()
      return true
    }
    const response = message.response()
    if (!response.ok) return false
    const isChanged = session.observeResponse(response.value, begun?.owner)
    if (response.value.kind === 'tagged' && begun) this.#recallUser(begun)
    return isChanged
  }

  /** Who logs in by SASL stands in a line that was blanked. */
  #recallUser({ pair: { name, user } }: Begun): void {
    const session = this.#session
    if (name !== 'AUTHENTICATE' && name !== 'LOGIN') return
    if (session.isAuthenticated && user !== undefined) session.user = user
    else if (name === 'AUTHENTICATE') session.user = undefined
  }

  #complete({ pair, codeArgs, text, at }: Extract<Piece, { kind: 'completed' }>, untagged: number): void {
    const begun = this.#begun.get(pair.id)
    const { isShared: _, findings: __, ...facts } = pair
    const exchange: Exchange = {
      ...facts,
      args: begun?.args ?? '',
      message: begun?.owner.message,
      untagged,
      codeArgs,
      text,
      attribution: attributionOf(pair),
    }
    this.#emit(at, { kind: 'exchange-completed', exchange, view: this.#view() })
    this.#emitChange(at)
  }

  #note({ at, noted }: Extract<Piece, { kind: 'noted' }>): void {
    if (noted.kind === 'decided') {
      const about = noted.pair && this.#begun.get(noted.pair.id)
      const exchange = about && { exchange: openExchange(about) }
      return this.#emit(at, { kind: 'decided', decided: noted.decided, view: this.#view(), ...exchange })
    }
    if (noted.kind !== 'held') return this.#emit(at, noted)
    const { message: kept, pair, ...held } = noted
    const message = kept.specimen()?.message
    const begun = pair && this.#begun.get(pair.id)
    if (message) this.#emit(at, { ...held, message, ...(begun && { exchange: openExchange(begun) }) })
  }

  /** What was told only by lines that are not kept is known all the same. */
  #recallEnd(): void {
    const { user, mailbox, state } = this.#row
    const session = this.#session
    if (session.user === user && session.mailbox?.name === mailbox && session.state === state) return
    recallState(session, this.#row)
    this.#emitChange(this.#events.at(-1)?.at ?? this.#row.openedAt)
  }

  #emitChange(at: number): void {
    this.#emit(at, { kind: 'changed', view: this.#view() })
  }

  #emit(at: number, body: EventBody): void {
    this.#events.push({ session: this.#row.id, at, ...body })
  }

  /** As it is now: a session lives on. */
  #view(): SessionView {
    const { state, user, client, server, mailbox, capabilities, enabled } = this.#session
    const selected = mailbox && { ...mailbox }
    return { state, user, client, server, mailbox: selected, capabilities, enabled, isIdle: false }
  }
}

/** An exchange that is not answered yet, as it was then. */
function openExchange({ pair, args, owner }: Begun): Exchange {
  const { isShared: _, findings: __, ...facts } = pair
  return {
    ...facts,
    args,
    message: owner.message,
    firstOctetAt: owner.firstOctetAt,
    completedAt: undefined,
    status: undefined,
    code: undefined,
    codeArgs: undefined,
    text: undefined,
    user: undefined,
    untagged: 0,
    attribution: attributionOf(pair),
  }
}

const attributionOf = ({ isShared }: Pair): Exchange['attribution'] => (isShared ? 'shared' : 'certain')

function isTagged(message: Message): boolean {
  const response = message.response()
  return response.ok && response.value.kind === 'tagged'
}

function recallState(session: Session, { state, user, agent, mailbox }: SessionRow): void {
  session.state = state
  session.user = user
  session.client = agent
  if (session.mailbox?.name === mailbox) return
  const unknown = { isReadOnly: false, exists: undefined, uidValidity: undefined, uidNext: undefined }
  session.mailbox = mailbox === undefined ? undefined : { name: mailbox, ...unknown }
}
