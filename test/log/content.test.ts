import { describe, expect, it } from 'vitest'

import type { Logger } from '../../src/log/logger.ts'
import { logOf, LoggedDialogue } from '../support/logged-dialogue.ts'

/** Threat 54: what people write to each other is in no log, not even with --wire. */

const canary = 'CanaryBirdSings'
const mail = `From: ann\r\nSubject: ${canary}\r\n\r\n${canary} and "${canary}"\r\nc NOOP\r\n`
const literal = (plus = ''): string => `{${mail.length}${plus}}\r\n${mail}`

interface Scene {
  readonly client: string
  readonly server: string
  /** What the client sends once the server has spoken. */
  readonly reply?: string
}

const scenes: readonly (readonly [string, Scene])[] = [
  ['FETCH of a literal', { client: 'a FETCH 1 BODY[]', server: `* 1 FETCH (BODY[] ${literal()})\r\na OK` }],
  [
    'FETCH of a binary literal',
    { client: 'a FETCH 1 BINARY[1]', server: `* 1 FETCH (BINARY[1] ~${literal()})\r\na OK` },
  ],
  [
    'FETCH of a quoted body',
    { client: 'a FETCH 1 BODY[TEXT]', server: `* 1 FETCH (BODY[TEXT] "${canary}")\r\na OK` },
  ],
  [
    'FETCH of a quoted part of a body',
    {
      client: 'a FETCH 1 BODY[1]<0.9>',
      server: `* 1 FETCH (UID 4 BODY[1]<0> "say \\"${canary}\\" x")\r\na OK`,
    },
  ],
  [
    'FETCH of RFC822.TEXT',
    { client: 'a FETCH 1 RFC822.TEXT', server: `* 1 FETCH (RFC822.TEXT "${canary}")\r\na OK` },
  ],
  [
    'FETCH of a quoted binary',
    { client: 'a FETCH 1 BINARY[1]', server: `* 1 FETCH (BINARY[1] "${canary}")\r\na OK` },
  ],
  [
    'UID FETCH nobody asked for',
    { client: 'a NOOP', server: `* 9 FETCH (BODY[HEADER] ${literal()} UID 3)\r\na OK` },
  ],
  ['a body without its space', { client: 'a NOOP', server: `* 9 FETCH (BODY[]${literal()})\r\na OK` }],
  ['APPEND', { client: `a APPEND x ${literal('+')}`, server: 'a OK' }],
  ['APPEND of a binary literal', { client: `a APPEND x ~${literal('+')}`, server: 'a OK' }],
  ['APPEND that waits', { client: `a APPEND x {${mail.length}}`, server: '+ go', reply: mail }],
  ['APPEND that does not wait', { client: `a APPEND x ${literal()}`, server: '+ go\r\na OK' }],
  [
    'APPEND that does not wait and is refused',
    {
      client: `a APPEND x ${literal()}`,
      server: `a NO no\r\nSubject: BAD Unknown command ${canary}\r\n* BAD ${canary}`,
    },
  ],
  [
    'APPEND that was refused and comes all the same',
    { client: `a APPEND x {${mail.length}}`, server: 'a NO no such mailbox', reply: mail },
  ],
  ['a mail sent into IDLE', { client: 'a IDLE', server: '+ idling', reply: `${canary}\r\n` }],
]

function playScene(listen: Logger['listen'], { client, server, reply }: Scene, options: object): void {
  new LoggedDialogue(listen, options)
    .input({ kind: 'connected' })
    .server('* PREAUTH hi')
    .client(client)
    .server(server)
    .client(reply ?? '', 'z NOOP')
    .server('z OK')
    .input({ kind: 'ended', side: 'client' })
    .input({ kind: 'ended', side: 'server' })
}

describe('the content of mail is in no log', () => {
  it.each(scenes)('%s', async (_, scene) => {
    for (const messages of [false, true]) {
      for (const chunk of [1, 3, 9_999]) {
        const { lines } = await logOf(({ listen }) => playScene(listen, scene, { messages, chunk }))
        expect(lines.filter((line) => line.toLowerCase().includes(canary.toLowerCase()))).toEqual([])
      }
    }
  })

  it('while its size is, with the digest where there is one', async () => {
    const digester = { update: () => undefined, hex: () => 'abc123' }
    const [, { client, server }] = scenes[0] ?? ['', { client: '', server: '' }]
    const options = { messages: true, digesters: { client: () => undefined, server: () => digester } }
    const { records } = await logOf(({ listen }) => playScene(listen, { client, server }, options))
    expect(records.map(({ line }) => line)).toContain(`* 1 FETCH (BODY[] {${mail.length} #abc123}`)
  })
})

describe('a command behind a refused literal', () => {
  it('shows when it makes sense, for most clients wait', async () => {
    const scene = { client: 'a APPEND x {900}', server: 'a NO no', reply: 'b SELECT "A b"\r\nc XFOO bar' }
    const { human } = await logOf(({ listen }) => playScene(listen, scene, {}))
    expect(human).toContain('b SELECT "A b" -> ')
    expect(human).toContain('c XFOO bar -> ')
  })
})
