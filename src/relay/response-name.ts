/** The word by which a response is known before it is read: `FETCH`, `OK`, `LIST`; knows no response. */

import { hasWordAt, isDigit, latin1, SP, STAR } from '../imap/octets.ts'

/** Octets of a response that are looked at. */
const HEAD = 100

/** `EXISTS` of `* 3 EXISTS`, `OK` of `a OK done`, `+` of a continuation request; upper case, and empty where there is none. */
export function nameOfResponse(octets: Uint8Array, start: number, end: number): string {
  if (isFetch(octets, start, end)) return 'FETCH'
  const head = latin1(octets, start, Math.min(end, start + HEAD))
  if (head.startsWith('+')) return '+'
  return /^[!-~]+ +(?:\d+ +)?([A-Za-z0-9[][!-~]*)/u.exec(head)?.[1]?.toUpperCase() ?? ''
}

/** Nine in ten responses of a busy session, known without being decoded. */
function isFetch(octets: Uint8Array, start: number, end: number): boolean {
  if (octets[start] !== STAR || octets[start + 1] !== SP) return false
  let at = start + 2
  while (at < end && isDigit(octets[at] ?? 0)) at += 1
  return at > start + 2 && octets[at] === SP && hasWordAt(octets, at + 1, 'FETCH') && octets[at + 6] === SP
}
