/** What imaptap says to the client itself, always between two messages of the server; knows no reasons for it. */

import { limits } from '../imap/limits.ts'
import { octetsOf } from '../imap/octets.ts'
import type { OpenExchange } from '../session/exchanges.ts'
import type { Conversation } from './conversation.ts'
import type { LaneSurface } from './lane-surface.ts'
import type { Answer, OwnAnswer } from './verdict.ts'

export class OwnVoice {
  readonly #talk: Conversation
  readonly #server: LaneSurface
  readonly #close: (reason: string) => void

  /** `close` is called when more waits to be said than is kept. */
  constructor(talk: Conversation, server: LaneSurface, close: (reason: string) => void) {
    this.#talk = talk
    this.#server = server
    this.#close = close
  }

  say(text: string, exchange?: OpenExchange): void {
    const line = octetsOf(`${text}\r\n`)
    this.#inject(line)
    this.#talk.noteOwnLine(line, exchange)
  }

  sayBye(text: string, code = 'UNAVAILABLE'): void {
    this.say(`* BYE [${code}] imaptap: ${plain(text)}`)
  }

  /** The client may send its literal: the command is taken in here before the server hears of it. */
  askForLiteral(exchange: OpenExchange): void {
    const line = octetsOf('+ imaptap takes the literal\r\n')
    this.#inject(line)
    this.#talk.tellOwnLine(line, exchange)
  }

  complete(exchange: OpenExchange, answer: OwnAnswer): void {
    const code = answer.code === undefined ? '' : `[${answer.code}] `
    this.say(`${exchange.wireTag} ${answer.status} ${code}${plain(answer.text)}`, exchange)
    this.#talk.completeLocally(exchange, answer)
  }

  answer(exchange: OpenExchange, answer: Answer): void {
    this.#talk.tell.rewrite('client', answer.rule, answer.note)
    this.complete(exchange, answer)
  }

  #inject(line: Uint8Array): void {
    this.#server.inject(line)
    if (this.#server.injected > limits.injectedOctets)
      this.#close('more was asked of imaptap than it can answer')
  }
}

/** A certificate's name or a person's words may stand in it, and an octet made of a wider character may end the line. */
const plain = (text: string): string => text.replaceAll(/[^\x20-\x7e]/gu, '?')
