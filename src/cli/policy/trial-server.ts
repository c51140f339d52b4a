/** An imaginary server for trials of a policy: octets of commands in, answers out that agree to all; it has no mailbox. */

import { latin1 } from '../../imap/octets.ts'

export interface TrialServerOptions {
  /** Between the levels of names. */
  readonly separator: string
  /** Names that do not exist: those that stand for hidden mailboxes. */
  isMissing(text: string): boolean
}

/** One command as it stood on the wire, its literals included. */
export interface Received {
  readonly tag: string
  readonly octets: string
}

/** Announced, so that no rule fails for want of an extension. */
const capabilities =
  'IMAP4rev1 ACL ANNOTATE-EXPERIMENT-1 AUTH=PLAIN BINARY CATENATE CHILDREN COMPRESS=DEFLATE CONDSTORE CONVERT ' +
  'CREATE-SPECIAL-USE ENABLE ESEARCH ESORT FILTERS I18NLEVEL=2 ID IDLE LANGUAGE LIST-EXTENDED LIST-METADATA LIST-MYRIGHTS ' +
  'LIST-STATUS LITERAL+ METADATA MOVE MULTIAPPEND MULTISEARCH NAMESPACE NOTIFY OBJECTID PARTIAL PREVIEW QRESYNC QUOTA ' +
  'QUOTA=RES-STORAGE REPLACE RIGHTS=kxte SASL-IR SAVEDATE SEARCHRES SORT SORT=DISPLAY SPECIAL-USE STARTTLS STATUS=SIZE ' +
  'THREAD=REFERENCES UIDPLUS UNAUTHENTICATE UNSELECT URLAUTH UTF8=ACCEPT WITHIN X-GM-EXT-1'

export const trialGreeting = `* OK [CAPABILITY ${capabilities}] ready\r\n`

export class TrialServer {
  readonly #options: TrialServerOptions
  /** Whole commands, in order. */
  readonly received: Received[] = []
  #pending = ''
  /** What stands before the literal that is awaited, that included. */
  #head = ''
  #literal = 0
  /** A command that is answered when this line has come. */
  #open: { readonly tag: string; readonly end: RegExp } | undefined

  constructor(options: TrialServerOptions) {
    this.#options = options
  }

  /** What it says to these octets. */
  take(octets: Uint8Array): string {
    this.#pending += latin1(octets)
    let said = ''
    for (let step = this.#step(); step !== undefined; step = this.#step()) said += step
    return said
  }

  #step(): string | undefined {
    if (this.#literal > 0) return this.#takeLiteral()
    const end = this.#pending.indexOf('\r\n')
    if (end < 0) return undefined
    const line = this.#pending.slice(0, end + 2)
    this.#pending = this.#pending.slice(end + 2)
    if (this.#open && this.#head === '') return this.#finish(line)
    this.#head += line
    const [, size = '', plus] = /\{(\d+)(\+?)\}\r\n$/.exec(line) ?? []
    if (size !== '') {
      this.#literal = Number(size)
      return plus === '+' ? '' : '+ go on\r\n'
    }
    return this.#answer()
  }

  #takeLiteral(): string | undefined {
    if (this.#pending.length < this.#literal) return undefined
    this.#head += this.#pending.slice(0, this.#literal)
    this.#pending = this.#pending.slice(this.#literal)
    this.#literal = 0
    return ''
  }

  #finish(line: string): string | undefined {
    const { tag, end } = this.#open ?? { tag: '', end: /$/ }
    const last = this.received.at(-1)
    if (last) this.received[this.received.length - 1] = { ...last, octets: last.octets + line }
    if (!end.test(line)) return ''
    this.#open = undefined
    return `${tag} OK done\r\n`
  }

  #answer(): string {
    const octets = this.#head
    this.#head = ''
    const [tag = '', ...words] = octets.trimEnd().split(' ')
    this.received.push({ tag, octets })
    const word = (
      words[0]?.toUpperCase() === 'UID' ? words.slice(0, 2).join(' ') : (words[0] ?? '')
    ).toUpperCase()
    if (this.#options.isMissing(octets))
      return `${tag} NO [NONEXISTENT] Mailbox doesn't exist: ${missingWord}\r\n`
    return this.#agree(tag, word, octets)
  }

  #agree(tag: string, word: string, octets: string): string {
    const done = `${tag} OK done\r\n`
    switch (word) {
      case 'CAPABILITY':
        return `* CAPABILITY ${capabilities}\r\n${done}`
      case 'LIST':
        return `* LIST (\\Noselect) ${quote(this.#options.separator)} ""\r\n${done}`
      case 'NAMESPACE':
        return `* NAMESPACE (("" ${quote(this.#options.separator)})) NIL NIL\r\n${done}`
      case 'SELECT':
      case 'EXAMINE':
        return `${selected}${tag} OK [READ-${word === 'SELECT' ? 'WRITE' : 'ONLY'}] done\r\n`
      case 'ENABLE':
        return `* ENABLED${octets
          .trimEnd()
          .split(' ')
          .slice(2)
          .map((name) => ` ${name.toUpperCase()}`)
          .join('')}\r\n${done}`
      case 'FETCH':
      case 'UID FETCH':
        return octets.includes('BODYSTRUCTURE') ? `${structure}${done}` : done
      case 'IDLE':
        this.#open = { tag, end: /^DONE\r\n$/i }
        return '+ idling\r\n'
      case 'AUTHENTICATE':
        if (octets.trimEnd().split(' ').length > 3) return done
        this.#open = { tag, end: /\r\n$/ }
        return '+ \r\n'
      case 'LOGOUT':
        return `* BYE leaving\r\n${done}`
      default:
        return done
    }
  }
}

/** Stands in the answer where a server repeats the name that it was given. */
const missingWord = 'no such name'
const quote = (separator: string): string => (separator === '\\' ? '"\\\\"' : `"${separator}"`)

const selected =
  '* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n* 100 EXISTS\r\n* OK [UIDVALIDITY 1] valid\r\n' +
  '* OK [UIDNEXT 1000] next\r\n'
/** One message of plain text. */
const structure =
  '* 5 FETCH (UID 5 RFC822.SIZE 1200 BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "UTF-8") NIL NIL "7BIT" 800 20 NIL NIL NIL NIL))\r\n'
