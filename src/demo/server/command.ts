/** What a command of the demo server is given and gives back; knows no command. */

import type { Account } from './mailbox.ts'
import type { Selection } from './selection.ts'
import type { Token } from './tokens.ts'

export type ServerState = 'not-authenticated' | 'authenticated' | 'selected' | 'logout'

export interface Completion {
  readonly status: 'OK' | 'NO' | 'BAD'
  /** With its response code, if any. */
  readonly text: string
}

/** What commands see of their session. */
export interface CommandSession {
  readonly capabilities: readonly string[]
  readonly isLoginAllowed: boolean
  readonly canSecure: boolean
  /** Milliseconds that a search through bodies takes. */
  readonly slowMs: number
  readonly account: Account
  readonly selection: Selection
  authenticate(user: string, password: string): boolean
  select(selection: Selection | undefined): void
  leave(): void
  /** Sends one line, or one response with its literals; the line end is added. */
  say(response: string): Promise<void>
  /** Untagged responses for what changed in the selected mailbox. */
  tellChanges(mayExpunge: boolean): Promise<void>
  /** Calls back on every change of the selected mailbox, if there is one; returns what ends that. */
  watch(listener: () => void): () => void
  /** The next line from the client, without its line end; undefined when it is gone. */
  readLine(): Promise<string | undefined>
}

export interface Call {
  readonly session: CommandSession
  readonly tag: string
  /** The command came as `UID ...`. */
  readonly isUid: boolean
  readonly args: readonly Token[]
}

export interface CommandDefinition {
  /** The states in which it may be given; `any` leaves out only the time after LOGOUT. */
  readonly when: 'any' | 'not-authenticated' | 'authenticated' | 'selected'
  /** `UID NAME` exists too. */
  readonly hasUid?: boolean
  readonly run: (call: Call) => Completion | Promise<Completion>
}

export const done = (text: string): Completion => ({ status: 'OK', text })
export const refused = (text: string): Completion => ({ status: 'NO', text })
export const malformed = (text: string): Completion => ({ status: 'BAD', text })
