/** Tells from the lines of a FETCH response, while its literals stream past, whether it brings content, and whose; counts nothing. */

import type { GlancedLine } from '../relay/guard.ts'

/** One for a session: lines of one response come behind each other. */
export class ContentGlance {
  #uid: number | undefined
  #isTold = false

  /** True at the first sign of content in a response, once; text and attachments are content, headers are not. */
  brings({ name, line, isFirst }: Pick<GlancedLine, 'name' | 'line' | 'isFirst'>): boolean {
    if (isFirst) {
      this.#isTold = false
      this.#uid = undefined
    }
    if (this.#isTold || !words.has(name)) return false
    this.#uid ??= findUid(name, line)
    this.#isTold = name === 'URLFETCH' || (mayHoldContent(line) && content.test(unquote(line)))
    return this.#isTold
  }

  /** Of the message that brought content, where it was said before that. */
  get uid(): number | undefined {
    return this.#uid
  }
}

const words: ReadonlySet<string> = new Set(['FETCH', 'UIDFETCH', 'CONVERTED', 'URLFETCH'])

/** Responses of other words need not be shown. */
export const mayBringContent = (word: string): boolean => words.has(word)

const quoted = /"(?:[^"\\\r\n]|\\.)*"/gu

/** A section that is neither HEADER nor MIME; NIL brings nothing. */
const content =
  /[ (](?:BODY\[(?![0-9.]*(?:HEADER|MIME)\b)[^\]]*\]|BINARY\[[0-9.]*\]|RFC822(?:\.TEXT)?)(?:<\d+>)? (?!NIL[ )])/iu

/** Lines of metadata, of which a mailbox has ten thousand, are settled by this; the rest costs ten times as much. */
const mayHoldContent = (line: string): boolean => line.includes('[') || /RFC822/i.test(line)

const unquote = (line: string): string => line.replaceAll(quoted, '""')

/** Most servers say it first: then nothing behind the first quote has to be looked at. */
function findUid(name: string, line: string): number | undefined {
  const quote = line.indexOf('"')
  if (quote < 0) return uidOf(name, line)
  return uidOf(name, line.slice(0, quote)) ?? (/UID/i.test(line) ? uidOf(name, unquote(line)) : undefined)
}

function uidOf(name: string, line: string): number | undefined {
  const found = name === 'UIDFETCH' ? /^\* (\d+) /u.exec(line) : /[ (]UID (\d+)/i.exec(line)
  return found ? Number(found[1]) : undefined
}
