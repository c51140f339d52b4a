import { describe, expect, it } from 'vitest'

import type { Keeping } from '../../src/capture/message-record.ts'
import { RecordEncoder } from '../../src/capture/record.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import { LoggedDialogue, stringsOf } from '../support/logged-dialogue.ts'
import {
  encode,
  hard,
  opening,
  password,
  quote,
  scenes,
  token,
  tracesIn,
  type Scene,
  type Step,
} from '../support/secret-scenes.ts'

/** Threat 53: a credential in any sink; the log's own test is test/log/secrets.test.ts. */

const byDefault: Keeping = { secrets: false, bodies: false }

interface Cut {
  readonly chunk?: number
  readonly step?: number
  readonly at?: number
}

function playScene({ steps }: Scene, listen: (event: ProxyEvent) => void, cut: Cut): void {
  const talk = new LoggedDialogue(listen, { messages: true, ...(cut.chunk && { chunk: cut.chunk }) })
  talk.input({ kind: 'connected' })
  for (const [index, { from, text }] of [...opening, ...steps].entries()) {
    const at = index === (cut.step ?? -1) + opening.length ? (cut.at ?? 0) : 0
    talk.raw(from, text.slice(0, at)).raw(from, text.slice(at))
  }
  talk.input({ kind: 'ended', side: 'client' }).input({ kind: 'ended', side: 'server' })
}

/** Records as they stand, and as a reader finds them: JSON undone, and base64 within undone as well. */
function textsOf(line: string): readonly string[] {
  const strings = stringsOf(JSON.parse(line))
  const decoded = strings.map((text) => Buffer.from(text, 'base64').toString('latin1'))
  return [line, strings.join('\n'), decoded.join('\n')]
}

function record({ steps }: Scene, keeping: Keeping): readonly string[] {
  const cuts: Cut[] = [
    {},
    { chunk: 1 },
    { chunk: 3 },
    { chunk: 7 },
    ...steps.flatMap(({ text }, step) =>
      [1, 2, Math.floor(text.length / 2), text.length - 1].map((at) => ({ step, at })),
    ),
  ]
  return cuts.flatMap((cut) => {
    const encoder = new RecordEncoder(keeping)
    const lines: string[] = []
    playScene({ name: '', steps }, (event) => lines.push(encoder.encode(event) ?? ''), cut)
    return lines
  })
}

const leaksIn = (lines: readonly string[], scene: Scene): readonly string[] =>
  lines.filter((line) => textsOf(line).some((text) => tracesIn(text, scene).length > 0))

describe('no credential reaches a capture', () => {
  it.each(scenes.map((scene): [string, Scene] => [scene.name, scene]))('%s', (_, scene) => {
    const lines = record(scene, byDefault)
    expect(lines.length).toBeGreaterThan(0)
    expect([...new Set(leaksIn(lines, scene))], 'records that hold a secret').toEqual([])
  })
})

interface Message {
  readonly parts: readonly unknown[]
  readonly redacted?: readonly (readonly [part: number, from: number, to: number])[]
}

/** The lines and literals of the messages that these records tell of, as octets. */
const messagesOf = (lines: readonly string[]): readonly Message[] =>
  lines.map((line): Message => JSON.parse(line)).filter(({ parts }) => parts !== undefined)

function octetsOf(part: unknown): Buffer {
  if (typeof part === 'string') return Buffer.from(part)
  const { text = '', base64 } = { base64: undefined, ...(part as { text?: string; base64?: string }) }
  return base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64')
}

describe('what is blanked', () => {
  const everything: Keeping = { secrets: true, bodies: true }

  it.each(scenes.map((scene): [string, Scene] => [scene.name, scene]))(
    'is as long as it was, and nothing else differs: %s',
    (_, scene) => {
      const told = messagesOf(record(scene, everything))
      const shown = messagesOf(record(scene, { secrets: false, bodies: true }))
      expect(shown.length).toBe(told.length)
      for (const [at, { parts, redacted = [] }] of shown.entries()) {
        const original = told[at]?.parts.map(octetsOf) ?? []
        for (const [part, from, to] of redacted) original[part]?.fill('x', from, to)
        expect(parts.map((part) => octetsOf(part).toString('latin1'))).toEqual(
          original.map((octets) => octets.toString('latin1')),
        )
      }
    },
  )

  it('is kept with --capture-secrets, where it stood', () => {
    const scene = scenes.find(({ name }) => name === 'LOGIN with an atom, taken')
    if (!scene) throw new Error('the scene is gone')
    expect(leaksIn(record(scene, everything), scene)).not.toEqual([])
    expect(messagesOf(record(scene, everything)).some(({ redacted }) => redacted)).toBe(false)
  })
})

