/** THREAD as a response (RFC 5256): the threads of messages as trees. */

import type { Cursor } from '../cursor.ts'
import { limits } from '../limits.ts'
import { isDigit, LPAREN, RPAREN, SP } from '../octets.ts'
import type { Writer } from '../writer.ts'
import { readNzNumber } from '../words.ts'
import type { UntaggedForm } from './form.ts'

export interface ThreadData {
  readonly name: 'THREAD'
  readonly threads: readonly Thread[]
}

/** `(3 6 (4 23)(44 7 96))`: messages 3 and 6, which answers 3, and two branches of answers to 6. */
export interface Thread {
  /** Each answers the one before it; empty where the root is missing. */
  readonly messages: readonly number[]
  readonly branches: readonly Thread[]
  /** What nests deeper than `limits.nesting`, as it was written. */
  readonly deeper?: string
}

export const thread: UntaggedForm<ThreadData> = {
  names: ['THREAD'],
  isNumbered: false,
  read(cursor, { name }) {
    const threads: Thread[] = []
    if (cursor.hasMore()) cursor.readSpace()
    while (cursor.hasMore()) {
      if (cursor.peek() === SP) skipSpaceBetween(cursor)
      threads.push(readThread(cursor, 1))
    }
    return { name, threads }
  },
  write(writer, { threads }) {
    writer.word(threads.length === 0 ? 'THREAD' : 'THREAD ')
    for (const each of threads) writeThread(writer, each)
  },
}

function readThread(cursor: Cursor, depth: number): Thread {
  cursor.expect(LPAREN)
  const messages = readMessages(cursor)
  const branches: Thread[] = []
  let deeper: string | undefined
  while (cursor.peek() === LPAREN) {
    if (depth < limits.nesting) branches.push(readThread(cursor, depth + 1))
    else deeper = readDeeper(cursor)
    if (cursor.peek() === SP) skipSpaceBetween(cursor)
  }
  if (cursor.isAtEnd()) cursor.quirk('unclosed-parenthesis', 'a parenthesis is open at the end')
  else cursor.expect(RPAREN)
  if (messages.length === 0 && branches.length === 0 && !deeper)
    cursor.quirk('empty-thread', 'a thread without messages')
  if (branches.length === 1) cursor.quirk('single-branch', 'a branch stands alone in its parentheses')
  return { messages, branches, ...(deeper !== undefined && { deeper }) }
}

/** The numbers in front, and the space between them and the branches. */
function readMessages(cursor: Cursor): number[] {
  const messages: number[] = []
  if (cursor.peek() === SP) skipSpaceBetween(cursor)
  while (isDigit(cursor.peek())) {
    messages.push(readNzNumber(cursor))
    if (cursor.peek() === RPAREN || cursor.isAtEnd()) break
    cursor.readSpace()
    if (cursor.peek() === RPAREN) cursor.quirk('space-in-list', 'a space beside a parenthesis')
  }
  return messages
}

function skipSpaceBetween(cursor: Cursor): void {
  cursor.skipSpaces()
  cursor.quirk('space-in-list', 'a space beside a parenthesis')
}

/** All branches that stand here, up to the parenthesis that closes what they stand in; none of it is a string. */
function readDeeper(cursor: Cursor): string {
  const { text, at: from, end } = cursor
  let depth = 0
  let at = from
  for (; at < end && depth >= 0; at++) {
    const octet = text.charCodeAt(at)
    if (octet === LPAREN) depth++
    else if (octet === RPAREN) depth--
    else if (octet !== SP && !isDigit(octet)) cursor.fail('odd-thread', 'a thread of more than numbers')
  }
  if (depth >= 0) cursor.fail('unclosed-parenthesis', 'a parenthesis is open at the end')
  cursor.at = at - 1
  cursor.quirk('nested-too-deep', 'more nesting than is read')
  return text.slice(from, at - 1)
}

function writeThread(writer: Writer, { messages, branches, deeper = '' }: Thread): void {
  writer.word(`(${messages.join(' ')}`)
  if (messages.length > 0 && (branches.length > 0 || deeper !== '')) writer.space()
  for (const branch of branches) writeThread(writer, branch)
  writer.word(`${deeper})`)
}
