import { readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCapture } from '../../../src/capture/read-capture.ts'
import { RecordEncoder } from '../../../src/capture/record.ts'
import { writeHeader } from '../../../src/capture/header.ts'
import { openCapture, type OpenCapture } from '../../../src/cli/view/open-capture.ts'
import { FindingsEngine } from '../../../src/findings/engine.ts'
import type { ObservedEvent } from '../../../src/findings/finding.ts'
import { renderFrame } from '../../../src/tui/frame.ts'
import { observe } from '../../../src/tui/observe.ts'
import { plain } from '../../../src/tui/span.ts'
import { initialState, type State } from '../../../src/tui/state.ts'
import { messagesOf, type TranscriptRow } from '../../../src/tui/transcript.ts'
import type { ProxyEvent } from '../../../src/relay/event.ts'
import { LoggedDialogue } from '../../support/logged-dialogue.ts'
import { writeBigCapture } from '../../support/big-capture.ts'
import { createTempFolder, type TempFolder } from '../../support/temp-folder.ts'
import { FakeSession, view } from '../../tui/support/events.ts'

const info = { version: '0.1.0', listen: [], upstream: '', caPath: undefined }
let folder: TempFolder

beforeAll(async () => {
  folder = await createTempFolder('view')
})
afterAll(() => folder.remove())

function capture(name: string, exchanges: number): string {
  const path = folder.join(name)
  writeBigCapture(path, { exchanges, sessions: 5, commands: 60 })
  return path
}

/** What a dashboard that was there all the time has heard, also what it lets go of when a session ends. */
async function rowsAsHeard(path: string): Promise<ReadonlyMap<string, readonly TranscriptRow[]>> {
  const state = initialState(info)
  const engine = new FindingsEngine()
  const rows = new Map<string, TranscriptRow[]>()
  const hear = (event: ObservedEvent): void => {
    observe(state, event)
    const { transcript } = state.sessions.get(event.session) ?? {}
    const known = rows.get(event.session) ?? []
    const fresh = (transcript?.end ?? 0) - known.length
    rows.set(event.session, fresh > 0 ? [...known, ...(transcript?.rows.slice(-fresh) ?? [])] : known)
  }
  for await (const event of readCapture([path])) {
    hear(event)
    if (event.kind !== 'finding') for (const found of engine.observe(event)) hear(found)
  }
  return rows
}

function rowsOnDisk({ state }: OpenCapture, session: string): readonly (TranscriptRow | undefined)[] {
  const { source } = state.sessions.get(session) ?? {}
  return Array.from({ length: source?.end ?? 0 }, (_, place) => source?.rowAt(place))
}

/** A row without what is made when somebody looks. */
function simple(row: TranscriptRow | undefined, state: State): unknown {
  if (!row) return row
  const texts = messagesOf(row).map((message) => message.text(state.describe))
  const finding = row.kind === 'note' ? { ...row.finding, exchange: undefined } : undefined
  // Marks at exchanges are kept without their evidence, which is the transcript itself.
  const found = row.kind === 'note' ? [] : (row.pair?.findings.map(({ id, text }) => `${id} ${text}`) ?? [])
  const pair = row.kind === 'note' ? undefined : row.pair && { ...row.pair, findings: found }
  return { ...row, message: undefined, messages: undefined, finding, pair, texts }
}

