/** The parts that both kinds of URL share. */

import { expect, it } from 'vitest'
import { hideUserinfo, isLoopback } from '../../src/config/endpoint-url.ts'

it('what stands before the last @ of a URL is hidden, however odd the password', () => {
  expect(hideUserinfo("unknown command 'imaps://bob:p@ss/w#rd@host'")).toBe(
    "unknown command 'imaps://***@host'",
  )
})

it('text without credentials stays as it is', () => {
  expect(hideUserinfo('imaps://imap.example.com: no @ before it')).toBe(
    'imaps://imap.example.com: no @ before it',
  )
})

it.each([
  ['localhost', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['127.example.com', false],
  ['10.0.0.1', false],
])('%s stays on this machine: %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
