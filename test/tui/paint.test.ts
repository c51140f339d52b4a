import { describe, expect, it } from 'vitest'
import { paint } from '../../src/tui/paint.ts'
import { line, mark, type Style } from '../../src/tui/span.ts'
import type { Theme } from '../../src/tui/state.ts'

const painted = (theme: Theme, style: Style): string => paint(line(mark('x', style)), theme)

describe('a theme', () => {
  it.each(['dark', 'light'] as const)('tells what is good, odd and bad apart: %s', (theme) => {
    const shown = (['plain', 'dim', 'accent', 'good', 'warn', 'bad'] as const).map((style) =>
      painted(theme, style),
    )
    expect(new Set(shown).size).toBe(shown.length)
  })

  it('without colours has weight alone', () => {
    for (const style of ['dim', 'accent', 'good', 'warn', 'bad', 'title'] as const)
      expect(painted('mono', style)).not.toMatch(/[34]\d|38;/)
    expect(painted('mono', 'bad')).not.toBe(painted('mono', 'warn'))
  })

  it('never lets a control through, whoever made a mistake', () => {
    expect(paint(line(mark('\x1b]52;c;x\x07\x9b{red-fg}')), 'dark')).toBe('?]52;c;x??{red-fg}')
    expect(paint({ ...line(mark('a\nb')), isSelected: true }, 'dark')).toBe('\x1b[7ma?b\x1b[0m')
  })
})
