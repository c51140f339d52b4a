/** Which mailbox an IMAP URL (RFC 5092) speaks of: only what nobody can read in another way is read; knows no command. */

import { encodeMailboxName, type MailboxName } from '../../imap/mailbox.ts'
import { decodeText, hasKeptOctet, isAscii } from '../../imap/utf8.ts'
import type { NeedsDraft } from './draft.ts'

/** Undefined parts are not in the URL. */
interface ImapUrl {
  readonly host: string | undefined
  /** In the text of RFC 5092: UTF-8 behind the percents. Undefined for what is relative to the selected mailbox. */
  readonly mailbox: string | undefined
}

/** For CATENATE, URLFETCH and GENURLAUTH: the messages that a URL names are read. */
export function noteUrl(draft: NeedsDraft, url: string): void {
  draft.reaches('url')
  const read = readImapUrl(url)
  if (!read) return void draft.reaches('unreadable-url')
  if (read.host !== undefined) draft.reaches('other-server')
  if (read.mailbox === undefined) draft.inSelected('read')
  else draft.names('source', wireName(read.mailbox, draft.isUtf8), ['read'])
}

const wireName = (mailbox: string, isUtf8: boolean): MailboxName =>
  isUtf8 ? mailbox : encodeMailboxName(mailbox)

/** `imap://user;AUTH=x@host:143`. */
const authority = /^imaps?:\/\/(?:[^/@]*@)?(\[[^\]/]*\]|[A-Za-z0-9.-]+)(?::\d{1,5})?(?=\/)/iu
/** Every character is one that RFC 5092 has in a URL, and each percent stands before two digits. */
const sound = /^(?:[A-Za-z0-9\-._~!$'()+,&=:@;/]|%[0-9A-Fa-f]{2})*$/u
/** What may stand behind the mailbox, in this order and each once. */
const tail =
  /^(?:;UIDVALIDITY=\d{1,10})?(?:\/?;UID=\d{1,10}(?:\/;SECTION=[^;?]+?)?(?:\/;PARTIAL=\d+(?:\.\d+)?)?)(?:;EXPIRE=[^;]+)?(?:;URLAUTH=.+)?$/iu

export function readImapUrl(url: string): ImapUrl | undefined {
  const server = authority.exec(url)
  const host = server?.[1]
  const rest = url.slice(server?.[0].length ?? 0)
  if (!sound.test(rest) || (host === undefined && rest.startsWith('//'))) return undefined
  const path = rest.startsWith('/') ? rest.slice(1) : rest
  const end = path.indexOf(';')
  if (end < 0) return undefined
  const behind = path.slice(end)
  if (!tail.test(behind)) return undefined
  const name = path.slice(0, end)
  // `/;UID=1` with neither a host nor a mailbox is about the one that is selected.
  if (name === '') return host === undefined ? { host, mailbox: undefined } : undefined
  // A relative path would have to be put together with that of the selected mailbox.
  if (!rest.startsWith('/')) return undefined
  const slash = name.endsWith('/') ? name.slice(0, -1) : name
  const mailbox = decodePercents(slash)
  return mailbox === undefined ? undefined : { host, mailbox }
}

/** The text behind percents; undefined when a server could take it for another. */
function decodePercents(name: string): string | undefined {
  const octets = name.replace(/%([0-9A-F]{2})/giu, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
  const text = decodeText(octets)
  if (text === '' || hasKeptOctet(text) || /[\0-\x1f\x7f%*]/u.test(text)) return undefined
  // Behind a percent, a slash may be one of the name or one of the path; `&` may be decoded once more.
  if (/%2f/iu.test(name) || text.includes('&')) return undefined
  return isAscii(text) || text.normalize('NFC') === text ? text : undefined
}
