/** What a decider says of one message, and how it is asked. */

import type { Message } from '../imap/message.ts'
import type { Response } from '../imap/responses/index.ts'
import type { SessionView } from '../session/session.ts'

export type CommandVerdict =
  | { readonly kind: 'forward' }
  /** Answered here; upstream never sees the command. There is no silent drop: the client would wait for ever. */
  | {
      readonly kind: 'answer'
      readonly status: 'NO' | 'BAD'
      /** The word of a response code (RFC 5530). */
      readonly code?: string
      readonly text: string
      readonly rule: string
      readonly note: string
    }

  /** Answered OK here, and the client's leg is compressed from there on; upstream never sees the command. */
  | { readonly kind: 'compress' }

export type ResponseVerdict =
  | { readonly kind: 'forward' }
  /** The notes say, in a sentence each, what was changed. */
  | {
      readonly kind: 'replace'
      readonly response: Response
      readonly rule: string
      readonly notes: readonly string[]
    }

/** A command as a decider sees it: all of it, or, where a literal is still to come, its head alone. */
export interface CommandFacts {
  readonly tag: string
  /** Upper case; `UID FETCH` for UID forms. */
  readonly name: string
  /** Undefined while literals of the command have not come. */
  readonly message: Message | undefined
}

/** What a decider may know of the session's legs; of a response it is asked when the view shows what holds behind it. */
export interface LegFacts {
  readonly view: SessionView
  /** A login is not answered yet: what is announced meanwhile is for behind it. */
  readonly isLoginOpen: boolean
  /** The client may begin TLS by STARTTLS on its leg now. */
  readonly canStartTls: boolean
  /** The client's leg is compressed. */
  readonly isCompressed: boolean
}

export interface Decider {
  decideCommand(command: CommandFacts, legs: LegFacts): CommandVerdict
  /** Asked for responses that carry capabilities. */
  decideResponse(response: Response, legs: LegFacts): ResponseVerdict
}

export type Answer = Extract<CommandVerdict, { readonly kind: 'answer' }>

/** How imaptap completes a command by itself. */
export interface OwnAnswer {
  readonly status: 'OK' | 'NO' | 'BAD'
  readonly code?: string
  readonly text: string
}

export const forward = { kind: 'forward' } as const
