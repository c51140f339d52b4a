/** Which words of a SEARCH, SORT or THREAD are its keys and which are what somebody looks for; knows no other command. */

import type { Word } from './argument-words.ts'

const split = (words: string): ReadonlySet<string> => new Set(words.split(' '))

const lone = split(
  'ALL ANSWERED DELETED DRAFT FLAGGED NEW OLD RECENT SEEN UNANSWERED UNDELETED UNDRAFT UNFLAGGED UNSEEN NOT OR ' +
    'FUZZY SAVEDATESUPPORTED MIMEPART X-MIMEPART IN SUBTREE SUBTREE-ONE SELECTED SELECTED-DELAYED INBOXES PERSONAL ' +
    'SUBSCRIBED MAILBOXES',
)
const withOne = split(
  'BCC BEFORE BODY CC FROM KEYWORD LARGER ON SENTBEFORE SENTON SENTSINCE SINCE SMALLER SUBJECT TEXT TO UID UNKEYWORD ' +
    'MODSEQ OLDER YOUNGER SAVEDBEFORE SAVEDON SAVEDSINCE EMAILID THREADID FILTER X-GM-RAW X-GM-LABELS X-GM-MSGID ' +
    'X-GM-THRID X-GUID X-MAILBOX X-SAVEDBEFORE X-SAVEDON X-SAVEDSINCE INTHREAD ANNOTATION',
)

/** What the next word is. */
type Place =
  /** In front of the keys. */
  | 'criteria'
  | 'charset'
  | 'algorithm'
  /** Behind RETURN: options, until their list ends. */
  | 'options'
  | 'key'
  /** The name of a header field, which tells kinds apart: `HEADER MESSAGE-ID ?`. */
  | 'field'
  | 'data'

export class SearchWords {
  #place: Place
  #depth = 0

  constructor(head: 'list' | 'word' | undefined) {
    this.#place = head === 'list' ? 'criteria' : head === 'word' ? 'algorithm' : 'key'
  }

  show(word: Word): string {
    if (word.kind === 'open' || word.kind === 'close') return this.#bracket(word.kind)
    const text = word.kind === 'value' ? '?' : word.text
    switch (this.#place) {
      case 'criteria':
      case 'options':
        return /^[A-Z][A-Z0-9-]*$/u.test(text) ? text : '?'
      case 'algorithm':
        this.#place = 'charset'
        return nameOrData(text)
      case 'charset':
        this.#place = 'key'
        return nameOrData(text)
      case 'field':
        this.#place = 'data'
        return nameOrData(text)
      case 'data':
        this.#place = 'key'
        return '?'
      case 'key':
        return this.#key(text)
    }
  }

  #key(text: string): string {
    if (text === 'RETURN') this.#place = 'options'
    else if (text === 'CHARSET') this.#place = 'charset'
    else if (text === 'HEADER') this.#place = 'field'
    else if (withOne.has(text)) this.#place = 'data'
    else if (!lone.has(text)) return '?'
    return text
  }

  #bracket(kind: 'open' | 'close'): string {
    this.#depth += kind === 'open' ? 1 : -1
    if (kind === 'close' && this.#depth <= 0) {
      if (this.#place === 'criteria') this.#place = 'charset'
      if (this.#place === 'options') this.#place = 'key'
    }
    return kind === 'open' ? '(' : ')'
  }
}

const nameOrData = (text: string): string => (/^[A-Z][A-Z0-9-]{0,31}$/u.test(text) ? text : '?')
