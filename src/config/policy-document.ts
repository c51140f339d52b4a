/** A policy as its author wrote it, checked and with its defaults, not yet compiled; type only. */

/** Where something stands, for whoever has to mend it: `policy.yaml:12:7: rules.3.when`. */
export type Where = string

export interface PolicyDocument {
  /** `dry-run`: traffic passes as if there was no policy, and what would have happened is recorded. */
  readonly mode: 'enforce' | 'dry-run'
  /** For commands that no rule decides; opening and closing a session is always allowed unless a rule refuses it. */
  readonly default: 'allow' | 'deny'
  readonly rules: readonly RuleDocument[]
  /** Capabilities hidden from everybody, and refused when used; `NAME-*` and `*-NAME` are patterns. */
  readonly hideCapabilities: readonly string[]
  /** Commands without a grammar here that rules may allow all the same; upper case. Others are refused. */
  readonly unknownCommands: readonly string[]
  /** First match per mailbox wins; without any, all mailboxes are visible with all rights. */
  readonly mailboxes: readonly MailboxRuleDocument[]
  /** What no mailbox rule names. */
  readonly otherMailboxes: 'visible' | 'hidden'
  readonly limits: LimitsDocument
  /** May users log in as somebody else (SASL authzid, `user*master`, PROXYAUTH)? */
  readonly allowProxyLogin: boolean
  /** May users log in without TLS on a listener that is not on loopback? */
  readonly allowCleartextLogin: boolean
  readonly id: IdDocument
  /** Names of what it extends, in order, the extended ones of those included. */
  readonly profiles: readonly string[]
  /** Those whose `default: deny` the policy's own `default: allow` overrules. */
  readonly overruled?: readonly string[] | undefined
  readonly where: Where
}

export interface RuleDocument {
  /** Unique. */
  readonly name: string
  /** CEL; undefined always applies. */
  readonly when: string | undefined
  readonly effect: EffectDocument
  readonly isDryRun: boolean
  /** Whether its decisions are logged or audited beside being counted. */
  readonly record: 'count' | 'log' | 'audit'
  readonly where: RuleWhere
}

/** Where a rule's parts stand, for messages about it. */
export interface RuleWhere {
  readonly rule: Where
  readonly name: Where
  readonly when: Where
  /** Where a UTF-16 unit of the condition stands. */
  whenAt(offset: number): Where
}

/** Effects that are not final (rewrite, delay, hide, record) let the next rules decide. */
export type EffectDocument =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'deny'
      readonly status: 'NO' | 'BAD'
      readonly code: string | undefined
      readonly text: string
    }
  /** Hides capabilities from the sessions that `when` fits: it is asked without a command. */
  | { readonly kind: 'hide'; readonly capabilities: readonly string[] }
  | { readonly kind: 'rewrite'; readonly rewrites: readonly Rewrite[] }
  | {
      readonly kind: 'hold'
      readonly deadline: number
      readonly otherwise: 'allow' | 'deny'
      readonly text: string
    }
  | { readonly kind: 'delay'; readonly millis: number }
  | { readonly kind: 'close'; readonly text: string }
  /** Only records. */
  | { readonly kind: 'record' }

/** `examine`: SELECT becomes EXAMINE. `peek`: BODY[] becomes BODY.PEEK[], and RFC822 its peeking kin. `strip-id`: ID NIL. */
export type Rewrite = 'examine' | 'peek' | 'strip-id'

export type Right = 'read' | 'flag' | 'insert' | 'create' | 'delete'

export interface MailboxRuleDocument {
  /** Globs on user names; empty is everybody. */
  readonly users: readonly string[]
  /** `/` separates levels whatever the server uses; `*` stays within a level, `**` does not. Decoded, NFC. */
  readonly patterns: readonly string[]
  readonly access:
    | { readonly kind: 'hidden' }
    | { readonly kind: 'rights'; readonly rights: readonly Right[] }
  readonly where: Where
  /** Of each pattern. */
  readonly places?: readonly Where[]
}

/** Undefined: no such limit. Times are milliseconds, sizes octets. */
export interface LimitsDocument {
  readonly preAuthTime?: number | undefined
  readonly preAuthOctets?: number | undefined
  readonly commandsPerSecond?: number | undefined
  /** From the server to the client, for a user in all sessions of the last hour. */
  readonly octetsPerHour?: number | undefined
  /** Messages whose content was fetched, for a user in the last hour. */
  readonly messagesPerHour?: number | undefined
  readonly sessionsPerUser?: number | undefined
  readonly sessionsPerAddress?: number | undefined
  readonly failedLogins?: FailedLoginsDocument | undefined
  readonly appendOctets?: number | undefined
  readonly literalOctets?: number | undefined
  /** The content of messages with an attachment beyond this is not given out, nor taken in. */
  readonly attachmentOctets?: number | undefined
}

/** Behind `free` failures of an address or a user each further one waits twice as long, up to `longest`. */
export interface FailedLoginsDocument {
  readonly free: number
  readonly first: number
  readonly longest: number
  /** Failures are forgotten after this time. */
  readonly forget: number
}

export interface IdDocument {
  /** Fields that clients may send upstream; undefined: all but `x-*`. */
  readonly keep: readonly string[] | undefined
  /** Fields put in their place, or beside them. */
  readonly set: Readonly<Record<string, string>>
  /** Tells the server who the client is, by an ID of our own before login (`x-originating-ip` and its kin). */
  readonly forwardAddress: boolean
}