describe('no mail reaches a capture', () => {
  const canary = 'Subject: Qz7Kanarienvogel\r\n\r\nQz7Kanarienvogel sings {3}\r\n'
  const sized = (text: string, plus = ''): string => `{${text.length}${plus}}\r\n${text}`
  const login: readonly Step[] = [
    { from: 'client', text: 'l LOGIN ann x\r\n' },
    { from: 'server', text: 'l OK done\r\n' },
  ]

  it.each<[string, readonly Step[]]>([
    ['that is appended', [{ from: 'client', text: `a APPEND INBOX (\\Seen) ${sized(canary, '+')}\r\n` }]],
    [
      'that is appended when the server asks for it',
      [
        { from: 'client', text: `a APPEND INBOX {${canary.length}}\r\n` },
        { from: 'server', text: '+ go\r\n' },
        { from: 'client', text: `${canary}\r\n` },
      ],
    ],
    [
      'that is refused, and sent all the same',
      [
        { from: 'client', text: `a APPEND INBOX {${canary.length}}\r\n` },
        { from: 'server', text: 'a NO [OVERQUOTA] no\r\n' },
        { from: 'client', text: `${canary}\r\n` },
        { from: 'server', text: 'Subject: BAD Unknown command Qz7Kanarienvogel\r\n' },
      ],
    ],
    [
      'that is put together',
      [{ from: 'client', text: `a APPEND INBOX CATENATE (URL "/x" TEXT ${sized(canary, '+')})\r\n` }],
    ],
    ['that replaces another', [{ from: 'client', text: `a REPLACE 4 INBOX ${sized(canary, '+')}\r\n` }]],
    ['that is fetched', [{ from: 'server', text: `* 1 FETCH (UID 4 BODY[] ${sized(canary)})\r\n` }]],
    ['whose part is fetched', [{ from: 'server', text: `* 1 FETCH (BINARY[1.2]<0> ~${sized(canary)})\r\n` }]],
    ['in quotes', [{ from: 'server', text: '* 1 FETCH (BODY[1] "Qz7Kanarienvogel" UID 4)\r\n' }]],
    ['in a preview', [{ from: 'server', text: '* 1 FETCH (PREVIEW "Qz7Kanarienvogel sings")\r\n' }]],
    ['behind a URL', [{ from: 'server', text: `* URLFETCH "imap://x;urlauth=a" ${sized(canary)}\r\n` }]],
  ])('%s', (name, steps) => {
    for (const keeping of [byDefault, { secrets: true, bodies: false }]) {
      const lines = record({ name: '', steps: [...login, ...steps] }, keeping)
      expect(lines.length).toBeGreaterThan(2)
      // Nobody knows whether lines behind a refusal are a mail or a password: with secrets, they are kept.
      if (keeping.secrets && name.includes('refused')) continue
      expect(lines.filter((line) => textsOf(line).some((text) => /Qz7|Kanarien/u.test(text)))).toEqual([])
    }
  })
})

describe('the search', () => {
  const scene: Scene = { name: '', steps: [], secrets: [token, encode(`\0ann\0${password}`)] }

  it.each([
    ['raw', password],
    ['quoted', quote(hard)],
    ['base64', encode(password)],
    ['base64 behind one octet', encode(`x${password}`)],
    ['base64 behind two', encode(`xy${password}more`)],
    ['another secret of the scene', `p=${token},`],
    ['base64 of base64', encode(encode(`\0ann\0${password}`))],
  ])('finds what leaked: %s', (_, leaked) => {
    const leak: ObservedEvent = { kind: 'warning', session: 'S1', at: 0, reason: leaked, advice: '' }
    expect(leaksIn([new RecordEncoder().encode(leak) ?? ''], scene)).toHaveLength(1)
  })

  it('is over scenes that are recorded at all', () => {
    expect(scenes.length).toBeGreaterThan(200)
  })
})
