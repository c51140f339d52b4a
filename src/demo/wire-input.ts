/** Collects octets into lines and whole commands, literals in place; knows no IMAP beyond line ends and `{n}`. */

const LF = 0x0a
const ANNOUNCEMENT = /\{(\d{1,10})(\+?)\}\r?\n$/

export const wireLimits = {
  /** Octets of one line; the demo's longest line is a FETCH of a few dozen messages. */
  lineOctets: 256 * 1024,
  /** Octets of one literal: the demo's largest message is under 1 MiB. */
  literalOctets: 16 * 1024 * 1024,
} as const

export class WireInput {
  #chunks: Buffer[] = []
  #length = 0
  #isEnded = false
  #wake: (() => void) | undefined

  /** Octets received and not yet taken. */
  get buffered(): number {
    return this.#length
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    this.#wake?.()
  }

  end(): void {
    this.#isEnded = true
    this.#wake?.()
  }

  /**
   * A line with every literal that it announces and the lines behind them; undefined at the end of input or
   * beyond a limit. `askForMore` is called when the peer waits to be asked for a literal.
   */
  async message(askForMore: () => void = () => undefined): Promise<Buffer | undefined> {
    const parts: Buffer[] = []
    for (;;) {
      const line = await this.line()
      if (!line) return undefined
      parts.push(line)
      const announced = ANNOUNCEMENT.exec(line.subarray(-24).toString('latin1'))
      if (!announced) return Buffer.concat(parts)
      if (announced[2] === '') askForMore()
      const literal = await this.#take(Number(announced[1]))
      if (!literal) return undefined
      parts.push(literal)
    }
  }

  /** One line with its line end. */
  async line(): Promise<Buffer | undefined> {
    while (!this.#chunks.some((chunk) => chunk.includes(LF))) {
      if (this.#length > wireLimits.lineOctets || !(await this.#more())) return undefined
    }
    return this.#cut(this.#merged().indexOf(LF) + 1)
  }

  async #take(octets: number): Promise<Buffer | undefined> {
    if (octets > wireLimits.literalOctets) return undefined
    while (this.#length < octets) {
      if (!(await this.#more())) return undefined
    }
    return this.#cut(octets)
  }

  /** False once nothing more will come. */
  async #more(): Promise<boolean> {
    if (this.#isEnded) return false
    const before = this.#length
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    return this.#length > before
  }

  #cut(octets: number): Buffer {
    const all = this.#merged()
    const rest = all.subarray(octets)
    this.#chunks = rest.length > 0 ? [rest] : []
    this.#length = rest.length
    return all.subarray(0, octets)
  }

  #merged(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] ?? Buffer.alloc(0)
  }
}
