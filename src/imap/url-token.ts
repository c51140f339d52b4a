/** Tokens of URLAUTH (RFC 4467) inside any text: who has one may fetch the message, so none is shown; knows no command. */

/**
 * All behind `;urlauth=`, the access part as well, up to what ends a URL in IMAP. An escaped quote ends no string, and
 * so no token either.
 */
const token = /(;urlauth=)((?:\\.|[^ "()[\]\\])*)/gisu

/** Nearly no text has one, and this look costs next to nothing. */
const isSuspect = /;urlauth=/iu

/** The text with its URLAUTH tokens as their size. Not to be done twice: the mark itself would be taken for a token. */
export function hideUrlTokens(text: string): string {
  if (!isSuspect.test(text)) return text
  return text.replace(token, (_, mark: string, secret: string) => `${mark}‹redacted ${secret.length}›`)
}
