/** The kinds of line that can come next on one side; type only. */

/**
 * What the next octets of a side are. Only in `command` and `response` can a line end in a literal announcement:
 * SASL data, IDLE's DONE and the greeting are bare lines (RFC 9051 sections 6.2.2, 6.3.13 and 7.1).
 */
export type Expectation = 'greeting' | 'command' | 'authenticate-data' | 'idle-done' | 'response'
