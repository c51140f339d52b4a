/** What an audit says, record by record, as JSON; holds no credential, and knows no file and no chain. */

import { clip, printable } from '../imap/printable.ts'
import type { Address, ProxyEvent, ReleasedHow } from '../relay/event.ts'

export const auditVersion = 1

export type DecidedEvent = Extract<ProxyEvent, { kind: 'decided' }>

/** Where a session comes from; undefined where nobody heard it begin. */
export interface Origin {
  readonly address: Address
  readonly listener: string
}

/** Records that are about no single command. */
export type AuditNote =
  /** The first of a file. A chain keeps its name over all its files. */
  | { readonly kind: 'header'; readonly imaptap: 'audit'; readonly version: number; readonly chain: string }
  | {
      readonly kind: 'start'
      readonly run: string
      readonly writer: string
      readonly pid: number
      readonly mode: 'strict' | 'relaxed'
      readonly policy?: string | undefined
      /** Of all the policy. */
      readonly dryRun?: true | undefined
    }
  | { readonly kind: 'stop'; readonly run: string }
  /** Octets behind the last whole record were cut; so many records could not be written since. */
  | {
      readonly kind: 'recovered'
      readonly reason: string
      readonly octets: number
      readonly records: number
      readonly since?: string | undefined
    }
  /** So many records could not be kept: more came than the disk took. */
  | { readonly kind: 'lost'; readonly reason: string; readonly records: number; readonly since: string }
  /** Another policy is in force, or what was switched; or it was refused: then `problem` says why and `policy` stays. */
  | {
      readonly kind: 'policy'
      readonly old: string | undefined
      readonly policy: string | undefined
      /** All of the policy is only recorded from now on. */
      readonly dryRun?: true | undefined
      /** By hand, while the proxy runs: `the policy: dry run`. */
      readonly switched?: string | undefined
      /** Such switches that ended, since the files were read again. */
      readonly ended?: readonly string[] | undefined
      readonly problem?: string | undefined
      readonly by: string
    }
  | ApprovalNote

export interface ApprovalNote {
  readonly kind: 'approval'
  readonly session: string
  readonly ticket: number
  /** `asked` when a command begins to wait, `ended` when it waits no more. */
  readonly step: 'asked' | 'ended'
  readonly rule: string
  /** What happens when nobody rules. */
  readonly otherwise?: 'allow' | 'deny' | undefined
  readonly how?: ReleasedHow | undefined
  /** Who ruled, as far as it is known: `ann by imaptap attach`, ... */
  readonly by?: string | undefined
}

/** Names of mailboxes that a record has at most; the others are counted. */
const MAILBOXES = 100
/** Characters of a text. */
const SHOWN = 2_000

export const makeHeader = (chain: string): AuditNote => ({
  kind: 'header',
  imaptap: 'audit',
  version: auditVersion,
  chain,
})

export function writeNote(note: AuditNote, wall: number): string {
  return writeBody(note.kind, wall, { ...note, kind: undefined })
}

/** It has to be asked while the event is told: views and exchanges live on. */
export function writeDecision(event: DecidedEvent, wall: number, known: Known): string {
  const { decided, exchange, view, session } = event
  const { mailboxes, isDryRun } = decided
  return writeBody('decision', wall, {
    session,
    user: view.user ?? exchange?.user,
    address: known.origin && writeAddress(known.origin.address),
    listener: known.origin?.listener,
    tag: exchange?.tag,
    command: exchange?.name,
    args: exchange?.args === '' ? undefined : exchange?.args,
    mailboxes: mailboxes.length > 0 ? mailboxes.slice(0, MAILBOXES) : undefined,
    moreMailboxes: mailboxes.length > MAILBOXES ? mailboxes.length - MAILBOXES : undefined,
    rule: decided.rule,
    effect: decided.effect,
    dryRun: isDryRun ? true : undefined,
    why: decided.why,
    sent: decided.sent,
    policy: known.policy,
    ...(decided.level === 'audit' && { client: view.client, selected: view.mailbox?.name }),
  })
}

export interface Known {
  readonly origin: Origin | undefined
  /** The hash of the policy in force. */
  readonly policy: string | undefined
}

type Value = string | number | boolean | readonly string[] | undefined

/** Fields as JSON without braces: the chain puts its own around them. */
function writeBody(kind: string, wall: number, fields: Readonly<Record<string, Value>>): string {
  let json = `"time":"${new Date(wall).toISOString()}","kind":"${kind}"`
  for (const name in fields) {
    const value = fields[name]
    if (value !== undefined) json += `,"${name}":${writeValue(value)}`
  }
  return json
}

/** Tags, names and texts come from peers as well: nothing of them may break a line or move a cursor. */
function writeValue(value: Exclude<Value, undefined>): string {
  if (typeof value === 'string') return JSON.stringify(printable(value, SHOWN))
  if (typeof value === 'object') return JSON.stringify(value.map((text) => printable(text, SHOWN)))
  return String(value)
}

function writeAddress({ host, port }: Address): string {
  return clip(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`, SHOWN)
}