describe('a capture that was opened', () => {
  it('has the rows of a dashboard that heard it all, in any order they are asked for', async () => {
    const path = capture('one.ndjson', 1_000)
    const opened = await openCapture([path], { info })
    const heard = await rowsAsHeard(path)
    expect(opened.state.sessions.size).toBe(heard.size)
    for (const [session, rows] of heard) {
      const shown = rowsOnDisk(opened, session)
      expect(shown.map((row) => simple(row, opened.state))).toEqual(
        rows.map((row) => simple(row, opened.state)),
      )
      const { source } = opened.state.sessions.get(session) ?? {}
      for (const exchange of [1, 30]) {
        const found = source?.rowAt(source.placeOf?.(exchange) ?? -1)
        if (found) expect(found.kind === 'note' ? undefined : found.pair?.id).toBe(exchange)
      }
      for (const place of [rows.length - 1, 3, 70, 0])
        expect(simple(source?.rowAt(place), opened.state)).toEqual(simple(rows[place], opened.state))
    }
    opened.close()
  })

  it('counts, finds and draws as a live one', async () => {
    const opened = await openCapture([capture('two.ndjson', 300)], { info })
    const { state } = opened
    expect(state.closed.size).toBe(state.sessions.size)
    expect(state.statistics.table.all.count).toBeGreaterThan(200)
    state.columns = 100
    state.rows = 30
    const shown = renderFrame(state, { now: opened.end, epoch: opened.epoch }).map(plain).join('\n')
    expect(shown).toContain('S1')
    opened.close()
  })

  it('has the findings that a recording of tail has, each once', async () => {
    const lines = [
      writeHeader({ run: 'x', created: 0, clock: 0, writer: 'test', secrets: false, bodies: false }),
    ]
    const engine = new FindingsEngine()
    const encoder = new RecordEncoder()
    const tell = (event: ProxyEvent): void => {
      // Tail leaves messages out: what is told of them is all that is known.
      const told = event.kind === 'message' ? [] : [event]
      for (const one of [...told, ...engine.observe(event)]) lines.push(encoder.encode(one) ?? '')
    }
    for (const event of new FakeSession('S1').open(1))
      if (event.kind === 'opened') tell({ ...event, view: view({ state: 'opening' }) })
    new LoggedDialogue(tell, { messages: true })
      .input({ kind: 'connected' })
      .server('* OK ready')
      .client('a FETCH 1 FLAGS', 'b FETCH 1 FLAGS')
      .server('a BAD no', 'b BAD no', '* BYE done')
      .input({ kind: 'ended', side: 'server' })
      .input({ kind: 'ended', side: 'client' })
    const recorded = folder.join('told.ndjson')
    writeFileSync(recorded, [...lines, ''].join('\n'))
    const told = lines.filter((line) => line.startsWith('{"event":"finding"'))
    expect(told.length).toBeGreaterThan(1)
    const opened = await openCapture([recorded], { info })
    opened.close()
    const counted = [...opened.state.findings.groups.values()].reduce((sum, { count }) => sum + count, 0)
    expect(counted).toBe(told.length)
  })

  it('finds nothing when nobody wants to know', async () => {
    const opened = await openCapture([capture('none.ndjson', 300)], { info, hasFindings: false })
    expect(opened.state.findings.groups.size).toBe(0)
    opened.close()
  })

  it('is the same when it is compressed, or several files', async () => {
    const path = capture('three.ndjson', 200)
    const packed = `${path}.gz`
    writeFileSync(packed, gzipSync(readFileSync(path)))
    const lines = readFileSync(path, 'utf8').split('\n')
    const half = Math.floor(lines.length / 2)
    writeFileSync(`${path}.1`, `${lines.slice(0, half).join('\n')}\n`)
    writeFileSync(`${path}.2`, [lines[0], ...lines.slice(half)].join('\n'))
    const plainly = await openCapture([path], { info })
    const fromGzip = await openCapture([packed], { info })
    const fromTwo = await openCapture([`${path}.1`, `${path}.2`], { info })
    for (const session of plainly.state.sessions.keys()) {
      expect(rowsOnDisk(fromTwo, session).map((row) => simple(row, fromTwo.state))).toEqual(
        rowsOnDisk(plainly, session).map((row) => simple(row, plainly.state)),
      )
      expect(rowsOnDisk(fromGzip, session).map((row) => simple(row, fromGzip.state))).toEqual(
        rowsOnDisk(plainly, session).map((row) => simple(row, plainly.state)),
      )
    }
    fromTwo.close()
    plainly.close()
    fromGzip.close()
  })

  it('may be cut anywhere, and shows what came before', async () => {
    const path = capture('four.ndjson', 20)
    const size = readFileSync(path).length
    for (const cut of [size - 1, size - 30, Math.floor(size / 2)]) {
      truncateSync(path, cut)
      let torn = 0
      const opened = await openCapture([path], { info, onTorn: () => void torn++ })
      for (const session of opened.state.sessions.keys())
        expect(rowsOnDisk(opened, session)).not.toContain(undefined)
      expect(torn).toBe(1)
      opened.close()
    }
  })

  it('is refused when it is something else', async () => {
    const path = folder.join('mail.txt')
    writeFileSync(path, 'From ann\n')
    await expect(openCapture([path], { info })).rejects.toThrow('this is no capture of imaptap')
    const newer = folder.join('newer.ndjson')
    writeFileSync(newer, '{"imaptap":"capture","version":2}\n')
    await expect(openCapture([newer], { info })).rejects.toThrow('this imaptap reads 1')
    await expect(openCapture([folder.join('none')], { info })).rejects.toThrow('there is no such file')
  })
})
