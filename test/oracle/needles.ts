/** Finds what must never reach a client in what it received, in every encoding that a server could put it in. */

import { encodeMailboxName } from '../../src/imap/mailbox.ts'
import { quote } from './direct.ts'
import { secretsOf, type World } from './world.ts'

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
  const secrets = [
    ...secretsOf(world).map(({ token }) => token),
    ...(world.isBlind ? world.canaries.map(({ key }) => key) : []),
  ]
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

/**
 * Whatever a server says of its own accord, what it says was done, and items of messages that name mailboxes. Not flags:
 * clients make keywords of any name, and those of canaries are needles.
 */
const TELLING =
  /^(?:\* (?!FLAGS |OK \[PERMANENTFLAGS )[a-z][a-z-]* .*|[^*+\s]\S* OK .*|\* \d+ (?:UID)?FETCH .*\b(?:X-MAILBOX|X-REAL-MAILBOX|FOLDER|MAILBOX) .*)$/gim

/** Lines that speak of a canary as of something that is there; for lanes whose clients know the names. */
export function findTellingLines(received: string, world: World): string[] {
  return findLines(received).filter((line) => tellingStrings(line, world).length > 0)
}

/** The names of canaries in a line, each with whatever stands above and below it; those that only begin alike are clients' own. */
export function tellingStrings(line: string, world: World): string[] {
  const whole = wholeNames(world)
  return stringsOf(line.replace(keywords, '')).filter((text) => whole.test(text))
}

const keywords = /\bFLAGS \([^)]*\)/g

const patterns = new WeakMap<World, RegExp>()

/** Above a name where a server puts it into a namespace; whatever else stands above it, clients made. */
const roots =
  '(?:INBOX[/.]|imap:[/][/][^/]*[/]|[#~][^/.]*[/.]|(?:user|(?:Other )?Users|(?:Shared )?Folders|shared)[/.](?:[^/.]+[/.])?)*'

function wholeNames(world: World): RegExp {
  const known = patterns.get(world)
  if (known) return known
  const names = secretsOf(world).flatMap(({ name }) => [encodeMailboxName(name), latin1OfUtf8(name)])
  const whole = new RegExp(`^${roots}(?:${[...new Set(names)].map(escapePattern).join('|')})(?=[/.;]|$)`)
  patterns.set(world, whole)
  return whole
}

/** As IMAP4rev2 has names. */
const latin1OfUtf8 = (name: string): string => Buffer.from(name, 'utf8').toString('latin1')

/** The strings and atoms of a line. */
export const stringsOf = (line: string): string[] =>
  [...line.matchAll(/"((?:\\.|[^"\\])*)"|([^\s()"]+)/g)].map(
    ([, quoted, atom]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? atom ?? '',
  )

/** Data that may be about mailboxes, each as one line. */
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
