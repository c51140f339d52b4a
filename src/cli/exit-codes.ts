/** The exit codes imaptap promises to scripts; it does not know which situation deserves which. */

export const exitCodes = {
  ok: 0,
  runtime: 1,
  usage: 2,
  upstreamUnavailable: 69,
  badConfiguration: 78,
  interrupted: 130,
  terminated: 143,
} as const
