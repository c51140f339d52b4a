import { describe, expect, it } from 'vitest'
import blessed from 'blessed'
import xterm from '@xterm/headless'
import { columnsOf, fit, truncate, widthOf, wrap } from '../../src/tui/width.ts'

interface Unicode {
  charWidth(point: number): number
  readonly combining: Readonly<Record<number, boolean>>
}

function isUnicode(value: unknown): value is Unicode {
  return typeof value === 'object' && value !== null && 'charWidth' in value && 'combining' in value
}

function blessedUnicode(): Unicode {
  const unicode: unknown = Reflect.get(blessed, 'unicode')
  if (!isUnicode(unicode)) throw new Error('blessed has no unicode module')
  return unicode
}

describe('widthOf', () => {
  it('agrees with blessed on every character that may be shown', () => {
    const unicode = blessedUnicode()
    const differing: string[] = []
    for (let point = 0x20; point < 0x20000; point++) {
      const width = widthOf(point)
      if (width === undefined) continue
      const theirs = unicode.combining[point] ? 0 : unicode.charWidth(point)
      if (theirs !== width) differing.push(point.toString(16))
    }
    expect(differing).toEqual([])
  })

  it('agrees with a terminal on every character that may be shown', async () => {
    const points = Array.from({ length: 0x10000 - 0x20 }, (_, at) => at + 0x20).filter(
      (point) => widthOf(point) !== undefined,
    )
    const terminal = new xterm.Terminal({
      cols: 8,
      rows: 2,
      scrollback: points.length,
      allowProposedApi: true,
    })
    const lines = points.map((point) => `a${String.fromCodePoint(point)}|`)
    await new Promise<void>((done) => terminal.write(lines.join('\r\n'), done))
    const differing = points.filter((point, row) => {
      const end = terminal.buffer.active.getLine(row)?.getCell(1 + (widthOf(point) ?? 0))
      return end?.getChars() !== '|' && point !== 0x7c
    })
    expect(differing).toEqual([])
  })
})

describe('columns', () => {
  it('counts wide characters twice and combining marks not at all', () => {
    expect(columnsOf('受信箱 ab')).toBe(9)
    expect(columnsOf('a\u0323b')).toBe(2)
  })

  it('cuts by columns and says so', () => {
    expect(truncate('abcdef', 4)).toBe('abc…')
    expect(truncate('受信箱', 4)).toBe('受…')
    expect(truncate('abcd', 4)).toBe('abcd')
    expect(truncate('abcd', 0)).toBe('')
  })

  it('fills to exactly the width, also where a wide character did not fit', () => {
    expect(fit('受信箱', 4)).toBe('受… ')
    expect(fit('ab', 4)).toBe('ab  ')
    expect(fit('ab', 4, 'right')).toBe('  ab')
  })

  it('wraps at spaces and breaks what is longer than a line', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three'])
    expect(wrap('a abcdefghij b', 4)).toEqual(['a', 'abcd', 'efgh', 'ij b'])
    expect(wrap('', 4)).toEqual([''])
  })
})
