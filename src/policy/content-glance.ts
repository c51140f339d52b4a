/** Tells from the lines of a FETCH response, while its literals stream past, whether it brings content, and whose; counts nothing. */

import type { GlancedLine } from '../relay/guard.ts'

/** One for a session: lines of one response come behind each other. */
export class ContentGlance {
  #uid = new UidSearch()
  #isTold = false

  /**
   * True at the first sign of content in a response, once; text and attachments are content, headers are not. One
   * response may bring what many URLs name: then for each of them.
   */
  brings({ name, line, isFirst }: Pick<GlancedLine, 'name' | 'line' | 'isFirst'>): boolean {
    if (isFirst) {
      this.#isTold = false
      this.#uid = new UidSearch()
    }
    const goesOn = line.endsWith('}\r\n')
    if (name === 'URLFETCH') return isFirst || goesOn
    if (this.#isTold || !words.has(name)) return false
    this.#isTold = mayHoldContent(line) && content.test(unquote(line))
    // Behind a line that neither brings content nor goes on behind a literal there is nothing whose it could be.
    if (this.#isTold || goesOn) this.#uid.look(name, line)
    return this.#isTold
  }

  /** Of the message that brought content, where it was said before that. */
  get uid(): number | undefined {
    return this.#uid.found
  }
}

const words: ReadonlySet<string> = new Set(['FETCH', 'UIDFETCH', 'CONVERTED', 'URLFETCH'])

/** Responses of other words need not be shown. */
export const mayBringContent = (word: string): boolean => words.has(word)

/** One that stays open reaches to the end, so that nothing is gone through twice. */
const quoted = /"(?:[^"\\\r\n]|\\.)*"?/gu

/** A section that is neither HEADER nor MIME; NIL brings nothing. */
const content =
  /[ (](?:BODY\[(?![0-9.]*(?:HEADER|MIME)\b)[^\][]*\]|BINARY\[[0-9.]*\]|RFC822(?:\.TEXT)?)(?:<\d+>)? (?!NIL[ )])/iu

/** Lines of metadata, of which a mailbox has ten thousand, are settled by this; the rest costs ten times as much. */
const mayHoldContent = (line: string): boolean => line.includes('[') || /RFC822/i.test(line)

/** An open quote hides nothing. */
const unquote = (line: string): string =>
  line.replaceAll(quoted, (text) => (text.length > 1 && text.endsWith('"') ? '""' : text))

/**
 * Finds the UID among the items themselves. Within an item, `UID 5` is what a client wrote: names of header fields,
 * keywords, labels.
 */
class UidSearch {
  found: number | undefined
  #depth = 0
  #isInSection = false

  look(name: string, line: string): void {
    if (this.found !== undefined) return
    // Most servers say it first.
    const first = (name === 'UIDFETCH' ? /^\* (\d+) /u : /^\* \d+ FETCH \(UID (\d+)[ )]/iu).exec(line)
    if (first) this.found = Number(first[1])
    else for (const [token, uid] of line.matchAll(tokens)) this.#see(token, uid)
  }

  #see(token: string, uid: string | undefined): void {
    const isAmongItems = this.#depth === 1 && !this.#isInSection
    if (token === '(') this.#depth += 1
    else if (token === ')') this.#depth -= 1
    // Deeper, a bracket is a character like any other.
    else if (token === '[') this.#isInSection ||= isAmongItems
    else if (token === ']') this.#isInSection &&= this.#depth !== 1
    else if (uid !== undefined && isAmongItems) this.found ??= Number(uid)
  }
}

/** Quoted strings whole, so that nothing within them counts. */
const tokens = /"(?:[^"\\\r\n]|\\.)*"?|[()[\]]|(?<=[ (])UID (\d+)(?=[ )])/giu
