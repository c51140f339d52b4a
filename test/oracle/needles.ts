/** Finds what must never reach a client in what it received, in every encoding that a server could put it in. */

import { encodeMailboxName } from '../../src/imap/mailbox.ts'
import { quote } from './direct.ts'
import type { World } from './world.ts'

export interface Needles {
  /** Octets that may be the beginning of something hidden are kept for the next chunk. */
  watch(): Watch
}

export interface Watch {
  /** What was found in these octets and those before them. */
  feed(received: string): readonly string[]
}

/** Octets kept of what came before: longer than any needle. */
const CARRY = 120

/** In blind lanes the names must not appear either; in others the client itself wrote them. */
export function makeNeedles(world: World, marks: readonly string[]): Needles {
  const secrets = world.canaries.flatMap(({ token, key }) => (world.isBlind ? [token, key] : [token]))
  const plain = secrets.flatMap((secret) => [
    escapePattern(secret),
    escapePattern(secret.split('').toReversed().join('')),
  ])
  const caseless = new RegExp(plain.join('|'), 'i')
  const encoded = secrets.flatMap((secret) => [
    ...base64Phases(Buffer.from(secret, 'utf8')),
    ...base64Phases(Buffer.from(secret, 'utf16le').swap16()),
  ])
  const exact = new RegExp([...encoded.map(escapePattern), ...marks.map(aloneStanding)].join('|'))
  return {
    watch: () => {
      let carry = ''
      return {
        feed(received) {
          const text = carry + received
          carry = text.slice(-CARRY)
          const found = [caseless.exec(text)?.[0], exact.exec(text)?.[0]]
          const isFound = (one: string | undefined): one is string => one !== undefined
          const leaks = found.filter(isFound)
          // What was told of is not told of again with the next chunk.
          if (leaks.length > 0) carry = ''
          return leaks
        },
      }
    },
  }
}

/** What stays the same of the base64 of an octet string wherever it begins: one text for each of three phases. */
export function base64Phases(octets: Uint8Array): string[] {
  return [0, 1, 2].map((phase) => {
    const text = Buffer.concat([Buffer.alloc(phase), octets])
      .toString('base64')
      .replaceAll('=', '')
    const touchedBefore = phase === 0 ? 0 : phase + 1
    const isWhole = (phase + octets.length) % 3 === 0
    return text.slice(touchedBefore, isWhole ? undefined : -1)
  })
}

const escapePattern = (text: string): string => text.replaceAll(/[^\w]/g, '\\$&')

/** A UIDVALIDITY may be the time of day: it tells something only where it stands as one. */
const aloneStanding = (mark: string): string =>
  /^\d+$/.test(mark)
    ? `(?<=UIDVALIDITY[ =]|COPYUID |APPENDUID )${mark}(?!\\d)`
    : `(?<!\\w)${escapePattern(mark)}(?!\\w)`

/** Data about a hidden mailbox by name, which nobody is told of a mailbox that does not exist. */
const TELLING =
  /^\* (?:LIST|LSUB|XLIST|RLIST|RLSUB|SCAN|MAILBOX|STATUS|METADATA|ACL|MYRIGHTS|LISTRIGHTS|QUOTAROOT|ANNOTATION|ANNOTATEMORE|ESEARCH|URLFETCH|GENURLAUTH|XCONVMETA|SORT|SEARCH) .*$/gim

/** Lines that speak of a canary as of something that is there; for lanes whose clients know the names. */
export function findTellingLines(received: string, { canaries }: World): string[] {
  const names = canaries.map(({ name }) => escapePattern(encodeMailboxName(name)))
  // Clients make mailboxes of much the same names: those are theirs to see.
  const whole = new RegExp(`^(?:(?:Other Users|Shared Folders|[^ /]+)[/.])*(?:${names.join('|')})(?=[/.]|$)`)
  const tells = (line: string): boolean => stringsOf(line).some((text) => whole.test(text))
  return findLines(received).filter((line) => !/\\Non-?Existent/i.test(line) && tells(line))
}

/** The strings and atoms of a line. */
export const stringsOf = (line: string): string[] =>
  [...line.matchAll(/"((?:\\.|[^"\\])*)"|([^\s()"]+)/g)].map(
    ([, quoted, atom]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? atom ?? '',
  )

/** Data about mailboxes, each as one line. */
export const findLines = (received: string): string[] =>
  [...withoutLiterals(received).matchAll(TELLING)].map(([line]) => line)

/** Short literals, which may be names, put into their lines; long ones, which are content, left out. */
export function withoutLiterals(received: string): string {
  const parts: string[] = []
  const announcement = /\{(\d+)\}\r\n/g
  let from = 0
  for (let found = announcement.exec(received); found; found = announcement.exec(received)) {
    const start = found.index + found[0].length
    const end = Math.min(received.length, start + Number(found[1]))
    const content = received.slice(start, end)
    const isName = content.length <= 200 && !/[\r\n]/.test(content)
    parts.push(received.slice(from, found.index), isName ? quote(content) : '~')
    from = end
    announcement.lastIndex = end
  }
  return parts.join('') + received.slice(from)
}
