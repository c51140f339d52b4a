/** Credentials as a type: a Secret cannot be printed, logged or serialised by accident. */

export class Secret<T extends { readonly length: number }> {
  readonly #value: T

  constructor(value: T) {
    this.#value = value
  }

  /** How long the secret is, in its own units; safe to print. */
  get length(): number {
    return this.#value.length
  }

  /** The secret itself. Call it only where it goes onto the wire. */
  reveal(): T {
    return this.#value
  }

  toString(): string {
    return `‹redacted ${this.#value.length}›`
  }

  toJSON(): string {
    return this.toString()
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}
