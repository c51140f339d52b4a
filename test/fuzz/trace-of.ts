/** Writes what broke a reader as a trace of exact octets, for people to name and keep. */

import type { Crash } from './fuzz.ts'

export function traceOf({ run, input, reason }: Crash, seed: number): string {
  const mark = input.from === 'client' ? 'C|' : 'S|'
  const lines = splitLines(input.octets).map((octets) => `${mark} ${Array.from(octets, escape).join('')}`)
  const head = [`# crash: ${reason}`, `# source: npm run fuzz -- --seed ${seed}, run ${run}`]
  return [...head, ...lines, ''].join('\n')
}

/** Behind each LF. */
function splitLines(octets: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = []
  for (let at = 0; at < octets.length;) {
    const lf = octets.indexOf(0x0a, at)
    const end = lf < 0 ? octets.length : lf + 1
    lines.push(octets.subarray(at, end))
    at = end
  }
  return lines
}

const named: Readonly<Record<number, string>> = { 0x0d: '\\r', 0x0a: '\\n', 0x09: '\\t', 0x5c: '\\\\' }

function escape(octet: number): string {
  const isPlain = octet >= 0x20 && octet < 0x7f
  return named[octet] ?? (isPlain ? String.fromCharCode(octet) : `\\x${octet.toString(16).padStart(2, '0')}`)
}
