/** Measures how `imaptap view` opens and scrolls a large capture: node test/bench/capture/view.ts [FILE]. */

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCapture, type OpenCapture } from '../../../src/cli/view/open-capture.ts'
import { keepHeapSmall } from '../../../src/cli/view/small-heap.ts'
import { renderFrame } from '../../../src/tui/frame.ts'
import { reduce } from '../../../src/tui/model.ts'
import { newView } from '../../../src/tui/transcript-view.ts'
import { writeBigCapture } from '../../support/big-capture.ts'

const info = { version: '', listen: [], upstream: '', caPath: undefined }
/** Frames measured. */
const FRAMES = 300
const EXCHANGES = 1_000_000

const path = process.argv[2] ?? makeCapture()
keepHeapSmall()
let peak = 0
const started = performance.now()
const capture = await openCapture([path], { info, onProgress: notePeak })
const seconds = (performance.now() - started) / 1000
const cpu = process.cpuUsage().user / 1e6
console.log(`opened in ${seconds.toFixed(1)} s, ${cpu.toFixed(1)} s of CPU, at most ${mb(peak)} MB of memory`)
reduce(capture.state, { kind: 'resized', columns: 160, rows: 45 })
console.log(`a frame anywhere: ${quantiles(measure((at) => jump(capture, at)))}`)
console.log(
  `a page further:   ${quantiles(measure(() => void reduce(capture.state, { kind: 'page', by: 1 })))}`,
)
console.log(`${mb(process.memoryUsage.rss())} MB of memory`)
capture.close()

function makeCapture(): string {
  const made = join(tmpdir(), 'imaptap-bench-view.ndjson')
  writeBigCapture(made, { exchanges: EXCHANGES })
  return made
}

function notePeak(): void {
  peak = Math.max(peak, process.memoryUsage.rss())
}

/** Another session at another place each time; primes spread both over all there are. */
function jump({ state }: OpenCapture, at: number): void {
  const sessions = [...state.sessions.values()]
  const session = sessions[(at * 7919) % sessions.length]
  if (!session) return
  state.selected = session.id
  state.screen = 'transcript'
  state.view = newView()
  state.view.cursor = { place: Math.floor((((at * 104_729) % 1000) / 1000) * session.source.end), member: -1 }
}

function measure(act: (at: number) => void): number[] {
  const { state, end, epoch } = capture
  return Array.from({ length: FRAMES }, (_, at) => {
    const before = performance.now()
    act(at)
    renderFrame(state, { now: end, epoch })
    return performance.now() - before
  })
}

function quantiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1)
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`
}

function mb(octets: number): string {
  return (octets / 1e6).toFixed(0)
}
