import { expect, it } from 'vitest'
import { clipboardSequence } from '../../src/tui/clipboard.ts'

it('writes OSC 52, wrapped for tmux', () => {
  expect(clipboardSequence('hi', { isTmux: false })).toBe('\x1b]52;c;aGk=\x07')
  expect(clipboardSequence('hi', { isTmux: true })).toBe('\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\')
})

it('leaves to the file what terminals would cut', () => {
  expect(clipboardSequence('x'.repeat(60_000), { isTmux: false })).toBeUndefined()
})
