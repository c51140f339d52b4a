/** Reads SEARCH keys into one test of a message; knows no session and writes no response. */

import { fieldOf } from './mime.ts'
import type { StoredMessage } from './mailbox.ts'
import { includes, readSequenceSet } from './sequence-set.ts'
import { textOf, wordOf, type Token } from './tokens.ts'

export type MessageTest = (message: StoredMessage, sequence: number) => boolean

export interface Search {
  readonly test: MessageTest
  /** True when bodies must be read: the demo server takes its time for that. */
  readonly isReadingBodies: boolean
}

/** What `*` stands for. */
export interface Largest {
  readonly sequence: number
  readonly uid: number
}

const FLAG_KEYS = new Set(['ANSWERED', 'DELETED', 'DRAFT', 'FLAGGED', 'SEEN', 'RECENT'])
const HEADER_KEYS = new Set(['FROM', 'TO', 'CC', 'BCC', 'SUBJECT'])
const DAY = 24 * 60 * 60 * 1000

/** Undefined when a key is unknown or lacks its argument. */
export function readSearch(tokens: readonly Token[], largest: Largest): Search | undefined {
  const reader = new SearchReader(tokens, largest)
  const test = reader.all()
  return test && { test, isReadingBodies: reader.isReadingBodies }
}

class SearchReader {
  isReadingBodies = false
  readonly #tokens: readonly Token[]
  readonly #largest: Largest
  #at = 0

  constructor(tokens: readonly Token[], largest: Largest) {
    this.#tokens = tokens
    this.#largest = largest
  }

  /** Every key that is left, joined by "and". */
  all(): MessageTest | undefined {
    const tests: MessageTest[] = []
    while (this.#at < this.#tokens.length) {
      const test = this.#key()
      if (!test) return undefined
      tests.push(test)
    }
    if (tests.length === 0) return undefined
    return (message, sequence) => tests.every((test) => test(message, sequence))
  }

  #key(): MessageTest | undefined {
    const token = this.#tokens[this.#at]
    this.#at += 1
    if (token?.kind === 'list') return this.#nested(token.items)
    const word = wordOf(token)
    if (!word) return undefined
    return this.#flagKey(word) ?? this.#joinKey(word) ?? this.#valueKey(word)
  }

  #nested(items: readonly Token[]): MessageTest | undefined {
    const inner = new SearchReader(items, this.#largest)
    const test = inner.all()
    this.isReadingBodies ||= inner.isReadingBodies
    return test
  }

  #flagKey(word: string): MessageTest | undefined {
    if (word === 'ALL' || word === 'OLD') return () => true
    if (word === 'NEW') return () => false
    if (FLAG_KEYS.has(word)) return (message) => message.hasFlag(`\\${word}`)
    const positive = word.slice(2)
    if (word.startsWith('UN') && FLAG_KEYS.has(positive))
      return (message) => !message.hasFlag(`\\${positive}`)
    return undefined
  }

  #joinKey(word: string): MessageTest | undefined {
    if (word === 'NOT') {
      const test = this.#key()
      return test && ((message, sequence) => !test(message, sequence))
    }
    if (word !== 'OR') return undefined
    const first = this.#key()
    const second = this.#key()
    if (!first || !second) return undefined
    return (message, sequence) => first(message, sequence) || second(message, sequence)
  }

  #valueKey(word: string): MessageTest | undefined {
    const set = readSequenceSet(word, this.#largest.sequence)
    if (set) return (_, sequence) => includes(set, sequence)
    const value = this.#value()
    if (value === undefined) return undefined
    if (word === 'UID') return this.#uidKey(value)
    if (word === 'KEYWORD') return (message) => message.hasFlag(value)
    if (word === 'UNKEYWORD') return (message) => !message.hasFlag(value)
    return this.#sizeKey(word, value) ?? this.#dateKey(word, value) ?? this.#textKey(word, value)
  }

  #value(): string | undefined {
    const value = textOf(this.#tokens[this.#at])
    this.#at += 1
    return value
  }

  #uidKey(value: string): MessageTest | undefined {
    const set = readSequenceSet(value, this.#largest.uid)
    return set && ((message) => includes(set, message.uid))
  }

  #sizeKey(word: string, value: string): MessageTest | undefined {
    if (!/^\d+$/.test(value)) return undefined
    if (word === 'LARGER') return (message) => message.source.length > Number(value)
    if (word === 'SMALLER') return (message) => message.source.length < Number(value)
    return undefined
  }

  #dateKey(word: string, value: string): MessageTest | undefined {
    const [, sent, relation] = /^(SENT)?(BEFORE|ON|SINCE)$/.exec(word) ?? []
    const day = Date.parse(`${value.replaceAll('-', ' ')} UTC`)
    if (!relation || Number.isNaN(day)) return undefined
    return (message) => {
      const stated = sent ? Date.parse(fieldOf(message.parsed, 'Date') ?? '') : message.date.getTime()
      if (relation === 'BEFORE') return stated < day
      return stated >= day && (relation === 'SINCE' || stated < day + DAY)
    }
  }

  #textKey(word: string, value: string): MessageTest | undefined {
    if (HEADER_KEYS.has(word)) return (message) => hasText(fieldOf(message.parsed, word), value)
    if (word === 'HEADER') return this.#headerKey(value)
    if (word !== 'BODY' && word !== 'TEXT') return undefined
    this.isReadingBodies = true
    return (message) => {
      const { parsed, text } = message
      return hasText(word === 'BODY' ? text.slice(parsed.bodyStart) : text, value)
    }
  }

  #headerKey(name: string): MessageTest | undefined {
    const wanted = this.#value()
    if (wanted === undefined) return undefined
    return (message) => hasText(fieldOf(message.parsed, name), wanted)
  }
}

/** Encoded words are compared as they look to a reader, not as they travel. */
function hasText(octets: string | undefined, wanted: string): boolean {
  if (octets === undefined) return false
  const needle = Buffer.from(wanted, 'latin1').toString('utf8').toLowerCase()
  return decodeWords(Buffer.from(octets, 'latin1').toString('utf8')).toLowerCase().includes(needle)
}

function decodeWords(text: string): string {
  const joined = text.replaceAll(/\?=\s+=\?/g, '?==?')
  return joined.replaceAll(/=\?utf-8\?([bq])\?([^?\s]*)\?=/gi, (_, encoding: string, word: string) => {
    if (encoding.toUpperCase() === 'B') return Buffer.from(word, 'base64').toString('utf8')
    const octets = word.replaceAll('_', ' ').replaceAll(/=([0-9A-F]{2})/gi, (__, hex: string) => {
      return String.fromCharCode(Number.parseInt(hex, 16))
    })
    return Buffer.from(octets, 'latin1').toString('utf8')
  })
}
