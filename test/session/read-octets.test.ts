/** The door for programs that have octets of one side: in one piece, in many, or as they come. */

import { expect, it } from 'vitest'
import {
  readCommands,
  readCommandStream,
  readResponses,
  readResponseStream,
} from '../../src/session/read-octets.ts'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const server = octets('* OK hi\r\n* 1 FETCH (BODY[] {3}\r\nabc UID 5)\r\na OK done\r\n* 3 EX')
const client = octets('a LOGIN joe {6}\r\nsecret\r\nb IDLE\r\nDONE\r\n')

const pieces = (whole: Uint8Array): Uint8Array[] => Array.from(whole, (octet) => Uint8Array.of(octet))

async function* stream(whole: Uint8Array): AsyncGenerator<Uint8Array> {
  for (const piece of pieces(whole)) {
    await Promise.resolve()
    yield piece
  }
}

async function gather<T>(messages: AsyncIterable<T>): Promise<T[]> {
  const gathered: T[] = []
  for await (const message of messages) gathered.push(message)
  return gathered
}

it('reads responses the same from one piece, from many and from a stream', async () => {
  const expected = [
    { kind: 'greeting', name: 'OK', offset: 0, octets: 9 },
    {
      kind: 'untagged',
      name: 'FETCH',
      offset: 9,
      value: { items: [{ name: 'BODY[]' }, { name: 'UID', uid: 5 }] },
    },
    { kind: 'tagged', name: 'OK', tag: 'a', value: { status: 'OK' } },
    { kind: 'incomplete', octets: 6 },
  ]
  expect([...readResponses(server)]).toMatchObject(expected)
  expect([...readResponses(pieces(server))]).toMatchObject(expected)
  expect(await gather(readResponseStream(stream(server)))).toMatchObject(expected)
})

it('reads commands the same from one piece, from many and from a stream', async () => {
  const expected = [
    { kind: 'command', name: 'LOGIN', tag: 'a', value: { user: 'joe' } },
    { kind: 'command', name: 'IDLE', tag: 'b' },
    { kind: 'data', name: 'IDLE', value: { line: 'DONE' } },
  ]
  expect([...readCommands(client)]).toMatchObject(expected)
  expect([...readCommands(pieces(client))]).toMatchObject(expected)
  expect(await gather(readCommandStream(stream(client)))).toMatchObject(expected)
})

it('keeps secrets until they are asked for', () => {
  const [login] = readCommands(client)
  const value = login?.kind === 'command' ? login.value : undefined
  expect(JSON.stringify(value)).not.toContain('secret')
  expect(value?.name === 'LOGIN' && value.password.reveal()).toBe('secret')
})

it('is as strict as one wants', () => {
  const odd = octets('* 3  EXISTS\r\n* 3 EXISTS\n')
  expect([...readResponses(odd)]).toMatchObject([
    { ok: true, faults: [{ rule: 'extra-space' }] },
    { ok: true, faults: [{ rule: 'bare-lf' }] },
  ])
  expect([...readResponses(odd, { isStrict: true, allowsLf: true })]).toMatchObject([
    { ok: false, value: undefined, name: 'EXISTS' },
    { ok: true, faults: [] },
  ])
})

it('can be left in the middle', () => {
  for (const message of readResponses(server)) {
    expect(message.kind).toBe('greeting')
    break
  }
})
