/** Conversations written down as text become the octets of each side. */

import { expect, it, test } from 'vitest'
import { latin1 } from '../../src/imap/octets.ts'
import { readTrace } from '../../src/imap/trace.ts'

const steps = (text: string): unknown => {
  const trace = readTrace(text)
  return 'text' in trace ? trace : trace.steps.map(({ from, octets }) => `${from}: ${latin1(octets)}`)
}

it('has lines of both sides', () => {
  expect(steps('S: * OK hi\nC: a NOOP\r\n\n  \nC:\n')).toEqual([
    'server: * OK hi\r\n',
    'client: a NOOP\r\n',
    'client: \r\n',
  ])
})

it('keeps spaces but for the one behind the mark', () => {
  expect(steps('\ufeffS:   a \nS:b')).toEqual(['server:   a \r\n', 'server: b\r\n'])
})

it('has exact octets, with escapes', () => {
  expect(steps('S| a\\x00\\xFFb\\r\\n\\t\\\\x41')).toEqual(['server: a\0\xffb\r\n\t\\x41'])
  expect(steps('C| ä')).toEqual(['client: \xc3\xa4'])
})

it('has notes with their places', () => {
  expect(readTrace('# trap: 1\nC: a\n= {"ok":true}\n')).toMatchObject({
    notes: [
      { line: 1, kind: 'comment', text: 'trap: 1' },
      { line: 3, kind: 'expectation', text: '{"ok":true}' },
    ],
  })
})

test.each([
  ['C: a\nQ: b', 2],
  ['a', 1],
  ['\n\nC| \\q', 3],
  ['C| \\x4', 1],
  ['C| \\', 1],
])('%j has a problem in line %i', (text, line) => {
  expect(readTrace(text)).toMatchObject({ line })
})
