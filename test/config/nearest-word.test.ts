/** Which known word is offered for a wrong one. */

import { expect, it } from 'vitest'
import { listNearWords, nearestWord, suggest } from '../../src/config/nearest-word.ts'

const known = ['upstream', 'listen', 'tls', 'log', 'leafKey']

it.each([
  ['upstrem', 'upstream'],
  ['upstraem', 'upstream'],
  ['LISTEN', 'listen'],
  ['leafkey', 'leafKey'],
  ['lgo', 'log'],
])('%s is taken for %s', (word, meant) => {
  expect(nearestWord(word, known)).toBe(meant)
})

it.each(['dashboard', 'xyz', '', 'l'.repeat(100_000)])(
  'nothing is offered for a word that is far from all',
  (word) => {
    expect(suggest(word, known)).toBe('')
  },
)

it('what has the word in it, or is within it, may be meant as well, the nearest first, and three at most', () => {
  expect(listNearWords('upstreamUrl', known)).toEqual(['upstream'])
  expect(listNearWords('leaf_key', known)).toEqual(['leafKey'])
  expect(listNearWords('logs', ['log', 'logFile', 'logsize', 'mylogs', 'catalogs'])).toEqual([
    'log',
    'logsize',
    'mylogs',
  ])
  expect(listNearWords('xyz', known)).toEqual([])
})
