/** What an error shows of a key or a value: little, and only what prints; it does not know what the text means. */

import { hideUserinfo } from './endpoint-url.ts'

/** Characters. A wrong file may hold secrets, and a person knows a key by its beginning. */
export const shownCharacters = 40

/** UTF-16 units of a text that are looked at. */
const lookedAt = 1024

/** Controls, format characters, separators but the plain space, and whatever else draws nothing. */
const unprintable = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu

/** The beginning of a text, without what a URL in it carries before its host. */
export function showText(text: string): string {
  const characters = visible(hideUserinfo(text.slice(0, lookedAt)))
  if (characters.length <= shownCharacters) return characters.join('')
  return `${characters.slice(0, shownCharacters - 1).join('')}…`
}

/** The end of a path, which tells more than its beginning. */
export function showPath(path: string): string {
  const characters = visible(path.slice(-lookedAt))
  if (characters.length <= shownCharacters) return characters.join('')
  return `…${characters.slice(1 - shownCharacters).join('')}`
}

function visible(text: string): readonly string[] {
  return Array.from(text.replace(unprintable, '?'))
}
