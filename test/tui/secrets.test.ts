/** Threat 53 for the dashboard: what it keeps, draws, copies, writes and offers to an editor of a credential is nothing. */

import { describe, expect, it } from 'vitest'

import { RecordEncoder } from '../../src/capture/record.ts'
import type { ObservedEvent } from '../../src/findings/finding.ts'
import { FindingsEngine } from '../../src/findings/engine.ts'
import { latin1 } from '../../src/imap/octets.ts'
import { copyOf } from '../../src/tui/copy.ts'
import { renderFrame } from '../../src/tui/frame.ts'
import type { UiAction } from '../../src/tui/keys.ts'
import type { KeptMessage } from '../../src/tui/kept-message.ts'
import { eventsOf } from '../../src/tui/known-events.ts'
import { reduce } from '../../src/tui/model.ts'
import { editableText } from '../../src/tui/screens/intercept-state.ts'
import type { ScreenName } from '../../src/tui/screens/screen.ts'
import { plain } from '../../src/tui/span.ts'
import { initialState, type State } from '../../src/tui/state.ts'
import { messagesOf } from '../../src/tui/transcript.ts'
import { LoggedDialogue } from '../support/logged-dialogue.ts'
import { opening, scenes, tracesIn, type Scene } from '../support/secret-scenes.ts'

const info = { version: '0', listen: [], upstream: '', caPath: undefined }
const screens: readonly ScreenName[] = [
  'sessions',
  'findings',
  'statistics',
  'log',
  'intercept',
  'transcript',
]

/** Lines walked through: the longest scene has fewer that are not alike. */
const LINES = 12

/** All that comes out of a dashboard that has heard the scene, each message of it held as well. */
class Shown {
  /** Each once: most frames say what the one before said. */
  readonly lines = new Set<string>()
  readonly #state = initialState(info, { canHold: true })
  readonly #engine = new FindingsEngine()
  #tickets = 0

  hear(event: ObservedEvent): void {
    reduce(this.#state, event)
    if (event.kind === 'finding') return
    for (const found of this.#engine.observe(event)) reduce(this.#state, found)
    if (event.kind !== 'message') return
    const { session, at, side, message, hidesAll } = event
    const ticket = ++this.#tickets
    reduce(this.#state, {
      kind: 'held',
      session,
      at,
      side,
      message,
      hidesAll,
      ticket,
      isEditable: true,
      deadline: at + 1,
    })
  }

  finish(): readonly string[] {
    this.#do({ kind: 'resized', columns: 250, rows: 40 })
    for (const screen of screens) this.#look(screen)
    for (const session of this.#state.sessions.values()) {
      const encoder = new RecordEncoder()
      this.#say(...eventsOf(session).map((event) => encoder.encode(event) ?? ''))
      for (let place = session.source.first; place < session.source.end; place++) {
        const row = session.source.rowAt(place)
        for (const one of row ? messagesOf(row) : []) this.#takeApart(one)
      }
    }
    for (const held of this.#state.intercept.held) {
      this.#takeApart(held.message)
      this.#say(editableText(held) ?? '')
    }
    return [...this.lines]
  }

  #say(...lines: readonly string[]): void {
    for (const line of lines) this.lines.add(line)
  }

  #look(screen: ScreenName): void {
    this.#do({ kind: 'screen', screen })
    this.#draw()
    for (const form of ['wire', 'json', 'report'] as const) this.#say(copyOf(this.#state, form)?.text ?? '')
    if (screen !== 'transcript') return
    // Up through every line: its details are shown, and its message as a tree beside its octets.
    for (let line = 0; line < LINES; line++) {
      this.#do({ kind: 'move', by: -1 })
      this.#say(copyOf(this.#state, 'wire')?.text ?? '')
      this.#do({ kind: 'open' })
      this.#draw()
      this.#do({ kind: 'screen', screen: 'transcript' })
    }
  }

  /** The octets themselves, as tree and dump have them. */
  #takeApart(kept: KeptMessage): void {
    const { parts = [] } = kept.specimen()?.message.raw ?? {}
    this.#say(kept.text(this.#state.describe), parts.map(({ octets }) => octets && latin1(octets)).join(''))
    if (kept.sent) this.#takeApart(kept.sent)
  }

  #draw(): void {
    this.#say(...renderFrame(this.#state, { now: 0, epoch: 0 }).map(plain))
  }

  #do(action: UiAction): void {
    reduce(this.#state, action)
  }

  get state(): State {
    return this.#state
  }
}

function show({ steps }: Scene): readonly string[] {
  const shown = new Shown()
  const talk = new LoggedDialogue((event) => shown.hear(event), { messages: true })
  talk.input({ kind: 'connected' })
  for (const { from, text } of [...opening, ...steps]) talk.raw(from, text)
  const lines = shown.finish()
  expect(shown.state.sessions.size).toBe(1)
  return lines
}

describe('no credential comes out of the dashboard', () => {
  it.each(scenes.map((scene): [string, Scene] => [scene.name, scene]))('%s', (_, scene) => {
    const lines = show(scene)
    expect(lines.length).toBeGreaterThan(30)
    expect(lines.filter((line) => tracesIn(line, scene).length > 0)).toEqual([])
    expect(lines.some((line) => line.includes('TREE'))).toBe(true)
  })
})
