/** Which of a client's lines are no commands, where nobody knows what the server answered; decides by how they look. */

import { isKnownCommandWord, nameOfCommandLine, type Command } from '../imap/commands/index.ts'
import { latin1 } from '../imap/octets.ts'
import type { RawMessage } from '../imap/raw-message.ts'

/** What a line belongs to that is no command. */
export type LoneData = 'sasl-data' | 'idle-done'

/**
 * Behind AUTHENTICATE (RFC 9051 section 6.2.2) lines without tag and word are data: base64, `*`, nothing. Behind IDLE
 * (section 6.3.13) DONE is.
 */
export class LoneDialogue {
  #open: { readonly kind: LoneData; readonly mechanism: string } | undefined

  /** A command came; undefined where it could not be read. */
  observe(command: Command | undefined): void {
    this.#open = undefined
    if (command?.name === 'AUTHENTICATE')
      this.#open = { kind: 'sasl-data', mechanism: command.mechanism.toUpperCase() }
    if (command?.name === 'IDLE') this.#open = { kind: 'idle-done', mechanism: '' }
  }

  /** What this line is, when it is no command. */
  claims({ parts }: RawMessage): LoneData | undefined {
    const [line] = parts
    if (!this.#open || parts.length !== 1 || line?.kind !== 'line') return undefined
    const { kind, mechanism } = this.#open
    if (kind === 'idle-done') return isDone(line.octets) ? this.#close() : undefined
    const head = nameOfCommandLine(line.octets)
    // GroupWise writes the mechanism's name before each of its lines.
    if (!head || head.tag.toUpperCase() === mechanism) return kind
    // Two words that are no command known here may be anything: what is taken for data is never shown.
    return isKnownCommandWord(head.word) || head.word === 'UID' ? undefined : kind
  }

  #close(): LoneData {
    this.#open = undefined
    return 'idle-done'
  }
}

const isDone = (line: Uint8Array): boolean => latin1(line).trim().toUpperCase() === 'DONE'
