/** One reader on one input, in a process of its own: warms up, measures, prints a figure. */

import { inputNames, makeInput } from './inputs.ts'
import { readers } from './readers.ts'

/** Milliseconds; the compiler needs the first. */
const WARM = 1_500
const MEASURED = 1_500

const [readerName = '', wanted = '', quick] = process.argv.slice(2)
const reader = readers[readerName]
const inputName = inputNames.find((name) => name === wanted)
if (!reader || !inputName) throw new Error(`no reader ${readerName}, or no input ${wanted}`)

const octets = makeInput(inputName)
const read = reader.prepare(octets)
const share = quick === 'quick' ? 0.2 : 1

let messages = 0
async function runFor(milliseconds: number): Promise<number> {
  const began = process.cpuUsage()
  const until = performance.now() + milliseconds
  let rounds = 0
  do {
    messages = await read()
    rounds++
  } while (performance.now() < until)
  const { user, system } = process.cpuUsage(began)
  return (octets.length * rounds) / (user + system)
}

await runFor(WARM * share)
// Octets per microsecond of CPU time are megabytes per second.
const speed = await runFor(MEASURED * share)
process.stdout.write(JSON.stringify({ speed, messages }))
