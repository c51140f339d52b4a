/** Threat 53 for captures that kept their secrets: what show, lint and stats print of them has none all the same. */

import { describe, expect, it } from 'vitest'

import { RecordDecoder } from '../../../src/capture/decode.ts'
import { RecordEncoder } from '../../../src/capture/record.ts'
import { FindingGroups } from '../../../src/cli/reading/finding-groups.ts'
import { FindingSource } from '../../../src/cli/reading/finding-source.ts'
import { lintJson, lintText } from '../../../src/cli/reading/lint-report.ts'
import { noPaint } from '../../../src/cli/reading/paint.ts'
import { statsText } from '../../../src/cli/reading/stats-report.ts'
import { TranscriptLines } from '../../../src/cli/reading/transcript-line.ts'
import { Transcript } from '../../../src/cli/reading/transcript.ts'
import { WireLines } from '../../../src/cli/reading/wire-lines.ts'
import { parseFilter, type Filter } from '../../../src/filter/filter.ts'
import type { ObservedEvent } from '../../../src/findings/finding.ts'
import { CommandTable } from '../../../src/stats/command-table.ts'
import { LoggedDialogue } from '../../support/logged-dialogue.ts'
import { opening, scenes, tracesIn, type Scene } from '../../support/secret-scenes.ts'

const wallTimeOf = (at: number): number => at

function everything(): Filter {
  const parsed = parseFilter('')
  if (!parsed.ok) throw new Error(parsed.text)
  return parsed.filter
}

/** All that the three commands print of one session whose records kept everything. */
class Printed {
  readonly lines: string[] = []
  readonly #encoder = new RecordEncoder({ secrets: true, bodies: true })
  readonly #decoder = new RecordDecoder()
  readonly #wire = new WireLines(noPaint, wallTimeOf)
  readonly #transcript = new Transcript({
    filter: everything(),
    findings: new FindingSource([]),
    lines: new TranscriptLines(noPaint, wallTimeOf),
  })
  readonly #source = new FindingSource([])
  readonly #groups = new FindingGroups()
  readonly #table = new CommandTable()

  hear(told: ObservedEvent): void {
    const event = this.#decoder.decode(this.#encoder.encode(told) ?? '')
    if (event === undefined || event === 'again') throw new Error(`no event came back of ${told.kind}`)
    this.lines.push(...this.#transcript.add(event))
    if (event.kind === 'message') this.lines.push(...this.#wire.wire(event), ...this.#wire.tree(event))
    for (const found of this.#source.found(event)) this.#groups.add(found)
    if (event.kind === 'exchange-completed') this.#table.add(event.exchange, event.view)
  }

  finish(): readonly string[] {
    const facts = { groups: this.#groups.groups(), sessions: 1, exchanges: 1, wallTimeOf }
    const wanted = { by: 'command', sort: 'total', top: undefined } as const
    this.lines.push(...this.#transcript.finish(), lintJson(facts), ...lintText(facts, noPaint))
    this.lines.push(...statsText({ table: this.#table, sessions: 1 }, wanted, noPaint))
    return this.lines
  }
}

function print({ steps }: Scene, chunk: number | undefined): readonly string[] {
  const printed = new Printed()
  const options = { messages: true, ...(chunk !== undefined && { chunk }) }
  const talk = new LoggedDialogue((event) => printed.hear(event), options)
  talk.input({ kind: 'connected' })
  for (const { from, text } of [...opening, ...steps]) talk.raw(from, text)
  talk.input({ kind: 'ended', side: 'client' }).input({ kind: 'ended', side: 'server' })
  return printed.finish()
}

describe('no credential is printed of a capture that has it', () => {
  it.each(scenes.map((scene): [string, Scene] => [scene.name, scene]))('%s', (_, scene) => {
    for (const chunk of [undefined, 1, 7]) {
      const lines = print(scene, chunk)
      expect(lines.length).toBeGreaterThan(3)
      expect(lines.filter((line) => tracesIn(line, scene).length > 0)).toEqual([])
    }
  })
})
