import { describe, expect, it } from 'vitest'
import { Message } from '../../src/imap/message.ts'
import { HexDump } from '../../src/tui/hex.ts'
import { messageOf, specimenOf } from './support/specimen.ts'

const digits = (dump: HexDump, at: number): string => {
  const row = dump.row(at)
  if (!row || row.kind === 'gone') return row ? `gone ${row.octets}` : 'none'
  return row.cells.map(({ octet }) => octet?.toString(16).padStart(2, '0') ?? '××').join(' ')
}

describe('a hex dump', () => {
  it('goes on over the border of a line and its literal', () => {
    const dump = new HexDump(specimenOf('a X {3}\r\nabc\r\n', 'client'), 8)
    expect(dump.length).toBe(2)
    expect(digits(dump, 0)).toBe('61 20 58 20 7b 33 7d 0d')
    expect(digits(dump, 1)).toBe('0a 61 62 63 0d 0a')
    expect(digits(dump, 2)).toBe('none')
  })

  it('shows nothing of hidden octets', () => {
    const dump = new HexDump(specimenOf('a LOGIN b c\r\n', 'client', [{ from: 8, to: 11 }]), 16)
    expect(digits(dump, 0)).toBe('61 20 4c 4f 47 49 4e 20 ×× ×× ×× 0d 0a')
  })

  it('has one row for octets that were not kept, and knows the rows of all others', () => {
    const { raw } = messageOf('* 1 FETCH (BODY[] {3}\r\nabc)\r\n', 'server', 'response')
    const parts = raw.parts.map((part) =>
      part.kind === 'line' ? part : { kind: part.kind, announced: { ...part.announced, size: 5000 } },
    )
    const message = new Message({ from: 'server', parts, octets: 5026 }, 'response')
    const dump = new HexDump({ message, hidden: [] }, 16)
    expect(dump.length).toBe(4)
    expect(digits(dump, 2)).toBe('gone 5000')
    expect(dump.rowOf(23)).toBe(2)
    expect(dump.rowOf(5023)).toBe(3)
    expect(dump.rowOf(17)).toBe(1)
    expect(digits(dump, 3)).toBe('29 0d 0a')
  })
})
