/** Says what becomes of a response under a policy, once it was read: it goes on, something else does, or nothing; sends nothing. */

import type { Framer } from '../imap/framer.ts'
import { Message } from '../imap/message.ts'
import { latin1 } from '../imap/octets.ts'
import type { ResponseHead } from '../imap/response-head.ts'
import { writeResponse, type Response, type UntaggedResponse } from '../imap/responses/index.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import type { EndOfSession, GlancedLine } from './guard.ts'
import type { GuardedSession } from './guarded-session.ts'

/** A response that was taken in, and what was seen of its first line. */
export interface TakenIn {
  readonly message: Message
  /** Undefined where it was not read, or cannot be. */
  readonly response: Response | undefined
  readonly head: ResponseHead
  readonly name: string
  readonly owner: OpenExchange | undefined
  /** It was to be read. */
  readonly isRead: boolean
}

/** What goes on in its place; undefined lets it go on as it came. */
export type Ruled = Message | 'drop' | 'cut' | undefined

/** Without a farewell the client hears that the server is to blame. */
export type Cut = (reason: string, farewell?: Farewell) => void

/** `decided` where it was the guard that ended the session. */
export type Farewell = Pick<EndOfSession, 'text' | 'code'> & Partial<Pick<EndOfSession, 'decided'>>

export class ResponseRuling {
  readonly #session: GuardedSession
  readonly #cut: Cut

  constructor(session: GuardedSession, cut: Cut) {
    this.#session = session
    this.#cut = cut
  }

  /** True where the guard ends the session before this line. */
  endsAt(
    { kind, source, start, end }: Pick<Framer, 'kind' | 'source' | 'start' | 'end'>,
    line: Pick<GlancedLine, 'name' | 'isFirst'>,
  ): boolean {
    const { guard, talk } = this.#session
    if (!guard.glance || kind !== 'line' || guard.glances?.(line.name) === false) return false
    const action = guard.glance({ ...line, line: latin1(source, start, end), at: talk.at })
    if (action) this.#bidFarewell(action, undefined)
    return action !== undefined
  }

  rule(taken: TakenIn): Ruled {
    const { response, owner, head } = taken
    if (head === 'tagged' && owner && this.#session.insteadOf(owner))
      return this.#replaceCompletion(owner, response)
    if (!response) return this.#mayPassUnread(taken) ? undefined : this.#cutUnread(taken.name)
    if (!this.#isFiltered(response, taken.name)) return undefined
    return this.#filter(response, taken)
  }

  #filter(response: Response, { owner, name }: TakenIn): Ruled {
    const action = this.#session.filter(response, owner)
    if (action.kind === 'forward') return undefined
    if (action.kind === 'cut') return this.#end(`the server was cut off: ${action.reason}`)
    if (action.kind === 'end') return this.#bidFarewell(action, owner)
    for (const note of action.notes) this.#session.talk.tell.rewrite('server', 'policy', note)
    if (action.kind === 'replace') return messageOf(action.response)
    return response.kind === 'untagged' ? 'drop' : this.#cutUnread(name)
  }

  #bidFarewell(action: EndOfSession, owner: OpenExchange | undefined): 'cut' {
    this.#session.record(this.#session.tell(action.decided, owner))
    this.#cut(action.decided.why, action)
    return 'cut'
  }

  /** A challenge is read by nobody, and what the guard does not want to see need not be readable. */
  #mayPassUnread({ head, isRead, name }: TakenIn): boolean {
    if (head === 'continuation' || !isRead) return true
    return head !== 'tagged' && !this.#session.guard.reads(name)
  }

  #cutUnread(name: string): 'cut' {
    return this.#end(`the server sent a response ${name} that cannot be read or kept back`)
  }

  #end(reason: string): 'cut' {
    this.#cut(reason)
    return 'cut'
  }

  /** More than one response may stand on a line. */
  #isFiltered(response: Response, name: string): boolean {
    const { guard } = this.#session
    if (response.kind === 'continuation') return false
    if (response.kind === 'tagged') return guard.reads(response.status)
    for (let each: UntaggedResponse | undefined = response; each; each = each.glued) {
      const word = each.data.name === 'unknown' ? each.data.word.toUpperCase() : each.data.name
      if (guard.reads(word)) return true
    }
    return guard.reads(name)
  }

  /** The client's line was refused here, and upstream told to end the dialogue. */
  #replaceCompletion(owner: OpenExchange, response: Response | undefined): Ruled {
    const instead = this.#session.insteadOf(owner)
    const hasFailed = response?.kind === 'tagged' && response.status !== 'OK'
    if (!instead || (owner.name === 'AUTHENTICATE' && !hasFailed))
      return this.#end('the server took a login that was cancelled')
    const code =
      instead.code === undefined ? undefined : { name: 'unknown' as const, word: instead.code, text: '' }
    const text = { ...(code && { code }), text: instead.text }
    return messageOf({ kind: 'tagged', tag: owner.wireTag, status: instead.status, text })
  }
}

function messageOf(response: Response): Message {
  const pieces = writeResponse(response)
  const parts = pieces.map((octets) => ({ kind: 'line', octets }) as const)
  const octets = pieces.reduce((sum, { length }) => sum + length, 0)
  return new Message({ from: 'server', parts, octets }, 'response')
}
