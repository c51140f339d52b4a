import { inspect } from 'node:util'

import { describe, expect, it } from 'vitest'

import type { Logger } from '../../src/log/logger.ts'
import type { ProxyEvent } from '../../src/relay/event.ts'
import { logOf, LoggedDialogue, stringsOf } from '../support/logged-dialogue.ts'
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

/** Threat 53: a credential in any sink. */

interface Cut {
  readonly chunk?: number
  /** The step that is cut in two, and where. */
  readonly step?: number
  readonly at?: number
}

const chunkings: readonly Cut[] = [{}, { chunk: 1 }, { chunk: 2 }, { chunk: 3 }, { chunk: 7 }]

const everyCut = (steps: readonly Step[]): Cut[] =>
  steps.flatMap(({ text }, step) =>
    Array.from({ length: text.length - 1 }, (_, at) => ({ step, at: at + 1 })),
  )

function playScene({ steps }: Scene, listen: (event: ProxyEvent) => void, cut: Cut): LoggedDialogue {
  const talk = new LoggedDialogue(listen, { messages: true, ...(cut.chunk && { chunk: cut.chunk }) })
  talk.input({ kind: 'connected' })
  for (const [index, { from, text }] of [...opening, ...steps].entries()) {
    const at = index === (cut.step ?? -1) + opening.length ? cut.at : undefined
    if (at !== undefined) talk.raw(from, text.slice(0, at))
    talk.raw(from, at === undefined ? text : text.slice(at))
  }
  return talk.input({ kind: 'ended', side: 'client' }).input({ kind: 'ended', side: 'server' })
}

async function expectNoTraces(scene: Scene, tell: (logger: Logger) => void): Promise<void> {
  const { lines, records, human } = await logOf(tell)
  expect(lines.length).toBeGreaterThan(0)
  const leaking = lines.filter((line) => tracesIn(line, scene).length > 0)
  expect([...new Set(leaking.map(withoutTime))], 'records that hold a secret').toEqual([])
  // What JSON escaped is looked at as it was, too.
  expect(tracesIn(records.flatMap(stringsOf).join('\n'), scene)).toEqual([])
  expect(tracesIn(human, scene)).toEqual([])
}

const withoutTime = (line: string): string => line.replace(/"time":"[^"]*",/u, '')

describe('no credential reaches the log', () => {
  it.each(scenes.map((scene): [string, Scene] => [scene.name, scene]))('%s', async (_, scene) => {
    await expectNoTraces(scene, (logger) => {
      for (const cut of [...chunkings, ...everyCut(scene.steps)]) playScene(scene, logger.listen, cut)
    })
  })
})

describe('no credential shows in an event that somebody prints', () => {
  it.each(scenes.map((scene): [string, Scene] => [scene.name, scene]))('%s', (_, scene) => {
    const printed: string[] = []
    const print = (event: ProxyEvent): void => {
      printed.push(
        inspect(event, { depth: 12, breakLength: Infinity }),
        JSON.stringify(event),
        stringsOf(event).join(),
      )
    }
    playScene(scene, print, {})
    expect(printed.filter((text) => tracesIn(text, scene).length > 0)).toEqual([])
  })
})

describe('the search', () => {
  const scene: Scene = { name: '', steps: [], secrets: [token, encode(`\0ann\0${password}`)] }

  it.each([
    ['raw', password],
    ['quoted', quote(hard)],
    ['in JSON', JSON.stringify({ args: quote(hard) })],
    ['base64', encode(password)],
    ['base64 behind one octet', encode(`x${password}`)],
    ['base64 behind two', encode(`xy${password}more`)],
    ['base64 in the middle of a line', `a AUTHENTICATE PLAIN ${encode(`\0ann\0${password}`)} junk`],
    ['another secret of the scene', `p=${token},`],
    ['a part of it', `... ${hard.slice(0, 7)} ...`],
  ])('finds what leaked: %s', async (_, leaked) => {
    expect(tracesIn(leaked, scene)).not.toEqual([])
    const leak: ProxyEvent = { kind: 'warning', session: 'S1', at: 0, reason: leaked, advice: '' }
    await expect(expectNoTraces(scene, (logger) => logger.listen(leak))).rejects.toThrow()
  })

  it('does not find what may be there', () => {
    expect(tracesIn('a LOGIN ann ‹redacted 14›', scene)).toEqual([])
  })

  it('is over scenes in which the password really went by', () => {
    const sent = (steps: readonly Step[]): string =>
      steps
        .map(({ text }) => text)
        .join('')
        .replaceAll('\\', '')
    expect(scenes.filter((played) => tracesIn(sent(played.steps), played).length === 0)).toEqual([])
  })
})
