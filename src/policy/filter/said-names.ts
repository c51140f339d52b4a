/** The names that a client said in a command, wherever in it: whoever repeats them tells nothing; knows no response. */

import type { Command } from '../../imap/commands/index.ts'
import { decodeMailboxName } from '../../imap/mailbox.ts'
import { latin1 } from '../../imap/octets.ts'
import { Secret } from '../../imap/secret.ts'
import { decodeText } from '../../imap/utf8.ts'
import { foldText } from '../mailbox-spellings.ts'

/** Octets of a literal that is looked into; what is longer is message data, which no server repeats. */
const longestLiteral = 4096

/** Their patterns go upstream as they are: the server looks for mailboxes of these names. */
const looking: ReadonlySet<Command['name']> = new Set<Command['name']>([
  'FIND ALL.BBOARDS',
  'FIND ALL.MAILBOXES',
  'FIND BBOARDS',
  'FIND MAILBOXES',
  'LIST',
  'LSUB',
  'RLIST',
  'RLSUB',
  'XLIST',
])

/** Of a command that looks for mailboxes what is no name: every server says `LIST completed`. */
const ours: ReadonlySet<string> = new Set(['tag', 'name', 'selection', 'returns'])

/** The command as it went upstream: where it named a hidden mailbox another name stands there. */
export class SaidNames {
  readonly #command: Command
  readonly #user: string | undefined
  /** Made when somebody asks: few texts hold a hidden name at all. */
  #text: string | undefined

  /** The user that a login named, in whatever way. */
  constructor(command: Command, user?: string) {
    this.#command = command
    this.#user = user
  }

  /** The server may know more of what was said than the client did. */
  get isLooking(): boolean {
    return looking.has(this.#command.name)
  }

  /** In any case and encoding, and as a part of what was said as well: servers repeat a level, or what they have room for. */
  has(name: string): boolean {
    const bare = simplify(name)
    return bare !== '' && this.#said().includes(bare)
  }

  #said(): string {
    if (this.#text !== undefined) return this.#text
    const words = this.#user === undefined ? [] : [this.#user]
    for (const [key, value] of Object.entries(this.#command))
      if (!this.isLooking || !ours.has(key)) gather(value, words)
    return (this.#text = simplify(words.join(' ')))
  }
}

/** Every text and number, in the order in which they are written. Credentials are none of them. */
function gather(value: unknown, words: string[]): void {
  if (typeof value === 'string') words.push(value)
  else if (typeof value === 'number' || typeof value === 'bigint') words.push(String(value))
  else if (value instanceof Uint8Array) words.push(decodeText(latin1(value.subarray(0, longestLiteral))))
  else if (Array.isArray(value)) for (const item of value) gather(item, words)
  else if (typeof value === 'object' && value !== null && !(value instanceof Secret))
    // The kind of a value is our word for it, and would stand between two of the client's.
    for (const [key, inner] of Object.entries(value)) if (key !== 'kind') gather(inner, words)
}

const shifted = /&[A-Za-z0-9+,]*-/gu

/** What stands about words and between them says nothing, and is written in more ways than one. */
const between = /[\s"'()[\]<>,;:\\]+/gu

/** `&-APY-` is `&APY-`, which some take for one more encoding. */
const mostDecodings = 8

function simplify(text: string): string {
  let decoded = text
  for (let times = 0; times < mostDecodings && decoded.includes('&'); times++)
    decoded = decoded.replace(shifted, (run) => decodeMailboxName(run))
  return foldText(decoded).replace(between, ' ').trim()
}
