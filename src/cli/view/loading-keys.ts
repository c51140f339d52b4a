/** The keys that are pressed while a capture is read: they are not echoed, and `q` ends it; knows no capture. */

import type { TerminalInput } from '../../tui/screen.ts'

const CTRL_C = '\x03'

export class LoadingKeys {
  readonly #input: TerminalInput
  readonly #interrupt: () => void
  #isEnded = false

  /** `interrupt` does what Ctrl-C would have done on a terminal that echoes. */
  constructor(input: TerminalInput, interrupt: () => void) {
    this.#input = input
    this.#interrupt = interrupt
    input.setRawMode?.(true)
    input.on('data', this.#hear)
  }

  /** The user waits no longer. */
  get isEnded(): boolean {
    return this.#isEnded
  }

  /** The dashboard, or the shell, has the keys from now on. */
  stop(): void {
    this.#input.off('data', this.#hear)
    this.#input.pause()
    this.#input.setRawMode?.(false)
  }

  readonly #hear = (keys: Buffer | string): void => {
    const pressed = String(keys)
    if (/q/iu.test(pressed)) this.#isEnded = true
    if (!pressed.includes(CTRL_C)) return
    this.stop()
    this.#interrupt()
  }
}
