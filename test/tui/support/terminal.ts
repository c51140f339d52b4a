/** A terminal for tests: streams that look like a TTY, with a real terminal emulator behind them. */

import { PassThrough, Writable } from 'node:stream'
import xterm from '@xterm/headless'

export class FakeOutput extends Writable {
  readonly isTTY = true
  columns: number
  rows: number
  raw = ''
  readonly #emulator: xterm.Terminal

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false })
    this.columns = columns
    this.rows = rows
    this.#emulator = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
  }

  override _write(chunk: Buffer | string, _: BufferEncoding, done: () => void): void {
    const text = String(chunk)
    this.raw += text
    this.#emulator.write(text)
    done()
  }

  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    this.#emulator.resize(columns, rows)
    this.emit('resize')
  }

  /** What a person would see, line by line. */
  async lines(): Promise<string[]> {
    await this.#settled()
    const buffer = this.#emulator.buffer.active
    return Array.from(
      { length: this.rows },
      (_, row) => buffer.getLine(row)?.translateToString(false, 0, this.columns) ?? '',
    )
  }

  /** The cell column at which a text begins on a line. */
  async columnOf(row: number, wanted: string): Promise<number> {
    await this.#settled()
    const cells = this.#emulator.buffer.active.getLine(row)
    for (let column = 0; column < this.columns; column++) {
      let text = ''
      for (let at = column; at < this.columns && text.length < wanted.length; at++) {
        const cell = cells?.getCell(at)
        // The second half of a wide character is a cell of no width.
        if (cell?.getWidth() !== 0) text += cell?.getChars() || ' '
      }
      if (text.startsWith(wanted)) return column
    }
    return -1
  }

  async isAlternate(): Promise<boolean> {
    await this.#settled()
    return this.#emulator.buffer.active.type === 'alternate'
  }

  #settled(): Promise<void> {
    return new Promise((done) => this.#emulator.write('', done))
  }
}

export class FakeInput extends PassThrough {
  readonly isTTY = true
  isRaw = false

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw
    return this
  }

  /** Keys as a terminal would send them. */
  press(keys: string): void {
    this.write(keys)
  }
}

/** Waits until something is so, and gives it up with what was seen last. */
export async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const seen = await look()
    if (isSo(seen)) return seen
    if (Date.now() > deadline) throw new Error(`never came: ${JSON.stringify(seen, undefined, 1)}`)
    await new Promise((done) => setTimeout(done, 15))
  }
}
