import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  commandName,
  commandNames,
  isKnownCommandWord,
  nameOfCommandLine,
  readCommand,
  writeCommand,
  type Command,
} from '../../../src/imap/commands/index.ts'
import { strict, strictUtf8 } from '../../../src/imap/cursor.ts'
import { limits } from '../../../src/imap/limits.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import { Secret } from '../../../src/imap/secret.ts'
import { client, rawMessage, textOf } from '../support/wire.ts'
import { anyOctets, commands } from '../support/values/index.ts'

const read = (line: string): Command => {
  const command = readCommand(client(line))
  if (!command.ok) throw new Error(command.fault.rule)
  return command.value
}
const fault = (line: string): string => {
  const command = readCommand(client(line))
  return command.ok ? 'none' : command.fault.rule
}
const rewritten = (line: string): string => textOf(writeCommand(read(line)))

/** Secrets compare by what they hold, wherever they stand. */
function open(value: unknown): unknown {
  if (value instanceof Secret) return { secret: value.reveal() as unknown }
  if (Array.isArray(value)) return value.map(open)
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [key, open(inner)]),
  )
}

describe('what is written is read back as the same command', () => {
  test.each(Object.keys(commands))('%s', (family) => {
    const arbitrary = commands[family] ?? fc.constantFrom<Command>()
    fc.assert(
      fc.property(
        arbitrary,
        fc.constantFrom('synchronizing' as const, 'non-synchronizing' as const),
        (command, style) => {
          const written = textOf(writeCommand(command, style))
          const again = readCommand(rawMessage('client', written), strictUtf8)
          if (!again.ok) throw new Error(`${again.fault.rule} in ${written}`)
          expect(open(again.value)).toEqual(open(command))
        },
      ),
      { numRuns: 150 },
    )
  })
})

test('whatever a client sends, reading ends without an exception', () => {
  fc.assert(
    fc.property(anyOctets, (line) => {
      const raw = rawMessage('client', `${line}\r\n`)
      readCommand(raw)
      readCommand(raw, strict)
      nameOfCommandLine(octetsOf(line))
    }),
    { numRuns: 3000 },
  )
})

test('what can be read can be written, and what was written reads the same', () => {
  fc.assert(
    fc.property(anyOctets, (line) => {
      const first = readCommand(rawMessage('client', `a ${line}\r\n`))
      fc.pre(first.ok)
      const second = readCommand(rawMessage('client', textOf(writeCommand(first.value))))
      if (!second.ok) throw new Error(second.fault.rule)
      expect(textOf(writeCommand(second.value))).toBe(textOf(writeCommand(first.value)))
    }),
    { numRuns: 1500 },
  )
})

test('each piece but the last ends where the sender must wait for a continuation request', () => {
  const pieces = writeCommand({ tag: 'a', name: 'LOGIN', user: 'j\u00f6', password: new Secret('a\nb') })
  expect(pieces.map((piece) => textOf([piece]))).toEqual([
    'a LOGIN {3}\r\n',
    'j\u00c3\u00b6 {3}\r\n',
    'a\nb\r\n',
  ])
})

test('non-synchronizing literals make one piece', () => {
  const pieces = writeCommand(
    { tag: 'a', name: 'LOGIN', user: 'joe', password: new Secret('a\nb') },
    'non-synchronizing',
  )
  expect(pieces.map((piece) => textOf([piece]))).toEqual(['a LOGIN joe {3+}\r\na\nb\r\n'])
})

test('a command is named in upper case, with UID where it stands', () => {
  expect(commandName(read('a uid fetch 1 FLAGS'))).toBe('UID FETCH')
  expect(commandName(read('a noop'))).toBe('NOOP')
  expect(commandName(read('a xfoo bar'))).toBe('XFOO')
})

test('words are known whatever their case; UID goes only before what has a UID form', () => {
  expect(isKnownCommandWord('select')).toBe(true)
  expect(isKnownCommandWord('UID Move')).toBe(true)
  expect(isKnownCommandWord('UID LOGIN')).toBe(false)
  expect(isKnownCommandWord('XFOO')).toBe(false)
})

