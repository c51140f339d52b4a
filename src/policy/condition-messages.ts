/** What the expression language says of a mistake, in words for people; knows its codes and sentences, and not its package. */

import { printable } from '../imap/printable.ts'
import { showWord } from './condition-fault.ts'
import { hintAtValue } from './condition-hints.ts'
import { explainField } from './condition-names.ts'
import { functions } from './context.ts'
import type { Expression } from './expression.ts'

export interface Complaint {
  readonly code: string
  readonly summary: string
  /** Of the condition, in UTF-16 units. */
  readonly start: number
  readonly text: string
  /** What it is about, where its form is known. */
  readonly part?: Expression | undefined
}

export function explainComplaint(complaint: Complaint): string {
  return printable(messages[complaint.code]?.(complaint) ?? lowerFirst(complaint.summary))
}

/** Other sentences of it stay as they are. */
const messages: Readonly<Record<string, (complaint: Complaint) => string>> = {
  no_such_overload: explainOperator,
  no_matching_overload: explainCall,
  no_such_key: explainKey,
  limit_exceeded: ({ summary }) =>
    `this is too large for a condition: make several rules of it (${lowerFirst(summary)})`,
  unexpected_token: ({ summary, start, text }) =>
    summary.endsWith('EOF') ? missing : `this is not expected here: ${showWord(wordAt(text, start))}`,
  expected_token: explainExpected,
  reserved_identifier: ({ summary }) =>
    `${summary.replace(/^.*: /u, '')} is a word of the language: it is no variable here`,
}

function explainExpected({ summary }: Complaint): string {
  if (summary.endsWith('EOF')) return missing
  const [, wanted = ''] = /^expected (\w+)/iu.exec(summary) ?? []
  const sign = signs[wanted]
  return sign === undefined ? lowerFirst(summary) : `${sign} is missing here`
}

const signs: Readonly<Record<string, string>> = {
  RPAREN: ')',
  RBRACKET: ']',
  RBRACE: '}',
  LPAREN: '(',
  COMMA: 'a comma',
  COLON: 'the : of a ? b : c',
  IDENTIFIER: 'a name',
}

const wordAt = (text: string, start: number): string => /\S+/u.exec(text.slice(start))?.[0] ?? ''

const missing = 'something is missing at the end'

function explainKey({ summary, start, text }: Complaint): string {
  const [, word = ''] = /: (\S+)$/u.exec(summary) ?? []
  const at = text.indexOf(word, start)
  return explainField(word, text.slice(0, at < 0 ? start : at))
}

function explainOperator({ summary, part }: Complaint): string {
  const [, left = '', op = '', right = ''] =
    /^no such overload: (.+) (\S+) (.+)$/u.exec(lowerFirst(summary)) ?? []
  if (op === '') return lowerFirst(summary)
  const own = part && hintAtValue(part)
  if (op === 'in' && !right.startsWith('list')) {
    const hint =
      right === 'string' && left === 'string'
        ? ': a list is written ["ann", "bob"], and a part of a text is found by a.contains(b)'
        : ''
    return `\`in\` asks for an item of a list, and this is ${nameType(right)}${own ?? hint}`
  }
  return `${nameType(left)} and ${nameType(right)} cannot go with ${op}${own ?? hintOf(left, op, right)}`
}

function hintOf(left: string, op: string, right: string): string {
  const both = [left, right]
  if (both.includes('null')) return ': what is not there is "" or 0'
  const record = both.find((type) => recordHints[type] !== undefined)
  if (record !== undefined) return `: ask for a part of it, as in ${recordHints[record] ?? ''}`
  if (left === 'bool' && /^[<>]/u.test(op)) return ': write both sides apart, as in 8 <= hour && hour < 18'
  if (!both.includes('string')) return ''
  if (both.includes('list<string>')) return ': ask for an item, as in "read" in actions'
  if (both.includes('int')) return ': a number stands without quotes'
  return both.includes('bool') ? ': true and false stand without quotes' : ''
}

const recordHints: Readonly<Record<string, string>> = {
  Tls: 'tls.isOn',
  Session: 'session.commands > 100',
  Usage: 'usage.sessions > 3',
}

function explainCall({ summary }: Complaint): string {
  const [, written = ''] = /'(.+)'$/u.exec(summary) ?? []
  const [, name = ''] = /([A-Za-z_]+)\(/u.exec(written) ?? []
  if (name === 'contains' && written.startsWith('list'))
    return 'of a list ask for an item, as in "read" in actions'
  const shape = functions.find((known) => known.name === name)?.shape
  return shape === undefined ? lowerFirst(summary) : `${name}() is written ${shape}`
}

/** A condition that comes to something else than true or false. */
export function explainAnswer(type: string): string {
  return `a condition is true or false, and this is ${nameType(type)}${howToTest(type)}`
}

function howToTest(type: string): string {
  if (type === 'string') return ': compare it, as in user == "ann"'
  if (type === 'int') return ': compare it, as in size > 5 * MiB'
  if (type.startsWith('list')) return ': ask for an item, as in "read" in actions'
  const record = recordHints[type]
  return record === undefined ? '' : `: ask for a part of it, as in ${record}`
}

function nameType(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    int: 'a whole number',
    double: 'a number with a fraction',
    bool: 'true or false',
    null: 'null',
    'list<string>': 'a list of texts',
    Tls: 'all of tls',
    Session: 'all of session',
    Usage: 'all of usage',
  }
  return names[type] ?? (type.startsWith('list') ? 'a list' : type.startsWith('map') ? 'a map' : `a ${type}`)
}

const lowerFirst = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`
