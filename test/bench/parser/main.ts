/** `npm run bench parser`: our readers beside those of imapflow and node-imap, and linear time shown by doubling. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { chooseCores, describeMachine } from '../machine/machine.ts'
import { medianOf } from '../report/statistics.ts'
import { aboutInput, inputNames, type InputName } from './inputs.ts'
import { showLinearTime } from './linear.ts'
import { readers } from './readers.ts'

const ROUNDS = { full: 5, quick: 1 }
const TARGETS = { tree: 250, framing: 3_000, imapflow: 6, nodeImap: 3 }

interface Figure {
  readonly speed: number
  readonly messages: number
}

/** Returns the exit code. */
export function benchParser(args: readonly string[], say: (text: string) => void): number {
  const isQuick = args.includes('--quick')
  const machine = describeMachine()
  say(`${machine.cpu}, Node ${machine.node}, load ${machine.load.toFixed(2)}; MB/s of CPU time, one core\n`)
  for (const input of inputNames) compare(input, isQuick, say)
  if (isQuick) return 0
  say('\n')
  return showLinearTime(say) ? 0 : 1
}

function compare(input: InputName, isQuick: boolean, say: (text: string) => void): void {
  const figures = new Map<string, Figure[]>()
  for (let round = 0; round < (isQuick ? ROUNDS.quick : ROUNDS.full); round++) {
    for (const reader of Object.keys(readers)) {
      const seen = figures.get(reader) ?? []
      figures.set(reader, [...seen, run(reader, input, isQuick)])
    }
  }
  say(`\n-- ${input}: ${aboutInput[input]}\n`)
  for (const [reader, seen] of figures) say(rowOf(reader, seen))
  say(verdictOf(input, figures))
}

function run(reader: string, input: string, isQuick: boolean): Figure {
  const worker = join(import.meta.dirname, 'worker.ts')
  const { proxy } = chooseCores()
  const command = [process.execPath, worker, reader, input, ...(isQuick ? ['quick'] : [])]
  const [program = '', ...rest] = proxy === undefined ? command : ['taskset', '-c', proxy, ...command]
  const { stdout, stderr, status } = spawnSync(program, rest, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${reader} on ${input} failed: ${stderr}`)
  const figure: unknown = JSON.parse(stdout)
  // Printed by our own worker.
  return figure as Figure
}

function rowOf(reader: string, seen: readonly Figure[]): string {
  const speeds = seen.map(({ speed }) => speed)
  const [median, least, most] = [medianOf(speeds) ?? 0, Math.min(...speeds), Math.max(...speeds)]
  const spread = `${least.toFixed(0)} to ${most.toFixed(0)}`.padEnd(16)
  const about = readers[reader]?.about ?? ''
  return `${reader.padEnd(16)}${median.toFixed(0).padStart(7)} MB/s  ${spread} ${seen[0]?.messages} responses  ${about}\n`
}

function verdictOf(input: InputName, figures: ReadonlyMap<string, readonly Figure[]>): string {
  const speed = (reader: string): number =>
    medianOf((figures.get(reader) ?? []).map((figure) => figure.speed)) ?? 0
  const [flow, node] = [speed('tree') / speed('imapflow-parser'), speed('tree') / speed('node-imap')]
  const ratios = `tree: ${flow.toFixed(1)}x imapflow's parser, ${node.toFixed(1)}x node-imap's`
  if (input !== 'fetch') return `${ratios}\n`
  const isMet = speed('tree') >= TARGETS.tree && flow >= TARGETS.imapflow && node >= TARGETS.nodeImap
  const target = `target ${TARGETS.tree} MB/s, ${TARGETS.imapflow}x and ${TARGETS.nodeImap}x: ${isMet ? 'met' : 'MISSED'}`
  const framing = `framing: target ${TARGETS.framing} MB/s: ${speed('framing') >= TARGETS.framing ? 'met' : 'MISSED'}`
  return `${ratios} (${target})\n${framing}\n`
}
