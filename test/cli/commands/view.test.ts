/** The view command: the real dashboard on a real capture, on a terminal of the test's own. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFileSync } from 'node:fs'
import { writeHeader } from '../../../src/capture/header.ts'
import { RecordEncoder } from '../../../src/capture/record.ts'
import { runView, type ViewWorld } from '../../../src/cli/commands/view.ts'
import { readForView } from '../../../src/cli/view/ready-capture.ts'
import { writeBigCapture } from '../../support/big-capture.ts'
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts'
import { scene } from '../../tui/support/world.ts'
import { FakeInput, FakeOutput, until } from '../../tui/support/terminal.ts'

let folder: TempFolder

beforeAll(async () => {
  folder = await createTempFolder('view-command')
  writeBigCapture(folder.join('tap.ndjson'), { exchanges: 300, sessions: 3, commands: 100 })
})
afterAll(() => folder.remove())

class Stage implements ViewWorld {
  readonly env = { TERM: 'xterm' }
  readonly isTerminal: boolean
  readonly input = new FakeInput()
  readonly output = new FakeOutput(100, 30)
  readonly told: string[] = []

  constructor(isTerminal = true) {
    this.isTerminal = isTerminal
  }

  read(...[files, flags]: Parameters<ViewWorld['read']>): ReturnType<ViewWorld['read']> {
    const { input, output, env } = this
    const err = { write: (text: string) => this.told.push(text) }
    return readForView(files, flags, { err, terminal: { input, output, env } })
  }

  async sees(wanted: string): Promise<void> {
    await until(
      async () => (await this.output.lines()).join('\n'),
      (text) => text.includes(wanted),
    )
  }
}

describe('imaptap view', () => {
  it('shows sessions, transcripts, messages and statistics of a file, and quits without a question', async () => {
    const stage = new Stage()
    const done = runView([folder.join('tap.ndjson')], {}, stage)
    await stage.sees('SESSIONS')
    stage.input.press('\r')
    await stage.sees('follow:on')
    stage.input.press('gjjjj\r')
    await stage.sees('TREE')
    stage.input.press('4')
    await stage.sees('UID FETCH ? (FLAGS)')
    stage.input.press('q')
    expect(await done).toBe(0)
    expect(await stage.output.isAlternate()).toBe(false)
    expect(stage.told).toEqual([])
  })

  it('keeps hostile text of a file from the terminal, and wide characters in their columns', async () => {
    const path = folder.join('hostile.ndjson')
    const encoder = new RecordEncoder()
    const about = { run: 'r', created: 0, clock: 0, writer: 'test', secrets: false, bodies: false }
    const records = scene().flatMap((event) => encoder.encode(event) ?? [])
    writeFileSync(path, `${[writeHeader(about), ...records].join('\n')}\n`)
    const stage = new Stage()
    const done = runView([path], {}, stage)
    await stage.sees('田中@example.jp {red-fg}Evil')
    expect(await stage.output.columnOf(4, '1.3')).toBe(await stage.output.columnOf(3, '1.3'))
    for (const keys of ['3', '5', '4', '1\r', '\r']) {
      stage.input.press(keys)
      await stage.sees('imaptap')
    }
    stage.input.press('q')
    expect(await done).toBe(0)
    expect(stage.output.raw).not.toContain('\x1b]52')
    expect(stage.output.raw).not.toMatch(/[\u202a-\u202e\u200b\u{e0000}-\u{e007f}]/u)
  })

  it('says once the screen is gone that the end of a file is missing', async () => {
    const path = folder.join('torn.ndjson')
    writeBigCapture(path, { exchanges: 20, sessions: 1, commands: 30 })
    writeFileSync(path, '{"event":"mess', { flag: 'a' })
    const stage = new Stage()
    const done = runView([path], {}, stage)
    await stage.sees('SESSIONS')
    stage.input.press('q')
    expect(await done).toBe(0)
    expect(stage.told.join('')).toContain('the end is missing; all before it was read')
  })

  it('ends by q while it reads, without a screen, and other keys do nothing', async () => {
    const stage = new Stage()
    const done = runView([folder.join('tap.ndjson')], {}, stage)
    stage.input.press('xq')
    expect(await done).toBe(0)
    expect(stage.output.raw).toBe('')
  })

  it('needs a terminal, and says what does not', async () => {
    const refused = runView(['tap.ndjson'], {}, new Stage(false))
    await expect(refused).rejects.toMatchObject({
      exitCode: 2,
      advice: expect.stringContaining('imaptap show'),
    })
  })

  it('refuses what is no capture before it takes the screen', async () => {
    const path = folder.join('mail.txt')
    writeFileSync(path, 'From ann\n')
    const stage = new Stage()
    await expect(runView([path], {}, stage)).rejects.toThrow('this is no capture of imaptap')
    expect(stage.output.raw).toBe('')
  })
})
