/** Makes proxy events for tests of the dashboard: a small invented world of sessions, without a proxy. */

import { Message, type MessageKind } from '../../../src/imap/message.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import { lineMessage, type Side } from '../../../src/imap/raw-message.ts'
import type { ProxyEvent } from '../../../src/relay/event.ts'
import type { Exchange } from '../../../src/session/exchanges.ts'
import type { SessionView } from '../../../src/session/session.ts'

export function message(from: Side, line: string, kind: MessageKind = 'response', octets?: number): Message {
  const raw = lineMessage(from, octetsOf(`${line}\r\n`))
  return new Message(octets === undefined ? raw : { ...raw, octets }, kind)
}

/** Stands in for the redactor: the line itself. */
export function describe(about: Message): string {
  const [part] = about.raw.parts
  return part?.kind === 'line' ? Buffer.from(part.octets).toString('utf8').replace(/\r\n$/, '') : ''
}

export function view(changes: Partial<SessionView> = {}): SessionView {
  return {
    state: 'not-authenticated',
    user: undefined,
    client: undefined,
    server: undefined,
    mailbox: undefined,
    capabilities: [],
    enabled: [],
    isIdle: false,
    ...changes,
  }
}

export function mailbox(name: string): NonNullable<SessionView['mailbox']> {
  return { name, isReadOnly: false, exists: 10, uidValidity: 1, uidNext: 11 }
}

export interface Answer {
  readonly after: number
  readonly status?: Exchange['status']
  readonly code?: string
  readonly codeArgs?: string
  readonly user?: string
  readonly text?: string
  readonly wait?: number
  readonly octets?: number
}

/** One session that speaks; each step returns the events it makes. Untagged lines go as octets of UTF-8. */
export class FakeSession {
  readonly id: string
  #view: SessionView = view()
  #exchanges = 0
  #in = 0
  #out = 0

  constructor(id: string) {
    this.id = id
  }

  open(at: number, host = '192.0.2.7', upstream = 'imaps://imap.example.org:993'): ProxyEvent[] {
    const address = { host, port: 50_000 }
    const tls = {
      version: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      name: 'imap.example.org',
      certificate: 'CN=x',
      isResumed: false,
    }
    return [
      {
        kind: 'opened',
        session: this.id,
        at,
        address,
        listener: 'imaps://127.0.0.1:1993',
        upstream,
        view: this.#view,
      },
      { kind: 'secured', session: this.id, at: at + 2, side: 'client', tls },
      { kind: 'secured', session: this.id, at: at + 9, side: 'server', tls },
    ]
  }

  become(at: number, changes: Partial<SessionView>): ProxyEvent[] {
    this.#view = { ...this.#view, ...changes }
    return [{ kind: 'changed', session: this.id, at, view: this.#view }]
  }

  command(at: number, name: string, args = ''): { events: ProxyEvent[]; exchange: Exchange } {
    this.#exchanges++
    const tag = `A${this.#exchanges}`
    const about = message('client', `${tag} ${name} ${args}`, 'command')
    this.#in += about.raw.octets
    const exchange: Exchange = {
      id: this.#exchanges,
      tag,
      name,
      message: about,
      args,
      openedAt: at,
      firstOctetAt: undefined,
      completedAt: undefined,
      heldMillis: 0,
      octetsIn: about.raw.octets,
      octetsOut: 0,
      untagged: 0,
      status: undefined,
      code: undefined,
      codeArgs: undefined,
      user: undefined,
      text: undefined,
      attribution: 'certain',
    }
    return {
      exchange,
      events: [
        { kind: 'exchange-opened', session: this.id, at, exchange },
        { kind: 'message', session: this.id, at, side: 'client', message: about, exchange, hidesAll: false },
      ],
    }
  }

  untagged(at: number, line: string, exchange?: Exchange, octets?: number): ProxyEvent {
    const about = message('server', Buffer.from(line).toString('latin1'), 'response', octets)
    this.#out += about.raw.octets
    return {
      kind: 'message',
      session: this.id,
      at,
      side: 'server',
      message: about,
      hidesAll: false,
      ...(exchange ? { exchange } : {}),
    }
  }

  complete(exchange: Exchange, answer: Answer): ProxyEvent[] {
    const at = exchange.openedAt + answer.after
    const status = answer.status ?? 'OK'
    const about = message('server', `${exchange.tag} ${status} ${answer.text ?? 'done'}`)
    this.#out += about.raw.octets
    const completed: Exchange = {
      ...exchange,
      firstOctetAt: exchange.openedAt + (answer.wait ?? answer.after),
      completedAt: at,
      octetsOut: answer.octets ?? 100,
      status,
      code: answer.code,
      codeArgs: answer.codeArgs,
      user: answer.user,
      text: answer.text ?? 'done',
    }
    return [
      {
        kind: 'message',
        session: this.id,
        at,
        side: 'server',
        message: about,
        exchange: completed,
        hidesAll: false,
      },
      { kind: 'exchange-completed', session: this.id, at, exchange: completed, view: this.#view },
    ]
  }

  close(at: number, reason = 'client left'): ProxyEvent[] {
    const totals = { fromClient: this.#in, fromServer: this.#out, commands: this.#exchanges }
    return [{ kind: 'closed', session: this.id, at, reason, totals, view: this.#view }]
  }
}
