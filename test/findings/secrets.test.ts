/** No finding holds a credential or a mail: threat 53 for the sink that findings are. */

import { describe, expect, it } from 'vitest'

import { FindingsEngine } from '../../src/findings/engine.ts'
import type { FindingEvent } from '../../src/findings/finding.ts'
import { LoggedDialogue, stringsOf } from '../support/logged-dialogue.ts'
import { opening, scenes, tracesIn, type Scene, type Step } from '../support/secret-scenes.ts'

interface Cut {
  readonly chunk?: number
  readonly step?: number
  readonly at?: number
}

function find({ steps }: Scene, cut: Cut): readonly FindingEvent[] {
  const engine = new FindingsEngine()
  const found: FindingEvent[] = []
  const talk = new LoggedDialogue((event) => found.push(...engine.observe(event)), {
    messages: true,
    ...(cut.chunk && { chunk: cut.chunk }),
  })
  found.push(
    ...engine.observe({
      kind: 'opened',
      session: 'S1',
      at: 0,
      address: { host: '192.0.2.7', port: 50_000 },
      listener: 'imap://192.0.2.1:143',
      upstream: 'imap://mail.example.com:143',
      view: talk.relay.view,
    }),
  )
  talk.input({ kind: 'connected' })
  for (const [index, { from, text }] of [...opening, ...steps].entries()) {
    const at = index === (cut.step ?? -1) + opening.length ? (cut.at ?? 0) : 0
    talk.raw(from, text.slice(0, at)).raw(from, text.slice(at))
  }
  talk.input({ kind: 'ended', side: 'client' }).input({ kind: 'ended', side: 'server' })
  return found
}

function findAll(scene: Scene): readonly FindingEvent[] {
  const cuts: Cut[] = [
    {},
    { chunk: 1 },
    { chunk: 3 },
    { chunk: 7 },
    ...scene.steps.flatMap(({ text }, step) =>
      [1, 2, Math.floor(text.length / 2), text.length - 1].map((at) => ({ step, at })),
    ),
  ]
  return cuts.flatMap((cut) => find(scene, cut))
}

/** As the finding stands, and with base64 within undone. */
function textsOf({ finding }: FindingEvent): readonly string[] {
  const strings = stringsOf(finding)
  const words = strings.flatMap((text) => text.split(/[^A-Za-z0-9+/=]+/u))
  const decoded = [...strings, ...words].map((text) => Buffer.from(text, 'base64').toString('latin1'))
  return [strings.join('\n'), decoded.join('\n')]
}

describe('no credential reaches a finding', () => {
  it.each(scenes.map((scene): [string, Scene] => [scene.name, scene]))('%s', (_, scene) => {
    const leaks = findAll(scene).filter((event) =>
      textsOf(event).some((text) => tracesIn(text, scene).length > 0),
    )
    expect(leaks.map(({ finding }) => finding)).toEqual([])
  })

  it('although most of these scenes have findings', () => {
    const loud = scenes.filter((scene) => find(scene, {}).length > 0)
    expect(loud.length).toBeGreaterThan(scenes.length / 2)
  })
})

describe('no mail reaches a finding', () => {
  const canary = 'Subject: Qz7Kanarienvogel\r\n\r\nQz7Kanarienvogel \0sings {3}\r\n'
  const sized = (text: string, plus = ''): string => `{${text.length}${plus}}\r\n${text}`
  const c = (text: string): Step => ({ from: 'client', text: `${text}\r\n` })
  const s = (text: string): Step => ({ from: 'server', text: `${text}\r\n` })
  const inside = [c('l LOGIN ann x'), s('l OK done'), c('f UID FETCH 1:* (BODY.PEEK[])')]

  it.each<[string, readonly Step[]]>([
    ['that is appended', [c(`a APPEND INBOX (\\Seen) ${sized(canary, '+')}`)]],
    [
      'that is refused, and sent all the same',
      [
        c(`a APPEND INBOX {${canary.length}}`),
        s('a NO [OVERQUOTA] no'),
        c(canary),
        s('Subject: BAD Unknown command Qz7Kanarienvogel'),
      ],
    ],
    [
      'that is fetched twice',
      [s(`* 0 FETCH (UID 4 BODY[] ${sized(canary)})`), s(`* 0 FETCH (UID 4 BODY[] {2}\r\nhi)`)],
    ],
    ['in a literal8', [s(`* 0 FETCH (BODY[1] ~${sized(canary)} UID 4)`)]],
    ['in quotes', [s('* 0 FETCH (BODY[1] "Qz7Kanarienvogel" UID 4)')]],
    ['in a preview', [s('* 0 FETCH (PREVIEW "Qz7Kanarienvogel sings")')]],
    ['behind an unknown word', [s(`* 0 FETCH (X-BODY[] ${sized(canary)})`)]],
    ['behind a URL', [s(`* URLFETCH "imap://x;urlauth=a" ${sized(canary)}`)]],
  ])('%s', (_, steps) => {
    const found = findAll({ name: '', steps: [...inside, ...steps] })
    expect(found.length).toBeGreaterThan(0)
    const leaks = found.filter((event) => textsOf(event).some((text) => /Qz7|Kanarien/u.test(text)))
    expect(leaks.map(({ finding }) => finding)).toEqual([])
  })
})
