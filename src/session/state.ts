/** The connection states and what moves between them; a table, so that it can be read and drawn. */

/** RFC 9051 section 3, and `opening` before the greeting. */
export type SessionState = 'opening' | 'not-authenticated' | 'authenticated' | 'selected' | 'logout'

/** What can move a session. Completions count only when they are OK, unless the name says otherwise. */
export type Transition =
  | 'greeting'
  | 'preauth'
  | 'login'
  | 'select'
  | 'select-refused'
  | 'close'
  | 'unauthenticate'
  | 'bye'

const table: Record<Transition, Partial<Record<SessionState, SessionState>>> = {
  greeting: { opening: 'not-authenticated' },
  preauth: { opening: 'authenticated' },
  login: { 'not-authenticated': 'authenticated' },
  select: { authenticated: 'selected', selected: 'selected' },
  // A SELECT that fails leaves no mailbox selected (RFC 9051 section 6.3.2).
  'select-refused': { selected: 'authenticated' },
  close: { selected: 'authenticated' },
  unauthenticate: { authenticated: 'not-authenticated', selected: 'not-authenticated' },
  bye: {
    opening: 'logout',
    'not-authenticated': 'logout',
    authenticated: 'logout',
    selected: 'logout',
  },
}

/** The state after the transition; a transition that does not apply changes nothing: the server's word is final. */
export const move = (state: SessionState, transition: Transition): SessionState =>
  table[transition][state] ?? state

export const isAuthenticated = (state: SessionState): boolean =>
  state === 'authenticated' || state === 'selected'
