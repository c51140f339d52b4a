import { describe, expect, it } from 'vitest'
import { openScreen } from '../../src/tui/screen.ts'
import { FakeInput, FakeOutput } from './support/terminal.ts'

/** What Node has behind a terminal. */
class Handle {
  isBlocking = true

  setBlocking(isBlocking: boolean): void {
    this.isBlocking = isBlocking
  }
}

function terminal(): { readonly output: FakeOutput; readonly handle: Handle } {
  const output = new FakeOutput(80, 24)
  const handle = new Handle()
  Object.assign(output, { _handle: handle })
  return { output, handle }
}

function openOn(output: FakeOutput) {
  return openScreen({
    input: new FakeInput(),
    output,
    env: { TERM: 'xterm-256color' },
    onKey: () => undefined,
    onResize: () => undefined,
    onMouse: () => undefined,
    onLost: () => undefined,
  })
}

describe('a terminal that is slow', () => {
  it('is not waited for while the screen is open, and is at the end', () => {
    const { output, handle } = terminal()
    const screen = openOn(output)
    expect(handle.isBlocking).toBe(false)
    screen.close()
    expect(handle.isBlocking).toBe(true)
  })

  it('does not hold up the end when it takes nothing any more', () => {
    const { output, handle } = terminal()
    const screen = openOn(output)
    output.cork()
    output.write('a frame that nobody takes')
    screen.close()
    expect(handle.isBlocking).toBe(false)
  })

  it('is behind while too much waits for it', () => {
    const { output } = terminal()
    const screen = openOn(output)
    expect(screen.isBehind()).toBe(false)
    output.cork()
    output.write('x'.repeat(100_000))
    expect(screen.isBehind()).toBe(true)
    screen.close()
  })
})
