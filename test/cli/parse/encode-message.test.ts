/** What parse prints becomes octets again, and nothing else does. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { encodeMessage } from '../../../src/cli/parse/encode-message.ts'
import { messageJson } from '../../../src/cli/parse/message-json.ts'
import { writeCommand } from '../../../src/imap/commands/index.ts'
import { tolerant } from '../../../src/imap/cursor.ts'
import { concat, latin1 } from '../../../src/imap/octets.ts'
import type { Side } from '../../../src/imap/raw-message.ts'
import { writeResponse } from '../../../src/imap/responses/index.ts'
import { readTrace } from '../../../src/imap/trace.ts'
import { WireReader } from '../../../src/session/wire-reader.ts'
import { commands, responses } from '../../imap/support/values/index.ts'
import { replay } from '../../traces/support/replay.ts'

const options = { reveals: true, hidden: 'nothing' } as const

type Json = Readonly<Record<string, unknown>>

/** The JSON that parse --reveal prints, without what depends on how it is written. */
function parse(from: Side, octets: Uint8Array): Json[] {
  const reader = new WireReader(from, { ...tolerant, isUtf8: true })
  return [...reader.push(from, octets), ...reader.finish()].map((message) => {
    const {
      offset: _offset,
      faults: _faults,

      octets: _octets,
      ...rest
    } = JSON.parse(JSON.stringify(messageJson(message, options)))
    return rest as Json
  })
}

function expectRoundTrip(
  from: Side,
  octets: Uint8Array,
  literals: 'synchronizing' | 'non-synchronizing',
): void {
  const first = parse(from, octets)
  const written = first.map((json) => encodeMessage(json, literals))
  expect(parse(from, concat(written))).toEqual(first)
}

describe('parse, encode, parse gives the same', () => {
  test.each(Object.keys(commands))('for commands: %s', (family) => {
    const style = fc.constantFrom('synchronizing' as const, 'non-synchronizing' as const)
    fc.assert(
      fc.property(commands[family] ?? fc.constantFrom(), style, (command, literals) =>
        expectRoundTrip('client', concat(writeCommand(command)), literals),
      ),
    )
  })

  test.each(Object.keys(responses))('for responses: %s', (family) => {
    fc.assert(
      fc.property(responses[family] ?? fc.constantFrom(), (response) =>
        expectRoundTrip('server', concat(writeResponse(response)), 'synchronizing'),
      ),
    )
  })
})

const traces = join(import.meta.dirname, '../../traces')

test('every message of every trace is written so that it reads the same, but words that would not', () => {
  const refused: string[] = []
  for (const file of readdirSync(traces, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.trace')) continue
    const trace = readTrace(readFileSync(join(traces, file), 'utf8'))
    if ('text' in trace) continue
    for (const message of replay(trace, tolerant, () => false, true)) {
      if (message['kind'] === 'incomplete' || JSON.stringify(message).includes('"streamed"')) continue
      try {
        encodeMessage(message, 'synchronizing')
      } catch (error) {
        // A word with quotes, braces or a CR in it may mean something else where it is written; then it is refused.
        if (!JSON.stringify(message['faults']).includes('"odd-atom"'))
          refused.push(`${file}: ${String(error)} in ${JSON.stringify(message)}`)
      }
    }
  }
  expect(refused).toEqual([])
})

const encode = (json: unknown): string => latin1(encodeMessage(json, 'synchronizing'))

it('wants no more than kind, value and tag', () => {
  expect(encode({ kind: 'command', value: { tag: 'a', name: 'LOGIN', user: 'ann', password: 'p w' } })).toBe(
    'a LOGIN ann "p w"\r\n',
  )
  expect(encode({ kind: 'command', tag: 'a', value: { name: 'NOOP' } })).toBe('a NOOP\r\n')
  expect(encode({ kind: 'untagged', value: { name: 'EXISTS', count: 3 } })).toBe('* 3 EXISTS\r\n')
  expect(encode({ kind: 'tagged', tag: 'a', value: { status: 'OK', text: { text: 'hi' } } })).toBe(
    'a OK hi\r\n',
  )
  expect(encode({ kind: 'continuation', value: { text: { text: 'go' } } })).toBe('+ go\r\n')
  expect(encode({ kind: 'data', value: { line: 'DONE' } })).toBe('DONE\r\n')
  expect(encode({ kind: 'data', value: { line: { secret: 'AGEAYg==' } } })).toBe('AGEAYg==\r\n')
  expect(encode({ kind: 'untagged', value: { kind: 'opaque', octets: { base64: 'AAENCg==' } } })).toBe(
    '\0\u0001\r\n',
  )
})

test.each([
  [[], 'a message is an object'],
  [{ value: {} }, 'kind is missing'],
  [{ kind: 'incomplete', offset: 0 }, 'an incomplete message cannot be written'],
  [{ kind: 'command' }, 'value is missing'],
  [{ kind: 'letter', value: {} }, 'unknown kind "letter"'],
  [{ kind: 'command', value: { name: 'NOOP' } }, 'tag is missing'],
  [{ kind: 'command', value: { kind: 'opaque', redacted: 7 } }, 'value is hidden: parse with --reveal'],
  [{ kind: 'untagged', value: { kind: 'opaque', streamed: 7 } }, 'value was too large to be kept'],
  [{ kind: 'data', value: { line: { redacted: 8 } } }, 'value.line is hidden: parse with --reveal'],
  [{ kind: 'data', value: { line: 'a\r\nb' } }, 'value.line is more than one line'],
  [
    {
      kind: 'untagged',
      value: {
        name: 'FETCH',
        message: 1,
        items: [
          { name: 'BODY[]', section: { part: [], text: 'whole' }, data: { kind: 'streamed', size: 70000 } },
        ],
      },
    },
    'value.items[0].data was streamed past',
  ],
  [
    { kind: 'command', value: { tag: 'a', name: 'FROB' } },
    'value would read differently: value.name is "FROB"',
  ],
  [
    { kind: 'command', value: { tag: 'a\r\nb', name: 'NOOP' } },
    'value would be written as more than one message',
  ],
  [{ kind: 'command', value: { tag: 'a', name: 'COPY' } }, 'value has not the shape of COPY'],
  [
    { kind: 'untagged', value: { name: 'EXISTS', count: 3, uid: 4 } },
    'value would read differently: value.data.uid is 4 and would be absent',
  ],
])('%j is refused: %s', (json, message) => {
  expect(() => encode(json)).toThrow(message)
})
