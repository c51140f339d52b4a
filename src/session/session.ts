/** What both sides of one conversation have agreed on so far; no sockets, no policy, no clock. */

/** RFC 9051 section 3, and `opening` before the greeting. */
export type SessionState = 'opening' | 'not-authenticated' | 'authenticated' | 'selected' | 'logout'

export interface SelectedMailbox {
  /** Decoded for display; `INBOX` in upper case. */
  readonly name: string
  readonly isReadOnly: boolean
  readonly exists: number | undefined
  readonly uidValidity: number | undefined
  readonly uidNext: number | undefined
}

/** A live view: it changes as the session goes on. */
export interface SessionView {
  readonly state: SessionState
  readonly user: string | undefined
  /** From the client's ID command, such as `Thunderbird/128`; name and version only. */
  readonly client: string | undefined
  /** From the server's ID response, or undefined. */
  readonly server: string | undefined
  readonly mailbox: SelectedMailbox | undefined
  /** As the server last announced them, upper case. */
  readonly capabilities: readonly string[]
  readonly enabled: readonly string[]
  readonly isIdle: boolean
  /** Commands in flight. */
  readonly pending: number
}
