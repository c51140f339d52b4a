/** Decides which messages of recorded octets may be credentials out of place; shows nothing itself. */

import { isKnownCommandWord } from '../../imap/commands/index.ts'
import { Message } from '../../imap/message.ts'
import { latin1 } from '../../imap/octets.ts'
import type { RawMessage } from '../../imap/raw-message.ts'
import { takesCredentials } from '../../imap/redact.ts'
import { Secret } from '../../imap/secret.ts'
import { Discretion, isOdd } from '../../relay/discretion.ts'
import type {
  CommandMessage,
  ContinuationMessage,
  DataMessage,
  WireMessage,
} from '../../session/wire-message.ts'
import type { WireReader, WireSides } from '../../session/wire-reader.ts'
import type { Hidden } from './message-json.ts'

/** Asked once for each message, in order, right when the reader gives it. */
export class Hiding {
  readonly #reader: WireReader
  readonly #sides: WireSides
  readonly #discretion: Discretion
  #hasHidden = false

  constructor(reader: WireReader, sides: WireSides) {
    this.#reader = reader
    this.#sides = sides
    this.#discretion = new Discretion(reader.session)
  }

  judge(found: WireMessage): Hidden {
    if (found.name === '' && found.raw.octets <= 2) return 'nothing'
    if (found.kind === 'data') return hidesData(found) ? 'all' : 'nothing'
    if (found.kind === 'command') return this.#judgeCommand(found)
    return this.#hidesResponse(found) ? 'all' : 'nothing'
  }

  #judgeCommand(found: CommandMessage): Hidden {
    const hidden = this.#lookAt(found)
    if (hidden === 'all') {
      this.#hasHidden = true
      found.exchange?.hide()
    }
    if (isRefused(found) && found.exchange) this.#discretion.doubt(found.exchange, announcedSize(found.raw))
    else this.#discretion.settleDoubt(found.message)
    return hidden
  }

  #lookAt(found: CommandMessage): Hidden {
    const { name, value, faults, raw } = found
    const isFlawless = value !== undefined && faults.length === 0
    if (isFlawless && value.name !== 'unknown') return 'nothing'
    if (takesCredentials(name)) return 'all'
    if (value !== undefined && value.name !== 'unknown') return 'nothing'
    if (isRefused(found) && isKnownCommandWord(name)) return 'nothing'
    // A word alone is no command: it may be an answer to a server that is not seen, whatever came before it.
    if (name === '') return 'all'
    if (mentionsLogin(raw) || hidesKnown(found.message)) return 'all'
    if (!this.#discretion.hidesLine(found.message)) return 'nothing'
    return value && isExperiment(value.tag, value.word) ? 'arguments' : 'all'
  }

  #hidesResponse(found: Exclude<WireMessage, { kind: 'command' | 'data' }>): boolean {
    // Without the client's side nobody knows what a server may have repeated; a challenge shows itself.
    if (found.kind === 'continuation' && found.value?.text.text === '') return false
    if (found.kind === 'continuation')
      return this.#sides === 'server'
        ? isChallenge(found)
        : this.#reader.session.continuations.isAuthenticating
    if (this.#sides === 'server') return false
    // In the middle of a session a completion of what was not seen is nothing odd, until something odd was seen.
    const isSuspect = found.exchange !== undefined || this.#hasHidden || found.name === 'BAD'
    if (!this.#reader.hasGreeting && !isSuspect) return false
    return this.#discretion.hidesMessage(found.message, found.exchange)
  }
}

/** The server refused its literal: what there is of it is sound. */
const isRefused = ({ ok, value, name }: CommandMessage): boolean => ok && value === undefined && name !== ''

/** A client that forgot its IDLE sends a command; in it may be anything that may be in commands. */
function hidesData({ name, raw, value }: DataMessage): boolean {
  if (name !== 'IDLE' || !value || String(value.line).trim().toUpperCase() === 'DONE') return false
  const message = new Message(raw, 'command')
  return isOdd(message) || hidesKnown(message)
}

/** Judged strictly it has no value, and would be shown as it is: whether a tolerant eye finds a secret in it. */
function hidesKnown(message: Message): boolean {
  const command = message.command()
  return command.ok && holdsSecret(command.value)
}

const holdsSecret = (value: unknown): boolean =>
  value instanceof Secret ||
  (typeof value === 'object' && value !== null && Object.values(value).some(holdsSecret))

/** `X` and capitals behind a tag with a digit: an experimental command (RFC 3501 section 6.5), and hardly a password. */
const isExperiment = (tag: string, word: string): boolean =>
  /^(?:\.|[A-Za-z]{0,4}\d{1,6})$/u.test(tag) && /^X[A-Z-]{2,20}$/u.test(word)

/** A lone word of base64. */
function isChallenge({ value }: ContinuationMessage): boolean {
  const text = value?.text.text ?? ''
  return text.length >= 4 && text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/u.test(text)
}

function firstLine({ parts }: RawMessage): string {
  const [line] = parts
  return line?.kind === 'line' ? latin1(line.octets, 0, Math.min(line.octets.length, 4096)) : ''
}

/** `LOGIN joe secret`, without its tag. */
const mentionsLogin = (raw: RawMessage): boolean =>
  firstLine(raw)
    .toUpperCase()
    .split(/[\s\u0000]+/u, 4)
    .some((word) => /LOGIN|AUTHENTICATE/u.test(word))

const announcedSize = (raw: RawMessage): number => {
  const last = raw.parts.at(-1)?.octets
  return Number(/\{(\d{1,15})\+?\}\s*$/u.exec(last ? latin1(last) : '')?.[1] ?? 0)
}
