/** Doubles the worst inputs from 1 to 64 MB and shows that time grows with them and no faster. */

import { Assembler } from '../../../src/imap/assembler.ts'
import { Framer } from '../../../src/imap/framer.ts'
import { readResponse } from '../../../src/imap/responses/index.ts'
import { medianOf } from '../report/statistics.ts'

const MB = 1_000_000
const SIZES = [1, 2, 4, 8, 16, 32, 64]
const ROUNDS = 3
/** Milliseconds. */
const LONG = 1_000
/** A doubling may take up to this much more than twice the time. */
const ALLOWED = 1.15

interface Shape {
  readonly name: string
  readonly chunk: number
  make(octets: number): Uint8Array
}

const fill = (octets: number, piece: string, head = '', tail = ''): Uint8Array =>
  Buffer.from(head + piece.repeat(Math.ceil(octets / piece.length)) + tail, 'latin1')

const shapes: readonly Shape[] = [
  {
    name: 'nested parentheses',
    chunk: 65_536,
    make: (size) => fill(size, `* 1 FETCH (BODY ${'('.repeat(1_000_000)}\r\n`),
  },
  {
    name: 'nested and closed',
    chunk: 65_536,
    make: (size) => fill(size, `* 1 FETCH (X ${'('.repeat(90)}${')'.repeat(90)})\r\n`),
  },
  {
    name: 'an endless line',
    chunk: 65_536,
    make: (size) => fill(size, '* 1 FETCH (FLAGS (\\Seen))', '', '\r\n'),
  },
  {
    name: 'an endless line of quotes',
    chunk: 65_536,
    make: (size) => fill(size, '"\\" ', '* LIST ', '\r\n'),
  },
  {
    name: 'one-octet chunks',
    chunk: 1,
    make: (size) => fill(size, '* 1 FETCH (FLAGS (\\Seen) BODY[] {3}\r\nabc)\r\n'),
  },
  { name: 'empty lines', chunk: 65_536, make: (size) => fill(size, '\r\n') },
  {
    name: 'many tiny literals',
    chunk: 65_536,
    make: (size) => fill(size, '{1}\r\na ', '* 1 FETCH (X (', '))\r\n'),
  },
  { name: 'empty literals', chunk: 4_096, make: (size) => fill(size, '{0}\r\n ', '* LIST (', ')\r\n') },
  { name: 'braces at line ends', chunk: 65_536, make: (size) => fill(size, '* OK "{5}\r\n') },
]

/** Milliseconds of CPU to read it all. */
function timeOf(shape: Shape, octets: Uint8Array): number {
  const began = process.cpuUsage()
  const framer = new Framer('server')
  const assembler = new Assembler('server')
  for (let at = 0; at < octets.length; at += shape.chunk) {
    framer.push(octets.subarray(at, at + shape.chunk))
    while (framer.next('response')) {
      assembler.add(framer)
      if (framer.isLast) readResponse(assembler.take())
    }
  }
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}

/** Prints the table; true when every shape kept within what is allowed. */
export function showLinearTime(say: (text: string) => void): boolean {
  say(`CPU ms for ${SIZES.join(', ')} MB, median of ${ROUNDS}; growth per doubling from the third size on\n`)
  let isLinear = true
  for (const shape of shapes) {
    const times = SIZES.map((size) => {
      const octets = shape.make(size * MB)
      const first = timeOf(shape, octets)
      // What takes long is measured well enough by once.
      if (first > LONG) return first
      const others = Array.from({ length: ROUNDS - 1 }, () => timeOf(shape, octets))
      return medianOf([first, ...others]) ?? 0
    })
    // Over all doublings together: a single one is at the mercy of a collection.
    const growth = ((times.at(-1) ?? 0) / Math.max(times[2] ?? 1, 0.001)) ** (1 / (SIZES.length - 3)) / 2
    const isKept = growth <= ALLOWED
    isLinear &&= isKept
    const row = times.map((time) => time.toFixed(0).padStart(7)).join('')
    say(`${shape.name.padEnd(28)}${row}   x ${growth.toFixed(2)} ${isKept ? 'ok' : 'FASTER THAN LINEAR'}\n`)
  }
  return isLinear
}
