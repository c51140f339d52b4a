/** Who a login is for: reads names out of LOGIN and SASL messages, and says who may not be named; it knows no policy but that. */

import type { Secret } from '../imap/secret.ts'

/** What one message of a SASL dialogue says about identities. */
export type SaslClaim =
  /** It says nothing of anybody. */
  | { readonly kind: 'none' }
  | { readonly kind: 'user'; readonly user: string }
  /** One user asks to act as another. */
  | { readonly kind: 'proxy'; readonly user: string; readonly as: string }
  | { readonly kind: 'unreadable'; readonly why: string }

/** Mechanisms whose messages are read here; of others nobody could say who logs in. */
export const readMechanisms: ReadonlySet<string> = new Set([
  'PLAIN',
  'LOGIN',
  'CRAM-MD5',
  'XOAUTH2',
  'OAUTHBEARER',
  'SCRAM-SHA-1',
  'SCRAM-SHA-224',
  'SCRAM-SHA-256',
  'SCRAM-SHA-384',
  'SCRAM-SHA-512',
  'EXTERNAL',
  'ANONYMOUS',
])

/**
 * The claim of the client's message number `step`, from 0; `data` is decoded, one UTF-16 unit per octet. A message that
 * has no place there is unreadable: a server that passed over the first one would take it for the first.
 */
export function readClaim(mechanism: string, step: number, data: Secret<string>): SaslClaim {
  const message = data.reveal()
  if (step > 0) return isLater(mechanism, step, message) ? none : unreadable('it has no place here')
  if (mechanism === 'PLAIN') return readPlain(message)
  if (mechanism === 'LOGIN') return readUser(message)
  if (mechanism === 'CRAM-MD5') return readCram(message)
  if (mechanism === 'XOAUTH2') return readNamed(xoauth2.exec(message)?.[1])
  if (mechanism === 'OAUTHBEARER') return readNamed(readBearer(message))
  if (mechanism === 'EXTERNAL') return message === '' ? none : readUser(message)
  if (mechanism.startsWith('SCRAM-')) return readScram(message)
  return none
}

/** Behind the first: a password, the proof of one, or the word that an error was heard; none of them names anybody. */
function isLater(mechanism: string, step: number, message: string): boolean {
  if (mechanism === 'LOGIN') return step === 1
  if (mechanism === 'XOAUTH2' || mechanism === 'OAUTHBEARER') return message === '' || message === '\u0001'
  if (mechanism.startsWith('SCRAM-')) return message === '' || (step === 1 && proof.test(message))
  return false
}

/** Channel binding, nonce, what extensions add, and the proof at the end (RFC 5802 section 7). */
const proof = /^c=[^,]*,r=[^,]+(?:,[a-z]=[^,]*)*,p=[^,]+$/iu

/**
 * Names that no two servers take alike: Dovecot's master users stand behind `*`, Cyrus and some proxies read `%` and `!`
 * as domains, and controls end lines elsewhere. Undefined when the name is plain.
 */
export function findOddUser(user: string): string | undefined {
  if (user === '') return 'it is empty'
  if (user.length > LONGEST) return 'it is too long'
  if (/[\0-\x1f\x7f-\x9f]/u.test(user)) return 'it holds control characters'
  if (user.includes('*')) return 'it names a second user behind *'
  return /["\\%!]/u.test(user) ? 'it holds a character that servers read differently' : undefined
}

const LONGEST = 256

const none: SaslClaim = { kind: 'none' }
const unreadable = (why: string): SaslClaim => ({ kind: 'unreadable', why })
const readUser = (user: string): SaslClaim =>
  user.includes('\0') ? unreadable('a name with NUL') : { kind: 'user', user: decodeUtf8(user) }

/** `authzid NUL authcid NUL password` (RFC 4616). */
function readPlain(message: string): SaslClaim {
  const [as, user, password, ...rest] = message.split('\0')
  if (as === undefined || user === undefined || password === undefined || rest.length > 0)
    return unreadable('PLAIN has three parts')
  return claim(decodeUtf8(user), decodeUtf8(as))
}

function readCram(message: string): SaslClaim {
  const space = message.lastIndexOf(' ')
  return space > 0 ? readUser(message.slice(0, space)) : unreadable('CRAM-MD5 has a name and a digest')
}

const readNamed = (user: string | undefined): SaslClaim =>
  user === undefined ? unreadable('there is no name where the mechanism has one') : readUser(user)

/** In its one form: of two users a server takes the last, and others the first. */
const xoauth2 = /^user=([^\u0001]*)\u0001auth=[^\u0001]*\u0001\u0001$/u

/** Fields of RFC 7628 section 3.1; a second identity among them is none of them. */
const bearerFields = /^\u0001(?:(?:host|port|auth|mthd|path|post|qs)=[^\u0001]*\u0001)+\u0001$/u

function readBearer(message: string): string | undefined {
  const gs2 = readGs2(message)
  return gs2?.as !== undefined && bearerFields.test(gs2.rest) ? unescape(gs2.as) : undefined
}

/** `n,,n=user,r=nonce`, with `a=authzid` between the first commas (RFC 5802 section 7). */
function readScram(message: string): SaslClaim {
  const gs2 = readGs2(message)
  const user = gs2 && /^n=([^,]*),r=/u.exec(gs2.rest)?.[1]
  if (!gs2 || user === undefined) return unreadable('this is no first message of SCRAM')
  return claim(unescape(decodeUtf8(user)), unescape(decodeUtf8(gs2.as ?? '')))
}

function readGs2(message: string): { readonly as: string | undefined; readonly rest: string } | undefined {
  const found = /^(?:n|y),(?:a=([^,]*))?,(.*)$/su.exec(message)
  return found ? { as: found[1], rest: found[2] ?? '' } : undefined
}

const claim = (user: string, as: string): SaslClaim =>
  as === '' || as === user ? { kind: 'user', user } : { kind: 'proxy', user, as }

const unescape = (name: string): string => name.replaceAll('=2C', ',').replaceAll('=3D', '=')

/** What is no UTF-8 is taken octet by octet. */
function decodeUtf8(binary: string): string {
  try {
    return decodeURIComponent(
      binary.replaceAll(
        /[%\u0080-\u00ff]/gu,
        (octet) => `%${octet.charCodeAt(0).toString(16).padStart(2, '0')}`,
      ),
    )
  } catch {
    return binary
  }
}
