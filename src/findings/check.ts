/** The shape of a check: what it is called, whose fault it tells, and which messages it looks at; type only. */

import type { UntaggedData, TaggedResponse, ContinuationResponse } from '../imap/responses/index.ts'
import type { Fault } from '../imap/fault.ts'
import type { Command } from '../imap/commands/index.ts'
import type { ProxyEvent } from '../relay/event.ts'
import type { Exchange } from '../session/exchanges.ts'
import type { Culprit, FindingLevel } from './finding.ts'
import type { ServerKind } from './model/server-kind.ts'
import type { Work } from './model/work.ts'
import type { Scene } from './scene.ts'

type EventOf<Kind extends ProxyEvent['kind']> = Extract<ProxyEvent, { readonly kind: Kind }>
/** Some data have several names: `EXISTS` and `RECENT` are one shape. */
type DataOf<Name extends UntaggedData['name'], Data = UntaggedData> = Data extends {
  readonly name: infer Own
}
  ? Name extends Own
    ? Data
    : never
  : never

/** A command that went to the server, whole and readable. */
export interface SeenCommand {
  readonly command: Command
  /** Upper case, `UID FETCH` for UID forms. */
  readonly name: string
  readonly event: EventOf<'message'>
}

export interface SeenCompletion {
  readonly response: TaggedResponse
  /** Undefined where no command with this tag is in progress. */
  readonly work: Work | undefined
  readonly event: EventOf<'message'>
}

/**
 * What a check looks at. Every hook is called before the model takes the message in, so that `scene.model` shows what
 * held right before it. Server hooks hear what the server itself sent: what rules made of it is not the server's, and
 * what imaptap said itself is nobody's.
 */
export interface Hooks {
  opened?(scene: Scene, event: EventOf<'opened'>): void
  secured?(scene: Scene, event: EventOf<'secured'>): void
  tlsFailed?(scene: Scene, event: EventOf<'tls-failed'>): void
  /**
   * A command by its name, `UID FETCH` for UID forms; `unknown` is each that nobody knows. `*` is every command, and
   * costs time with each of them.
   */
  readonly commands?: Readonly<Record<string, (scene: Scene, seen: SeenCommand) => void>>
  /** SASL data, DONE, and lines of a client that nobody can read. */
  clientData?(scene: Scene, event: EventOf<'message'>): void
  readonly untagged?: {
    readonly [Name in UntaggedData['name']]?: (scene: Scene, data: DataOf<Name>) => void
  }
  /** Every untagged response, behind those of its name. */
  anyUntagged?(scene: Scene, data: UntaggedData): void
  /** A completion by the name of its command; `*` is every completion, those of unknown tags too. */
  readonly completions?: Readonly<Record<string, (scene: Scene, seen: SeenCompletion) => void>>
  /**
   * What a server announces, upper case, as data or in a code. `isInside`: it holds behind login, as what is announced
   * while a login is in progress does.
   */
  capabilities?(scene: Scene, words: ReadonlySet<string>, isInside: boolean): void
  continuation?(scene: Scene, response: ContinuationResponse): void
  /** A message of either side that has literals, readable or not. Not those of imaptap. */
  literals?(scene: Scene, event: EventOf<'message'>): void
  /** A response of the server that bends the grammar and could be read all the same. */
  bent?(scene: Scene, quirks: readonly Fault[]): void
  unreadable?(scene: Scene, event: EventOf<'unreadable'>): void
  warning?(scene: Scene, event: EventOf<'warning'>): void
  /** Behind the completion's hooks: with times and octets. Also of what imaptap answered, and of what was aborted. */
  exchange?(scene: Scene, exchange: Exchange, work: Work | undefined): void
  closed?(scene: Scene, event: EventOf<'closed'>): void
}

export interface Check extends Hooks {
  /** `S01`; stable. */
  readonly id: string
  /** Kebab-case: `expunge-without-command`. */
  readonly name: string
  readonly level: FindingLevel
  readonly side: Culprit
  /** What is wrong, in general, as one sentence: for the page of findings. */
  readonly title: string
  /** `RFC 9051 section 7.5.1`, more of them joined by `, `. */
  readonly reference: string
  /** One sentence: what to do. */
  readonly advice: string
  /** It judges by what was said since the session began: silent of one that is heard from its middle on. */
  readonly needsBeginning?: true
  /** Its FETCH hook also wants responses of which only the numbers were read (`fetch-glance.ts`). */
  readonly glances?: true
  /** Known noise of known servers, and the level that is left of it. */
  readonly noise?: Readonly<Partial<Record<ServerKind, FindingLevel>>>
}
