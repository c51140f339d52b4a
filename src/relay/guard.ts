/** The contract between the engine and whoever decides in enforcing mode: what is asked, and what can be answered; type only. */

import type { Command } from '../imap/commands/index.ts'
import type { Fault } from '../imap/fault.ts'
import type { Secret } from '../imap/secret.ts'
import type { Response, UntaggedData } from '../imap/responses/index.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { SessionView } from '../session/session.ts'
import type { Address, SessionId, TlsFacts } from './event.ts'
import type { Millis } from './input.ts'

/** What was decided of one command, or of one response; what the audit keeps. */
export interface Decided {
  /** The rule's name, or the name of a built-in one such as `strict`, `unknown-command`, `visibility`, `limit`. */
  readonly rule: string
  readonly effect: DecidedEffect
  /** One printable sentence without credentials. */
  readonly why: string
  /** The policy was only asked: the message went on as if there was none. */
  readonly isDryRun: boolean
  /** Decoded names of the mailboxes that the command is about, in order. */
  readonly mailboxes: readonly string[]
  /** What upstream gets, as one printable redacted line, where it is not what the client said. */
  readonly sent?: string | undefined
  /** `log`: it is told in the log as well. `audit`: its record in the audit says more. Refusals are told at every level. */
  readonly level: 'count' | 'log' | 'audit'
}

/** `record`: a rule that only records fitted; another one decides. */
export type DecidedEffect = 'allow' | 'deny' | 'rewrite' | 'hide' | 'hold' | 'delay' | 'close' | 'record'

/** A command as it is put before the guard: read by the strict reading, and whole but for a streamed message. */
export interface GuardedCommand {
  readonly command: Command
  /** Upper case; `UID FETCH` for UID forms. */
  readonly name: string
  /** Octets of the command on the wire, the literals that it announces included. */
  readonly octets: number
  /** Octets of its largest literal. */
  readonly largestLiteral: number
  /** Octets of the largest message that APPEND or REPLACE brings; 0 for other commands. */
  readonly messageOctets: number
  readonly exchange: Exchange
  readonly legs: GuardedLegs
  readonly at: Millis
}

export interface GuardedLegs {
  readonly view: SessionView
  readonly canStartTls: boolean
  readonly isCompressed: boolean
}

export interface GuardAnswer {
  readonly kind: 'answer'
  readonly status: 'NO' | 'BAD'
  readonly code?: string | undefined
  readonly text: string
}

export type GuardAction =
  /**
   * Upstream gets what is written from this tree, under the client's tag. It is the command itself or what was put in
   * its place.
   */
  | { readonly kind: 'forward'; readonly command: Command }
  | GuardAnswer
  /** Answered OK here, and the client's leg is compressed from there on. */
  | { readonly kind: 'compress' }
  /** The client hears BYE, and the session ends. */
  | { readonly kind: 'close'; readonly text: string }
  /** Upstream is asked something first under a tag of ours; when it has answered, the guard is asked again. */
  | { readonly kind: 'ask-first'; readonly command: Command }

export interface GuardVerdict {
  readonly action: GuardAction
  /** Everything worth a record, in order: dry runs first, what holds last. Empty only for `ask-first`. */
  readonly decided: readonly Decided[]
  /** Milliseconds that the command waits before `action` is done. */
  readonly delay?: Millis | undefined
  /** A person has to agree to `action` first; the deadline passes as `otherwise`. */
  readonly approval?: Approval | undefined
  /** What upstream gets, as one line, without what stands in it only to name nothing. */
  readonly showSent?: ((line: string) => string) | undefined
  /** Kept with the exchange, and shown again for each of its responses; the engine does not look into it. */
  readonly memory?: unknown
}

export interface Approval {
  readonly rule: string
  /** Milliseconds. */
  readonly deadline: Millis
  /** What happens when nobody ruled. */
  readonly otherwise: 'allow' | 'deny'
  /** What the client is told when it is refused. */
  readonly refusal: GuardAnswer
  /** For whoever rules, and nobody else. */
  readonly note?: string | undefined
}

/** What could not be put before `decide`: it was refused by the engine itself, and is told for the record. */
export interface RefusedInput {
  /** `strict`: not in the grammar; `framing`: a line or literal that no two readers agree on; `too-large`, `tag`, `idle`, `sasl`, ... */
  readonly reason: string
  readonly fault: Fault | undefined
  readonly exchange: Exchange | undefined
  readonly text: string
  /** The session is cut for it. */
  readonly isCut: boolean
  readonly at: Millis
}

/** One line of a SASL dialogue (RFC 9051 section 6.2.2); an initial response is the first of them. */
export interface GuardedSasl {
  /** Upper case. */
  readonly mechanism: string
  /** 0 for the client's first message. */
  readonly step: number
  /** Decoded from base64. One UTF-16 unit per octet. */
  readonly data: Secret<string>
  readonly exchange: Exchange
  readonly legs: GuardedLegs
  readonly at: Millis
}