test.each([
  ['a1 LOGIN joe secret', { tag: 'a1', word: 'LOGIN' }],
  ['  a1   uid   fetch 1 FLAGS', { tag: 'a1', word: 'UID FETCH' }],
  ['a1 noop\r\n', { tag: 'a1', word: 'NOOP' }],
  ['a1', undefined],
  ['\r\n', undefined],
])('the head of %j is found without reading the rest', (line, head) => {
  expect(nameOfCommandLine(octetsOf(line))).toEqual(head)
})

test('spaces too many are read over, and told in strict mode', () => {
  expect(read('  a1   NOOP  ')).toEqual({ tag: 'a1', name: 'NOOP' })
  expect(readCommand(client('a1  NOOP'), strict).ok).toBe(false)
})

test('a command that nobody knows keeps its values', () => {
  expect(rewritten('a XFOO (b "c d" ~{2}\r\n\0x) nil')).toBe('a XFOO (b "c d" ~{2}\r\n\0x) nil\r\n')
  expect(rewritten('a UID FROB 1:*')).toBe('a UID FROB 1:*\r\n')
})

test.each([
  ['a+b NOOP', 'odd-tag'],
  ['a(b NOOP', 'missing-space'],
  ['a"b NOOP', 'odd-atom'],
  ['a NO*P', 'odd-atom'],
  ['a AUTHENTICATE PLA.IN', 'odd-mechanism'],
  ['a AUTHENTICATE PLAIN joe:pw', 'odd-base64'],
  ['a AUTHENTICATE PLAIN abc', 'odd-base64'],
])('%j is not what the grammar has', (line, rule) => {
  expect(readCommand(client(line), strict)).toMatchObject({ ok: false, fault: { rule } })
})

test.each(['. NOOP', '] NOOP', '1 NOOP', `${'x'.repeat(1024)} NOOP`])('the tag of %j is one', (line) => {
  expect(readCommand(client(line), strict).ok).toBe(true)
})

test('names of two words are one name, and a mailbox called MAILBOX is a mailbox', () => {
  expect(read('a find all.mailboxes *')).toMatchObject({ name: 'FIND ALL.MAILBOXES', pattern: '*' })
  expect(read('a SUBSCRIBE MAILBOX x')).toMatchObject({ name: 'SUBSCRIBE MAILBOX', mailbox: 'x' })
  expect(read('a SUBSCRIBE MAILBOX')).toMatchObject({ name: 'SUBSCRIBE', mailbox: 'MAILBOX' })
  expect(read('a FIND')).toMatchObject({ name: 'unknown', word: 'FIND' })
})

test('the registry knows its words, those behind UID as well', () => {
  expect(
    ['UID REPLACE', 'X-UNAUTHENTICATE', 'XGWMOVE', 'UID LOGIN'].map((name) => commandNames.has(name)),
  ).toEqual([true, true, true, false])
})

test.each([
  ['a NOOP now', 'trailing-octets'],
  ['a SELECT', 'missing-space'],
  ['a LOGIN joe', 'missing-space'],
  ['a FETCH one FLAGS', 'bad-sequence-set'],
  ['a FETCH 1 (FLAGS', 'unclosed-parenthesis'],
  ['a XFOO )', 'stray-parenthesis'],
  ['', 'missing-word'],
])('%j is unreadable: %s', (line, rule) => {
  expect(fault(line)).toBe(rule)
})

test('a fault says where it stands, literals counted', () => {
  const command = readCommand(client('a LOGIN {3}\r\njoe'))
  expect(command).toMatchObject({ ok: false, fault: { rule: 'missing-space', at: 16, side: 'client' } })
})

test.each(['(', 'NOT '])('nesting by %j ends at the limit and not in the stack', (word) => {
  expect(fault(`a SEARCH ${word.repeat(limits.nesting + 1)}ALL`)).toBe('nested-too-deep')
  expect(fault(`a SEARCH ${word.repeat(200_000)}ALL`)).toBe('nested-too-deep')
})
