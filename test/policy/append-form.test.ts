/** Which messages a server would lose its place in the stream over. */

import { expect, test } from 'vitest'

import { checkAppendForm } from '../../src/policy/append-form.ts'
import { command } from './support/mailbox-world.ts'

const none = { enabled: [], capabilities: ['IMAP4rev1', 'UTF8=ACCEPT', 'CATENATE'] }
const check = (line: string, view: Parameters<typeof checkAppendForm>[1] = none): string | undefined =>
  checkAppendForm(command(`a ${line}`), view)?.text

test.each([
  ['APPEND INBOX X-EXT (a b)', 'unknown message data'],
  ['APPEND INBOX X-EXT (a {1}\r\nb) {4}\r\nbody', 'unknown message data'],
  ['APPEND INBOX {4}\r\nbody X-EXT (a)', 'unknown message data'],
  ['REPLACE 1 INBOX X-EXT a', 'unknown message data'],
  ['APPEND INBOX CATENATE (X-PART {1}\r\na)', 'unknown message data'],
  ['APPEND INBOX UTF8 (~{4}\r\nbody)', 'UTF8=ACCEPT is not enabled'],
  ['REPLACE 1 INBOX UTF8 (~{4}\r\nbody)', 'UTF8=ACCEPT is not enabled'],
  [
    'APPEND INBOX ANNOTATION (/comment (value.priv "x")) {4}\r\nbody',
    'the server has no annotations of messages',
  ],
])('%s is refused', (line, text) => {
  expect(check(line)).toBe(text)
})

test.each([
  'APPEND INBOX (\\Seen) {4}\r\nbody {4}\r\nbody',
  'APPEND INBOX ~{4}\r\nbody',
  'APPEND INBOX CATENATE (TEXT {4}\r\nbody)',
  'REPLACE 1 INBOX {4}\r\nbody',
  'SELECT INBOX (X-EXT (a))',
])('%s is not', (line) => {
  expect(check(line)).toBeUndefined()
})

test('what was enabled, and what the server says it has, is not', () => {
  const utf8 = 'APPEND INBOX UTF8 (~{4}\r\nbody)'
  expect(check(utf8, { ...none, enabled: ['UTF8=ACCEPT'] })).toBeUndefined()
  expect(check(utf8, { ...none, enabled: ['CONDSTORE'] })).toBeDefined()
  const annotated = 'APPEND INBOX ANNOTATION (/comment (value.priv "x")) {4}\r\nbody'
  expect(check(annotated, { enabled: [], capabilities: ['ANNOTATE-EXPERIMENT-1'] })).toBeUndefined()
  expect(check(annotated, { enabled: [], capabilities: [] })).toBeUndefined()
})
