/** Secrets in URLs inside any text: tokens of URLAUTH (RFC 4467), passwords before a host, and Gmail's pages for one user; knows no command. */

/**
 * All behind `;urlauth=`, the access part as well, up to what ends a URL in IMAP. An escaped quote ends no string, and
 * so no token either.
 */
const token = /(;urlauth=)((?:\\.|[^ "()[\]\\])*)/gisu

/**
 * `imap://joe:secret@host`: RFC 5092 has no password there, and referrals are seen to have one all the same. What is cut
 * off before its `@` is one as well, unless it could be a port.
 */
const password = /(:\/\/[^\s"/:@]{0,255}:)(?!\d{0,5}$)([^\s"/@]{1,255})(?=@|$)/gu

/** `[WEBALERT url]`: behind the host stands what lets anyone act as the user. */
const webAlert = /(\[WEBALERT +(?:https?:\/\/[^\s/\]]{0,255})?)([^\s\]]*)/giu

/** `[URLMECH INTERNAL NAME=data]`: what URLs are signed with. */
const urlMech = /(\[URLMECH )([^\]]*)/giu
const mechanismData = /(=)([^\s\]]+)/gu

/** Nearly no text has one, and this look costs next to nothing. */
const isSuspect = /;urlauth=|:\/\/|\[WEBALERT|\[URLMECH/iu

/** The text with its secrets as their size. Not to be done twice: the mark itself would be taken for a token. */
export function hideUrlTokens(text: string): string {
  if (!isSuspect.test(text)) return text
  return text
    .replace(token, hide)
    .replace(password, hide)
    .replace(webAlert, hide)
    .replace(urlMech, (_, mark: string, rest: string) => mark + rest.replace(mechanismData, hide))
}

const hide = (_: string, mark: string, secret: string): string => `${mark}‹redacted ${secret.length}›`
