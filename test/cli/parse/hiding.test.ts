/** No credential shows in what parse prints, however it was said. */

import { describe, expect, it } from 'vitest'
import { Hiding } from '../../../src/cli/parse/hiding.ts'
import { messageJson } from '../../../src/cli/parse/message-json.ts'
import { strict } from '../../../src/imap/cursor.ts'
import { octetsOf } from '../../../src/imap/octets.ts'
import { WireReader, type WireSides } from '../../../src/session/wire-reader.ts'
import { opening, scenes, tracesIn, type Step } from '../../support/secret-scenes.ts'

function print(sides: WireSides, steps: readonly Step[]): string[] {
  const reader = new WireReader(sides)
  const hiding = new Hiding(reader, sides)
  const lines: string[] = []
  for (const { from, text } of steps) {
    if (sides !== 'both' && from !== sides) continue
    for (const message of reader.push(from, octetsOf(text)))
      lines.push(JSON.stringify(messageJson(message, { reveals: false, hidden: hiding.judge(message) })))
  }
  for (const message of reader.finish()) {
    const hidden = message.kind === 'incomplete' ? 'nothing' : hiding.judge(message)
    lines.push(JSON.stringify(messageJson(message, { reveals: false, hidden })))
  }
  return lines
}

describe.each(scenes.map((scene) => [scene.name, scene] as const))('%s', (_, scene) => {
  it('is hidden with both sides', () => {
    const lines = print('both', [...opening, ...scene.steps])
    expect(lines.filter((line) => tracesIn(line, scene).length > 0)).toEqual([])
  })

  it('is hidden where the greeting is missing', () => {
    const lines = print('both', scene.steps)
    expect(lines.filter((line) => tracesIn(line, scene).length > 0)).toEqual([])
  })

  it('is hidden with the client alone', () => {
    expect(print('client', scene.steps).filter((line) => tracesIn(line, scene).length > 0)).toEqual([])
  })
})

const values = (sides: WireSides, ...texts: string[]): unknown[] =>
  print(
    sides,
    texts.map((text) => ({ from: sides === 'server' ? 'server' : 'client', text: `${text}\r\n` })),
  ).map((line): unknown => JSON.parse(line))

it('an experimental command before login keeps its name, and loses its arguments', () => {
  expect(values('client', 'a1 XFROB joe secret')).toMatchObject([
    { name: 'XFROB', tag: 'a1', ok: true, value: { word: 'XFROB', arguments: { redacted: 19 } } },
  ])
})

it('any other unknown word before login may be a password', () => {
  const [message] = values('client', 'joe hunter2')
  expect(message).toMatchObject({ name: '?', ok: true, value: { kind: 'opaque', redacted: 11 } })
  expect(message).not.toHaveProperty('tag')
})

it('behind a command that wants a login, all is shown', () => {
  expect(values('client', 'a1 SELECT x', 'a2 FROB joe')[1]).toMatchObject({
    name: 'FROB',
    value: { arguments: [{ kind: 'atom', text: 'joe' }] },
  })
})

it('a word alone may be a password behind any command', () => {
  expect(values('client', 'a1 IDLE', 'hunter2')[1]).toMatchObject({ value: { kind: 'opaque', redacted: 7 } })
})

it('a LOGIN in an IDLE that was forgotten is hidden, other commands are not', () => {
  const said: Step[] = [
    { from: 'server', text: '* PREAUTH hi\r\n' },
    { from: 'client', text: 'a IDLE\r\n' },
    { from: 'server', text: '+ \r\n' },
    { from: 'client', text: 'b LOGIN joe hunter2\r\n' },
    { from: 'server', text: 'a BAD no DONE\r\n' },
    { from: 'client', text: 'c IDLE\r\n' },
    { from: 'server', text: '+ \r\n' },
    { from: 'client', text: 'd NOOP\r\n' },
  ]
  const lines = print('both', said)
  expect(lines.join()).not.toContain('hunter2')
  expect(lines.at(-1)).toContain('"line":"d NOOP"')
})

it('what strict eyes do not read keeps its secrets all the same', () => {
  const reader = new WireReader('client', strict)
  const hiding = new Hiding(reader, 'client')
  const said = 'a SELECT x\r\nb  GENURLAUTH imap://h/m;urlauth=hunter2 INTERNAL\r\nc  CLIENTID x hunter2\r\n'
  const lines = [...reader.push('client', octetsOf(said))].map((message) => {
    const hidden = hiding.judge(message)
    return JSON.stringify(messageJson(message, { reveals: false, hidden }))
  })
  expect(lines).toHaveLength(3)
  expect(lines.join()).not.toContain('hunter2')
})

it("a server's challenge is hidden, its words are not", () => {
  expect(values('server', '* OK hi', '+ dGVzdA==', '+ go on', '+ ', '+')).toMatchObject([
    { value: { text: { text: 'hi' } } },
    { value: { kind: 'opaque', redacted: 10 } },
    { value: { text: { text: 'go on' } } },
    { value: { text: { text: '' } } },
    { value: { text: { text: '' } } },
  ])
})
