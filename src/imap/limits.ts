/** Every bound on what is held for a peer, with its unit and its reason; nothing here is about what passes through. */

export const limits = {
  /** Octets of one line kept for reading. Real FLAGS, SEARCH and UID FETCH lines pass 64 KiB; none seen passes 1 MiB. */
  lineOctets: 1024 * 1024,
  /** Octets of an unfinished line that wait for its end; beyond it they go on, and only a copy is kept for reading. */
  lineHeld: 64 * 1024,
  /** Octets of one literal kept with its message; what is larger streams past and is known by size and digest. */
  literalKept: 64 * 1024,
  /** Octets of one whole message kept for reading, lines and kept literals together. */
  messageOctets: 2 * 1024 * 1024,
  /** Literals of one message kept; more make the message unreadable, never unforwarded. */
  literalsKept: 10_000,
  /** Octets of one message that is taken in whole before any of it goes on; a larger one goes on as it comes. */
  heldOctets: 1024 * 1024,
  /** Digits of a literal's size: 16 hold every exact JavaScript integer. */
  literalDigits: 16,
  /** Nested parentheses read before the rest becomes opaque: BODYSTRUCTURE bombs end here. */
  nesting: 100,
  /** Quirks kept per message: enough to tell what is wrong, whatever a peer repeats. */
  quirksKept: 16,
  /** Octets that a client may send ahead of a server's decision and that are kept to be framed once it is known. */
  undecidedOctets: 256 * 1024,
  /** Octets of our own answers that wait until the server's message ends. */
  injectedOctets: 64 * 1024,
  /** Names kept of what a server says it has enabled; no server has a hundred extensions to enable. */
  enabledKept: 100,
  /** Octets that upstream may send in the clear before TLS stands. */
  preludeOctets: 64 * 1024,
  /** Octets of a command kept until its answer came: thousands may be in flight. OAuth and Kerberos tokens fit in. */
  commandKept: 16 * 1024,
  /** Commands in flight whose exchange is kept; a client that pipelines more is still relayed. */
  exchangesInFlight: 10_000,
} as const
