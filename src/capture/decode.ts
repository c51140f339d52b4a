/** Records as the events that they were written for; remembers of each session what later records leave out. */

import type { ObservedEvent } from '../findings/finding.ts'
import { limits } from '../imap/limits.ts'
import type { Message } from '../imap/message.ts'
import type { SessionId } from '../relay/event.ts'
import type { SessionView } from '../session/session.ts'
import { patchExchange, readExchange, type ToldExchange } from './exchange-record.ts'
import { isFields, numberOf, optionalText, textOf, type Fields } from './fields.ts'
import { parseFields } from './header.ts'
import { readApproval, readDecided } from './decided-record.ts'
import { readMessageRecord } from './message-record.ts'
import { readPlainBody, readSide, type Body } from './plain-record.ts'
import { patchView, unknownView } from './view-record.ts'

interface Known {
  view: SessionView
  hasOpened: boolean
  /** Its opening was told in a file that is not read. */
  isLate: boolean
  readonly exchanges: Map<number, ToldExchange>
}

interface Where {
  readonly known: Known
}

/** Sessions remembered: a capture that opens and never closes them must not fill the memory. */
const SESSIONS_KEPT = 100_000

/** `again` stands for a record that repeats, for who reads its file alone, what other records have told. */
export type Decoded = ObservedEvent | 'again' | undefined

export class RecordDecoder {
  readonly #sessions = new Map<SessionId, Known>()

  /** Undefined for a line that is no record. */
  decode(line: string): Decoded {
    const fields = parseFields(line)
    return fields && this.decodeFields(fields)
  }

  decodeFields(fields: Fields): Decoded {
    const { event: kind, at } = fields
    const session = optionalText(fields['session'])
    if (typeof kind !== 'string' || session === undefined || typeof at !== 'number') return undefined
    const known = this.#know(session)
    const isRepeated = fields['isAgain'] === true && !noteRepetition(known, kind)
    const body = this.#readBody(kind, fields, { known })
    if (!body) return undefined
    if (kind === 'closed') this.#sessions.delete(session)
    return isRepeated ? 'again' : { session, at, ...body }
  }

  #know(session: SessionId): Known {
    const known = this.#sessions.get(session)
    if (known) return known
    const fresh: Known = { view: unknownView, hasOpened: false, isLate: false, exchanges: new Map() }
    this.#sessions.set(session, fresh)
    if (this.#sessions.size > SESSIONS_KEPT) forgetFirst(this.#sessions)
    return fresh
  }

  #readBody(kind: string, fields: Fields, where: Where): Body | undefined {
    switch (kind) {
      case 'message':
        return readMessageBody(fields, where)
      case 'held':
        return readHeldBody(fields, where)
      case 'decided':
        return readDecidedBody(fields, where)
      case 'exchange-opened':
        return { kind, exchange: readSummary(fields['exchange'], where) }
      case 'exchange-completed': {
        const exchange = readSummary(fields['exchange'], where)
        where.known.exchanges.delete(exchange.id)
        return { kind, exchange, view: readView(fields, where) }
      }
      case 'opened':
        return readOpening(fields, where)
      case 'changed':
        return { kind, view: readView(fields, where) }
      case 'closed':
        return {
          kind,
          reason: textOf(fields['reason']),
          totals: readTotals(fields),
          view: readView(fields, where),
        }
      default:
        return readPlainBody(kind, fields)
    }
  }
}

/** True when what is told again is new here, since the file before this one is not read. */
function noteRepetition(known: Known, kind: string): boolean {
  if (kind === 'opened' && !known.hasOpened) known.isLate = true
  return known.isLate
}

function forgetFirst<Key>(map: Map<Key, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}

function readOpening(fields: Fields, { known }: Where): Body {
  known.hasOpened = true
  known.view = patchView(unknownView, fields['view'])
  const address = isFields(fields['address']) ? fields['address'] : {}
  return {
    kind: 'opened',
    address: { host: textOf(address['host']), port: numberOf(address['port']) },
    listener: textOf(fields['listener']),
    upstream: textOf(fields['upstream']),
    view: known.view,
    ...(isFields(fields['totals']) && { totals: readTotals(fields) }),
  }
}

function readView(fields: Fields, { known }: Where): SessionView {
  known.view = patchView(known.view, fields['view'])
  return known.view
}

function readTotals(fields: Fields): { fromClient: number; fromServer: number; commands: number } {
  const totals = isFields(fields['totals']) ? fields['totals'] : {}
  const { fromClient, fromServer, commands } = totals
  return { fromClient: numberOf(fromClient), fromServer: numberOf(fromServer), commands: numberOf(commands) }
}

function readMessageBody(fields: Fields, where: Where): Body | undefined {
  const side = readSide(fields)
  const message = readMessageRecord(fields, side)
  if (!message) return undefined
  const exchange = readReference(fields['exchange'], where)
  if (exchange) keepCommand(exchange, message)
  const sent = isFields(fields['sent']) ? readMessageRecord(fields['sent'], side) : undefined
  return {
    kind: 'message',
    side,
    message,
    hidesAll: fields['hidesAll'] === true,
    ...(exchange && { exchange }),
    ...(fields['isOurs'] === true && { isOurs: true }),
    ...(fields['isAhead'] === true && { isAhead: true }),
    ...(fields['isDropped'] === true && { isDropped: true }),
    ...(fields['isForUs'] === true && { isForUs: true }),
    ...(sent && { sent }),
  }
}

function readHeldBody(fields: Fields, where: Where): Body | undefined {
  const side = readSide(fields)
  const message = readMessageRecord(fields, side)
  if (!message) return undefined
  const exchange = readReference(fields['exchange'], where)
  return {
    kind: 'held',
    ticket: numberOf(fields['ticket']),
    side,
    message,
    ...(exchange && { exchange }),
    hidesAll: fields['hidesAll'] === true,
    isEditable: fields['isEditable'] === true,
    deadline: numberOf(fields['deadline']),
    ...(isFields(fields['approval']) && { approval: readApproval(fields['approval']) }),
  }
}

function readDecidedBody(fields: Fields, where: Where): Body {
  const exchange = readReference(fields['exchange'], where)
  return {
    kind: 'decided',
    decided: readDecided(isFields(fields['decided']) ? fields['decided'] : {}),
    ...(exchange && { exchange }),
    view: readView(fields, where),
  }
}

/** An exchange as it is told whole; who holds an earlier state of it sees it change, as in a live proxy. */
function readSummary(value: unknown, { known }: Where): ToldExchange {
  const fields = isFields(value) ? value : {}
  const told = readExchange(fields, undefined)
  const held = known.exchanges.get(told.id)
  if (held) return Object.assign(held, told, { message: held.message })
  return keep(known, told)
}

function keep({ exchanges }: Known, told: ToldExchange): ToldExchange {
  exchanges.set(told.id, told)
  if (exchanges.size > limits.exchangesInFlight) forgetFirst(exchanges)
  return told
}

/** A message's exchange: its number, or what differs from what was told of it, or all of it. */
function readReference(value: unknown, { known }: Where): ToldExchange | undefined {
  const changes = isFields(value) ? value : undefined
  const id = changes ? changes['id'] : value
  if (typeof id !== 'number') return undefined
  const told = known.exchanges.get(id)
  if (told && changes) patchExchange(told, changes)
  return told ?? (changes && keep(known, readExchange(changes, undefined)))
}

/** The first command of an exchange is its own; of a huge one a live exchange keeps the words alone. */
function keepCommand(exchange: ToldExchange, message: Message): void {
  if (message.kind !== 'command' || message.raw.octets > limits.commandKept) return
  exchange.message ??= message
}