/** A command of which a literal is announced, and nothing read but how it begins. */
export interface GuardedHead {
  /** Upper case, as it stands there. */
  readonly name: string
  readonly at: Millis
}

export type DecidedAnswer = GuardAnswer & { readonly decided: Decided }

/** What is said of a line of a login. */
export type SaslVerdict = SaslRefusal | NamedUser

/** An answer cancels the dialogue with the server and is what the client hears; or the session ends. */
export type SaslRefusal = (GuardAnswer | Extract<GuardAction, { readonly kind: 'close' }>) & SaidOfLogin

interface SaidOfLogin {
  /** Whom the line names. */
  readonly user?: string | undefined
  /** What was decided before `decided`, in order, now that the user is known. */
  readonly also?: readonly Decided[] | undefined
  readonly decided: Decided
}

/** The line says whose login this is: that is recorded before it goes on. */
export interface NamedUser extends SaidOfLogin {
  readonly kind: 'named'
  readonly user: string
  /** Milliseconds that the line waits before it goes on. */
  readonly delay?: Millis | undefined
}

/** A response as it is put before the guard; big literals of it may have been left out. */
export interface GuardedResponse {
  readonly response: Response
  /** The exchange that it is attributed to, with what `decide` kept for it. */
  readonly exchange: Exchange | undefined
  readonly memory: unknown
  readonly legs: GuardedLegs
  /** A login is not answered yet: what is announced meanwhile is for behind it. */
  readonly isLoginOpen: boolean
  readonly at: Millis
}

/** A limit is reached: the session ends, and the client hears why. */
export interface EndOfSession {
  readonly kind: 'end'
  readonly decided: Decided
  readonly code: string
  readonly text: string
}

/** A line of a response, without the literals about it. */
export interface GlancedLine {
  /** Upper case; `FETCH` of `* 3 FETCH (...`. */
  readonly name: string
  /** One UTF-16 unit per octet. */
  readonly line: string
  /** False behind a literal. */
  readonly isFirst: boolean
  readonly at: Millis
}

export type GuardedResponseAction =
  | { readonly kind: 'forward' }
  | { readonly kind: 'replace'; readonly response: Response; readonly notes: readonly string[] }
  /** Untagged responses only. */
  | { readonly kind: 'drop'; readonly notes: readonly string[] }
  /** The server broke what must hold: the session is cut. */
  | { readonly kind: 'cut'; readonly reason: string }
  | EndOfSession

/** Where a session comes from; known when it opens, but for TLS. */
export interface SessionOrigin {
  readonly session: SessionId
  /** The client's own, also where a load balancer stands between. */
  readonly address: Address
  /** The listener's URL. */
  readonly listener: string
  /** The listener's address is on loopback: what comes to it crosses no network. */
  readonly isLoopback: boolean
  /** Of the client's leg, as they stand now. */
  tls(): TlsFacts | undefined
}

/** Decides for one session. It never waits, and never throws for what a peer did. */
export interface Guard {
  /** Another one as soon as decisions of before do not hold any more: what waited is decided anew. */
  readonly epoch?: unknown
  decide(command: GuardedCommand): GuardVerdict
  /** Asked before the client is asked for a literal: what is refused whatever it holds is not sent at all. */
  readonly refuseHead?: ((head: GuardedHead) => DecidedAnswer | undefined) | undefined
  /** Undefined lets the line go on. */
  decideSasl(sasl: GuardedSasl): SaslVerdict | undefined
  /** For the record; undefined where nothing is to be told. */
  noteRefused(refused: RefusedInput): Decided
  /** Whether `filter` has to see responses of this word, upper case: `LIST`, `FETCH`, `OK`, ... Others pass unread. */
  reads(word: string): boolean
  /**
   * Shown each line of a response of data before it goes on, also where its literals stream past; an answer ends the
   * session first. Undefined where nothing is to be counted.
   */
  readonly glance?: ((glanced: GlancedLine) => EndOfSession | undefined) | undefined
  /** Of responses of which words; of all where it is undefined. A line that nobody looks at is not even decoded. */
  readonly glances?: ((word: string) => boolean) | undefined
  filter(response: GuardedResponse): GuardedResponseAction
  /** An untagged answer to what was asked first; the client does not get it. */
  learn(data: UntaggedData): void
  /** What was asked first was answered, in whatever way. */
  learned(status: 'OK' | 'NO' | 'BAD', asked: Command): void
  /** Another policy holds: whether this session may still go on under it. */
  readonly reconsider?: ((at: Millis) => EndOfSession | undefined) | undefined
  /** The session is over. */
  end(at: Millis): void
}
