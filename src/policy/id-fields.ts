/** What a server learns of clients by ID (RFC 2971): which of their fields go on, and what imaptap says itself; knows no session. */

import type { IdDocument } from '../config/policy-document.ts'
import type { Command } from '../imap/commands/index.ts'
import type { IdCommand } from '../imap/commands/id.ts'
import type { IdParameter } from '../imap/id-parameters.ts'
import type { SessionOrigin } from '../relay/guard.ts'

export type IdOrigin = Pick<SessionOrigin, 'session' | 'address' | 'listener'>

/** The command with the fields that may go upstream and those that the policy sets; other commands stay. */
export function adaptId(command: Command, document: IdDocument, origin: IdOrigin): Command {
  if (command.name !== 'ID') return command
  const kept = (command.parameters ?? []).filter(({ field }) => mayPass(field, document))
  return { ...command, parameters: withOwn(kept, document, origin) }
}

/**
 * An ID of our own, to be said before the client's login: servers that trust us take the client's address from it for
 * their logs and limits. Undefined where there is nothing to say.
 */
export function makeForwardingId(tag: string, document: IdDocument, origin: IdOrigin): IdCommand | undefined {
  if (!document.forwardAddress) return undefined
  return { tag, name: 'ID', parameters: withOwn([], document, origin) }
}

/** Pairs that a command may have (RFC 2971 section 3.3). */
const mostPairs = 30

/** Null where nothing is left to be said: `ID NIL` still asks who the server is. */
function withOwn(
  kept: readonly IdParameter[],
  document: IdDocument,
  origin: IdOrigin,
): readonly IdParameter[] | null {
  const own = [
    ...Object.entries(document.set).map(([field, value]) => ({ field, value })),
    ...(document.forwardAddress ? addressFields(origin) : []),
  ]
  const names = new Set(own.map(({ field }) => field.toLowerCase()))
  const others = kept.filter(({ field }) => !names.has(field.toLowerCase()))
  const all = [...own, ...others].slice(0, mostPairs)
  return all.length === 0 ? null : all
}

/** Dovecot believes these of a proxy that it trusts, and it cannot tell who said them: they are never a client's to say. */
const trusted = /^x-(?:originating|connected|proxy|session|forward)/iu

function mayPass(field: string, { keep }: IdDocument): boolean {
  // A server may cut a field off at NUL or strip spaces about it, and then see another name.
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/u.test(field)) return false
  if (trusted.test(field)) return false
  if (keep) return keep.some((name) => name.toLowerCase() === field.toLowerCase())
  return !/^x-/iu.test(field)
}

/** The names are Dovecot's. How far the way may go on is a hop at a time, against circles. */
function addressFields({ session, address, listener }: IdOrigin): readonly IdParameter[] {
  const connected = readListener(listener)
  return [
    { field: 'x-originating-ip', value: plainAddress(address.host) },
    { field: 'x-originating-port', value: String(address.port) },
    ...(connected
      ? [
          { field: 'x-connected-ip', value: connected.host },
          { field: 'x-connected-port', value: connected.port },
        ]
      : []),
    { field: 'x-session-id', value: session },
    { field: 'x-proxy-ttl', value: '4' },
  ]
}

/** `::ffff:192.0.2.1` is 192.0.2.1, and an interface says nothing elsewhere. */
const plainAddress = (host: string): string => host.replace(/^::ffff:(?=\d+\.)/iu, '').replace(/%.*$/u, '')

/** Of `imaps://127.0.0.1:1993`; a listener by name has no address that could be told. */
function readListener(listener: string): { readonly host: string; readonly port: string } | undefined {
  const found = /^[a-z+]+:\/\/(?:\[([0-9a-f:.]+)\]|([0-9.]+)):(\d+)/iu.exec(listener)
  const host = found?.[1] ?? found?.[2]
  const port = found?.[3]
  return host === undefined || port === undefined ? undefined : { host, port }
}
