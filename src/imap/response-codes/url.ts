/** Response codes that hold a URL or what URLs are made of; knows no scheme. */

import type { Cursor } from '../cursor.ts'
import { SP } from '../octets.ts'
import { Secret } from '../secret.ts'
import { decodeText } from '../utf8.ts'
import { readCodeRest, readCodeWord, type CodeForm } from './form.ts'

/** Where to go instead (RFC 2221, RFC 2193: several for a mailbox). May name a user, and badly made ones a password. */
export interface ReferralCode {
  readonly name: 'REFERRAL'
  readonly urls: readonly string[]
}

export const referral: CodeForm<ReferralCode> = {
  names: ['REFERRAL'],
  read: (cursor, name) => ({ name, urls: readUrls(cursor).split(' ') }),
  write: (writer, { urls }) => writer.text(` ${urls.join(' ')}`),
}

/** The URL of CATENATE or URLFETCH that could not be used (RFC 4469 section 4.1), as it stood there. */
export interface BadUrlCode {
  readonly name: 'BADURL'
  readonly url: string
}

export const badUrl: CodeForm<BadUrlCode> = {
  names: ['BADURL'],
  read: (cursor, name) => ({ name, url: readUrls(cursor) }),
  write: (writer, { url }) => writer.text(` ${url}`),
}

/** Gmail wants its user to look at this page: who has the URL may act as that user. */
export interface WebAlertCode {
  readonly name: 'WEBALERT'
  readonly url: Secret<string>
}

export const webAlert: CodeForm<WebAlertCode> = {
  names: ['WEBALERT'],
  read: (cursor, name) => ({ name, url: new Secret(readUrls(cursor)) }),
  write: (writer, { url }) => writer.text(` ${url.reveal()}`),
}

/** The mechanisms that sign URLs in this mailbox, INTERNAL before all (RFC 4467 section 6). */
export interface UrlMechCode {
  readonly name: 'URLMECH'
  readonly mechanisms: readonly {
    readonly name: string
    /** Base64: what a client may sign with. */
    readonly data?: Secret<string>
  }[]
}

export const urlMech: CodeForm<UrlMechCode> = {
  names: ['URLMECH'],
  read(cursor, name) {
    const mechanisms: UrlMechCode['mechanisms'][number][] = []
    do {
      cursor.readSpace()
      mechanisms.push(readMechanism(cursor))
    } while (cursor.peek() === SP)
    if (mechanisms[0]?.name !== 'INTERNAL' || mechanisms[0].data)
      cursor.quirk('missing-internal', 'mechanisms without INTERNAL before them')
    return { name, mechanisms }
  },
  write(writer, { mechanisms }) {
    for (const { name, data } of mechanisms) writer.text(` ${name}${data ? `=${data.reveal()}` : ''}`)
  },
}

function readMechanism(cursor: Cursor): UrlMechCode['mechanisms'][number] {
  const word = readCodeWord(cursor)
  const equals = word.indexOf('=')
  if (equals < 0) return { name: word.toUpperCase() === 'INTERNAL' ? 'INTERNAL' : word }
  return { name: word.slice(0, equals), data: new Secret(word.slice(equals + 1)) }
}

function readUrls(cursor: Cursor): string {
  cursor.readSpace()
  const urls = decodeText(readCodeRest(cursor))
  const trimmed = urls.trim().replace(/ {2,}/gu, ' ')
  if (trimmed === '') return cursor.fail('odd-code', 'no URL')
  if (trimmed !== urls) cursor.quirk('extra-space', 'more than one space between two words')
  return trimmed
}
